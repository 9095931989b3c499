package trace

import (
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// Verdict is what a clause says of a profile.
type Verdict string

// The verdicts. Null is false for the language: it says that there is no value to compare, or none that is there. What
// stands around it sees false, so that the not of it is true.
const (
	True  Verdict = "true"
	False Verdict = "false"
	Null  Verdict = "null"
)

// Kind is what a clause is.
type Kind string

// The kinds.
const (
	And     Kind = "and"
	Or      Kind = "or"
	Not     Kind = "not"
	If      Kind = "if"      // what it asks, and the branch that was taken
	Test    Kind = "test"    // of values, of which some may be made of lists
	List    Kind = "list"    // whether elements of a list meet a condition
	Chain   Kind = "chain"   // of steps
	Step    Kind = "step"    // of a chain
	Segment Kind = "segment" // with its definition, unless that stands before in the tree
)

// Clause is a condition, or a part of one, with what it says of the profile.
type Clause struct {
	Kind Kind
	// Span is its place in the text of its query: below a segment, in that of the definition.
	Span    ast.Span
	Verdict Verdict
	// Values are those that decided it, in the order in which they are written.
	Values []Value
	// Of are its own clauses.
	Of []*Clause
	// Lists are those whose elements decided it.
	Lists []ListOf
	// Segment is that of a clause that is one.
	Segment *check.Segment
	// Label, Wanted and Taken are those of a step: its name, how many elements it wants, and how many it found. A step
	// after one that found too few is not Reached.
	Label         string
	Wanted, Taken int64
	Reached       bool
	// Cut says that nothing below it is told, since the tree is large enough.
	Cut bool
}

// Value is what an expression is worth.
type Value struct {
	Span ast.Span
	Type *check.Type
	// V is what it is, unless it is a list, a map or an object. Absent says that it is null, of whatever type.
	V      eval.Value
	Absent bool
	// Size is how many elements a list or a map has, else -1. First are the first of a list of what is no list, map or
	// object, where more than their number matters.
	Size  int
	First []eval.Value
}

// ListOf is a list, or the combinations of elements of several, that a clause asks about.
type ListOf struct {
	Span ast.Span
	// Elements are how many there are, and Held for how many of these the condition holds.
	Elements, Held int
	// Cut says that there are more than were looked at.
	Cut bool
	// Nearest are those that say most: where some are to meet the condition, those that do and then those that miss
	// least of it; where all are to meet it, those that miss most.
	Nearest []*Element
}

// Element is an element of a list, or one of each of several.
type Element struct {
	// Of are the elements, in the order of the declarations.
	Of    []Member
	Holds bool
	// Early says that it stands before what the step before has taken.
	Early bool
	// Parts are the clauses of the condition.
	Parts []*Clause
}

// Member is one element of a list.
type Member struct {
	// Name is that of its variable, "" for none; Index its place, from 0, and Key that of an entry.
	Name  string
	Index int
	Key   string
	V     eval.Value
	// At is its timestamp, null where it has none.
	At eval.Value
}
