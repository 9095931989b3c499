package trace

import (
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/lang/check"
)

// bindings looks at the ways to bind the variables of a comprehension. Where the condition of a declaration does not
// hold, those after it are not reached.
func (t *tracer) bindings(n *check.Comprehend) ListOf {
	b := &binder{tracer: t, decls: n.Decls, near: nearest{all: n.Op == check.ForAll}}
	b.out.Span = n.Span()
	for _, d := range n.Decls {
		if d.Where == nil {
			b.conds = append(b.conds, nil)
			continue
		}
		b.conds = append(b.conds, conjuncts(d.Where))
	}
	b.visit(nil)
	if len(n.Decls) == 1 {
		b.out.Span = n.Decls[0].From.Span()
	}
	if b.out.Elements == 0 {
		for _, d := range n.Decls {
			if inner := t.lists(d.From); len(inner) > 0 {
				return inner[0]
			}
		}
	}
	for _, one := range b.near.best {
		var conds []check.Node
		for i, m := range one.of {
			t.parts.Bind(n.Decls[i].Slot, m.V)
			conds = append(conds, b.conds[i]...)
		}
		b.out.Nearest = append(b.out.Nearest, one.element(t, conds))
	}
	return b.out
}

// binder binds the variables of declarations.
type binder struct {
	*tracer
	decls []check.Decl
	conds [][]check.Node
	near  nearest
	out   ListOf
}

// visit binds the variables after those that are bound, in every way.
func (b *binder) visit(bound []Member) {
	d, i := b.decls[len(bound)], -1
	b.parts.Elements(d.From, func(key string, v eval.Value) bool {
		i++
		b.parts.Bind(d.Slot, v)
		m := Member{Name: d.Name, Index: i, Key: key, V: v, At: b.at(d.Slot, v, d.From.Type().Elem)}
		of := append(bound[:len(bound):len(bound)], m)
		missed := b.misses(b.conds[len(bound)])
		if missed == 0 && len(of) < len(b.decls) {
			b.visit(of)
			return !b.out.Cut
		}
		if b.out.Elements == mostBindings {
			b.out.Cut = true
			return false
		}
		c := &candidate{of: of, missed: missed, open: len(b.decls) - len(of)}
		if b.out.Elements++; missed == 0 {
			b.out.Held++
		}
		b.near.add(c)
		return true
	})
}
