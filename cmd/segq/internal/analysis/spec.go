package analysis

import (
	"errors"
	"fmt"

	"github.com/segq/segq/redisx"
)

// The operations, as the queue calls them.
const (
	Breakdown = "breakdown"
	Funnel    = "funnel"
	Near      = "near"
	Lift      = "lift"
	Overlap   = "overlap"
)

// All stands for all fields by which a lift can compare.
const All = "all"

// Spec is what is asked of audiences. The zero value asks for nothing but their size.
type Spec struct {
	// Op is the operation, "" for none.
	Op string
	// By names the field of a breakdown, and the fields of a lift with commas between them, or
	// all of them.
	By string
	// Top is how many values are wanted at most: 0 for [redisx.DefaultTop] of a breakdown, for all of a
	// lift.
	Top int
}

// Of returns what a command asks.
func Of(c redisx.Command) Spec {
	switch c.Op {
	case Breakdown, Funnel, Near, Lift, Overlap:
		return Spec{c.Op, c.By, c.Top}
	}
	return Spec{}
}

// Joint says whether one answer is about all queries.
func (s Spec) Joint() bool { return s.Op == Overlap }

// Fits says what is wrong with asking this of so many queries.
func (s Spec) Fits(queries int) error {
	switch {
	case s.Op == Overlap && queries < 2:
		return errors.New("an overlap compares several queries, and here is one: give two or more with -c or -f")
	case s.Op == Overlap && queries > redisx.MaxOverlap:
		return fmt.Errorf("an overlap compares at most %d queries, and here are %d", redisx.MaxOverlap, queries)
	}
	return nil
}
