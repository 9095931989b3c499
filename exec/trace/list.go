package trace

import (
	"cmp"
	"slices"

	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/lang/check"
)

// listed traces a condition about the elements of a list.
func (t *tracer) listed(n check.Node) *Clause {
	return &Clause{Kind: List, Span: n.Span(), Verdict: t.verdict(n), Lists: t.lists(n)}
}

// lists finds the lists that an expression is made of and whose elements it asks something about.
func (t *tracer) lists(n check.Node) []ListOf {
	switch n := n.(type) {
	case *check.Iterate:
		return t.iterated(n)
	case *check.Comprehend:
		return []ListOf{t.bindings(n)}
	case *check.Let:
		t.parts.Bind(n.Slot, t.parts.Value(n.Value))
		return append(t.lists(n.Value), t.lists(n.Body)...)
	case *check.Member:
		return t.lists(n.X)
	case *check.Gather:
		return t.lists(n.X)
	case *check.Call:
		var all []ListOf
		for _, a := range n.Args {
			all = append(all, t.lists(a)...)
		}
		return all
	}
	return nil
}

// iterated is lists for a fold: filters of one list that follow each other are one condition. Where it has no elements,
// the list that it is made of says why.
func (t *tracer) iterated(n *check.Iterate) []ListOf {
	var filters []*check.Iterate
	var x check.Node = n
	for {
		it, ok := x.(*check.Iterate)
		if !ok || it.Op != check.Filter && it.Op != check.Exists && it.Op != check.ForAll {
			break
		}
		filters, x = append(filters, it), it.X
	}
	if len(filters) == 0 {
		return t.lists(n.X)
	}
	slices.Reverse(filters)
	out := t.elements(x, filters, n.Op == check.ForAll)
	if out.Span = x.Span(); out.Elements == 0 {
		if inner := t.lists(x); len(inner) > 0 {
			return inner
		}
	}
	return []ListOf{out}
}

// elements looks at the elements of a list under the conditions of filters, innermost first. all says that all of them
// are to meet these.
func (t *tracer) elements(x check.Node, filters []*check.Iterate, all bool) (out ListOf) {
	near := nearest{all: all}
	bind := func(one *candidate) {
		for _, f := range filters {
			t.parts.Bind(f.Slot, one.of[0].V)
			if f.KeySlot > 0 {
				t.parts.BindKey(f.KeySlot, one.of[0].Key)
			}
		}
	}
	var conds []check.Node
	for _, f := range filters {
		conds = append(conds, conjuncts(f.Body)...)
	}
	t.parts.Elements(x, func(key string, v eval.Value) bool {
		one := &candidate{of: []Member{{Index: out.Elements, Key: key, V: v}}}
		bind(one)
		one.of[0].At = t.at(filters[0].Slot, v, x.Type().Elem)
		one.missed = t.misses(conds)
		if out.Elements++; one.missed == 0 {
			out.Held++
		}
		near.add(one)
		return true
	})
	for _, one := range near.best {
		bind(one)
		out.Nearest = append(out.Nearest, one.element(t, conds))
	}
	return out
}

// conjuncts are the conditions that all have to hold for a condition to hold.
func conjuncts(n check.Node) []check.Node {
	c, ok := n.(*check.Call)
	if !ok || c.Op != check.And {
		return []check.Node{n}
	}
	var out []check.Node
	for _, a := range c.Args {
		out = append(out, conjuncts(a)...)
	}
	return out
}

// misses counts the conditions that do not hold.
func (t *tracer) misses(conds []check.Node) (n int) {
	for _, c := range conds {
		if !t.holds(c) {
			n++
		}
	}
	return n
}

// at returns when an element of a type was, which a slot is bound to: its timestamp, null where it has none.
func (t *tracer) at(slot int, v eval.Value, of *check.Type) eval.Value {
	f := timestampOf(of)
	if f == nil || v.IsNull() {
		return eval.Value{}
	}
	return t.parts.Value(&check.Member{Info: check.Info{T: f.Type}, X: &check.Slot{Info: check.Info{T: of}, N: slot}, F: f})
}

// timestampOf returns the field that says when an element was, nil for none.
func timestampOf(t *check.Type) *check.Field {
	if t == nil || t.Kind != check.Object {
		return nil
	}
	if f := t.Field("timestamp"); f != nil && f.Type.Kind == check.Timestamp {
		return f
	}
	return nil
}

// candidate is an element that may be told.
type candidate struct {
	of     []Member
	missed int // conditions that do not hold
	early  bool
	// open are declarations that were not reached.
	open int
}

// element tells a candidate whose slots are bound.
func (c *candidate) element(t *tracer, conds []check.Node) *Element {
	out := &Element{Of: c.of, Holds: c.missed+c.open == 0 && !c.early, Early: c.early}
	for _, cond := range conds {
		out.Parts = append(out.Parts, t.cond(cond))
	}
	return out
}

// nearest keeps the candidates that say most.
type nearest struct {
	all bool // they miss most, else least
	// first says that of those that miss as much the first say most, else the last.
	first bool
	best  []*candidate
}

func (n *nearest) add(c *candidate) {
	if len(n.best) == mostNearest && n.compare(c, n.best[mostNearest-1]) >= 0 {
		return
	}
	at, _ := slices.BinarySearchFunc(n.best, c, func(other, c *candidate) int {
		if n.compare(other, c) <= 0 {
			return -1
		}
		return 1
	})
	n.best = slices.Insert(n.best, at, c)
	n.best = n.best[:min(len(n.best), mostNearest)]
}

// compare orders candidates: by what they miss, then the later ones first.
func (n *nearest) compare(a, b *candidate) int {
	miss := func(c *candidate) int {
		m := c.missed + c.open
		if c.early {
			m++
		}
		return m
	}
	order := cmp.Compare(miss(a), miss(b))
	if n.all {
		order = -order
	}
	if n.first {
		return order
	}
	return cmp.Or(order, cmp.Compare(instant(b), instant(a)))
}

// instant is when the last of the elements of a candidate was; 0 for those without a time.
func instant(c *candidate) int64 {
	if last := c.of[len(c.of)-1].At; !last.IsNull() {
		return last.Int()
	}
	return 0
}
