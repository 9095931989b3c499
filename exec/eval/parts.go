package eval

import (
	"fmt"

	"github.com/segq/segq/lang/check"
)

// Parts evaluates the nodes of a program's query one by one on one profile, for who explains the outcome. The slots
// that a node reads are bound before, by Bind, Elements or Ordered. After an error everything is null.
type Parts struct {
	e   *Evaluator
	row int
}

// Parts returns the parts of the query for the profile in this row. The evaluator is theirs from then on.
func (e *Evaluator) Parts(row int) *Parts {
	e.made, e.err = 0, nil
	e.runs++
	e.slots[0] = Value{t: e.p.snap.Schema, a: int64(row), r: e.p.snap.Root}
	return &Parts{e, row}
}

// Value returns the value of a node.
func (p *Parts) Value(n check.Node) Value {
	p.e.made = 0 // each is evaluated for itself
	return p.e.eval(n)
}

// Bind gives a slot a value.
func (p *Parts) Bind(slot int, v Value) { p.e.slots[slot] = v }

// Elements calls f with the elements of a list, or with the entries of a map, from first to last until f says no. A list
// has no keys.
func (p *Parts) Elements(x check.Node, f func(key string, v Value) bool) {
	p.e.made = 0
	if x.Type().Kind != check.Map {
		p.e.each(x, func(v Value) bool { return f("", v) })
		return
	}
	m := p.e.eval(x)
	if m.IsNull() {
		return
	}
	for i := range m.Len() {
		if !p.e.step() || !f(m.key(i), m.at(i)) {
			return
		}
	}
}

// BindKey gives a slot the key of an entry.
func (p *Parts) BindKey(slot int, key string) { p.e.slots[slot] = stringValue(key) }

// Ordered returns the elements of a chain's list in the order in which its steps take them.
func (p *Parts) Ordered(n *check.Chain) []Value {
	p.e.made = 0
	events, _ := p.e.ordered(n)
	all := make([]Value, len(events))
	for i, one := range events {
		all[i] = one.v
	}
	return all
}

// Err is what has stopped the evaluation, nil for nothing: an error as those of [Evaluator.Cond].
func (p *Parts) Err() error {
	if p.e.err == nil {
		return nil
	}
	return fmt.Errorf("profile in row %d: %w", p.row, p.e.err)
}
