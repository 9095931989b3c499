package trace

import (
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/lang/check"
)

// chain traces the steps of a chain, which take elements as package eval says.
func (t *tracer) chain(n *check.Chain) *Clause {
	c := &Clause{Kind: Chain, Span: n.Span(), Verdict: t.verdict(n)}
	events := t.parts.Ordered(n)
	next, reached := 0, true
	for _, step := range n.Steps {
		s := &Clause{Kind: Step, Span: step.Cond.Span(), Label: step.Label, Wanted: step.Count, Reached: reached, Verdict: False}
		c.Of = append(c.Of, s)
		if !reached {
			continue
		}
		from := next
		next = t.take(n, step, events, from, s)
		if s.Taken == s.Wanted {
			s.Verdict = True
		}
		s.Lists = []ListOf{t.stepElements(n, step, events, from)}
		reached = s.Verdict == True
	}
	if len(events) == 0 {
		c.Lists = t.lists(n.X)
	}
	return c
}

// take gives a step the elements that it takes from a place on, and returns the place after them.
func (t *tracer) take(n *check.Chain, step check.Step, events []eval.Value, next int, s *Clause) int {
	for ; s.Taken < step.Count && next < len(events); next++ {
		t.parts.Bind(n.Slot, events[next])
		if t.holds(step.Cond) {
			s.Taken++
		}
	}
	return next
}

// stepElements looks at the elements that a step may take, those from a place on, and at those before it that would do.
func (t *tracer) stepElements(n *check.Chain, step check.Step, events []eval.Value, from int) ListOf {
	out, near, conds := ListOf{Span: n.X.Span()}, nearest{first: true}, conjuncts(step.Cond)
	for i, v := range events {
		t.parts.Bind(n.Slot, v)
		one := &candidate{of: []Member{{Index: i, V: v, At: t.parts.Value(n.Order)}}, missed: t.misses(conds), early: i < from}
		if one.early && one.missed > 0 {
			continue
		}
		if !one.early {
			if out.Elements++; one.missed == 0 {
				out.Held++
			}
		}
		near.add(one)
	}
	for _, one := range near.best {
		t.parts.Bind(n.Slot, one.of[0].V)
		out.Nearest = append(out.Nearest, one.element(t, conds))
	}
	return out
}
