package trace

import (
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/lang/check"
)

// test traces a condition that compares operands, with their values and the lists that these are made of.
func (t *tracer) test(n check.Node, operands []check.Node) *Clause {
	c := &Clause{Kind: Test, Span: n.Span(), Verdict: t.verdict(n)}
	if operands == nil {
		operands = []check.Node{n}
	}
	c.Values = t.valuesIn(n, operands)
	if c.Verdict == False && nullable(n) && t.null(operands) {
		c.Verdict = Null
	}
	for _, x := range operands {
		if x != nil {
			c.Lists = append(c.Lists, t.lists(x)...)
		}
	}
	return c
}

// nullable says whether a condition is false where an operand is null: tests of null itself ask about that.
func nullable(n check.Node) bool {
	c, ok := n.(*check.Call)
	return !ok || c.Op != check.IsNull && c.Op != check.IsNotNull
}

// null says whether any operand has no value.
func (t *tracer) null(operands []check.Node) bool {
	for _, x := range operands {
		if x != nil && t.isNull(x) {
			return true
		}
	}
	return false
}

// isNull says whether there is no value. Lists that an expression makes are not made for that.
func (t *tracer) isNull(x check.Node) bool {
	switch x := x.(type) {
	case *check.Comprehend:
		if x.Op == check.Select {
			return false
		}
	case *check.Iterate:
		if x.Op == check.Filter {
			return t.isNull(x.X)
		}
	case *check.Gather:
		return t.isNull(x.X)
	}
	return t.parts.Value(x).IsNull()
}

// valuesIn returns the values of the operands of a condition.
func (t *tracer) valuesIn(n check.Node, operands []check.Node) []Value {
	if c, ok := n.(*check.Call); ok {
		switch c.Op {
		case check.Truth, check.IsNull, check.IsNotNull:
			return t.presence(operands[0])
		}
	}
	return t.values(operands)
}

// presence returns the value of what a condition only asks whether it is there: of the rest of it nothing may be loaded.
func (t *tracer) presence(n check.Node) []Value {
	n = plain(n)
	if len(check.Free(n)) == 0 || scalar(n.Type()) {
		return t.values([]check.Node{n})
	}
	if _, made := n.(*check.Comprehend); made {
		return nil // its elements tell
	}
	out := Value{Span: n.Span(), Type: n.Type(), Size: -1, Absent: t.isNull(n)}
	if n.Type().Kind != check.Object && !out.Absent {
		count := t.parts.Value(&check.Call{Info: check.Info{T: check.IntType, At: n.Span()}, Op: check.Count, Args: []check.Node{n}})
		out.Size = int(count.Int())
	}
	return []Value{out}
}

// values returns those of operands that depend on the profile.
func (t *tracer) values(operands []check.Node) (out []Value) {
	for _, x := range operands {
		if x == nil || len(check.Free(x)) == 0 {
			continue
		}
		x = plain(x)
		value := t.parts.Value(x)
		v := Value{Span: x.Span(), Type: x.Type(), Size: -1, Absent: value.IsNull()}
		switch {
		case scalar(x.Type()):
			v.V = value
		case x.Type().Kind != check.Object && !v.Absent:
			v.Size = value.Len()
		}
		if x.Type().Kind == check.List && v.Size > 0 && scalar(x.Type().Elem) {
			t.parts.Elements(x, func(_ string, one eval.Value) bool {
				v.First = append(v.First, one)
				return len(v.First) < mostInList
			})
		}
		out = append(append(out, v), t.madeOf(x)...)
	}
	return out
}

// madeOf returns the values of the fields that an expression is computed from. Those of a list are told with its
// elements.
func (t *tracer) madeOf(x check.Node) (out []Value) {
	call, ok := x.(*check.Call)
	if !ok || call.Op == check.Count || call.Op == check.Head || call.Op == check.Get {
		return nil
	}
	for _, a := range call.Args {
		a = plain(a)
		if len(check.Free(a)) == 0 || !scalar(a.Type()) {
			continue
		}
		v := t.parts.Value(a)
		out = append(out, Value{Span: a.Span(), Type: a.Type(), V: v, Absent: v.IsNull(), Size: -1})
		out = append(out, t.madeOf(a)...)
	}
	return out
}

func scalar(t *check.Type) bool {
	return t.Kind != check.List && t.Kind != check.Map && t.Kind != check.Object
}

// plain returns what a conversion that nobody has written converts.
func plain(n check.Node) check.Node {
	for {
		c, ok := n.(*check.Call)
		if !ok || c.Op.Group() != check.Conversion {
			return n
		}
		n = c.Args[0]
	}
}
