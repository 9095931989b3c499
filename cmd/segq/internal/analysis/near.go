package analysis

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/loosen"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// mostSteps is how many loosenings of a rule are tried at most, and mostTexts how long their texts are
// together: each has the whole rule.
const mostSteps, mostTexts = 64, 1 << 20

// near answers what keeps profiles just out of an audience. Places are those in the text of its query alone.
func near(ctx context.Context, r exec.Runner, o exec.Operation, schema *column.Snapshot, a Audience, out *record.Record) error {
	q, ds := a.Compile(a.Query)
	x, wrong := lang.Query(a.Query)
	if ds.Failed() || wrong.Failed() {
		return fmt.Errorf("the query was right as a part of its text, and is not by itself: %s", append(ds, wrong...)[0].Message)
	}
	steps, found := loosen.Steps(a.Query, x, max(1, min(mostSteps, mostTexts/max(1, len(a.Query)))))
	if found > len(steps) {
		out.Notes = append(out.Notes, record.Note{Text: fmt.Sprintf("%d of %s loosenings are tried: the first in the rule", len(steps), show.Count(found))})
	}
	c := candidates{audience: a, schema: schema, seen: map[string]bool{}}
	for _, s := range steps {
		c.take(s)
	}
	n, err := exec.NearOf(ctx, r, o, q, c.looser)
	if err == nil {
		err = c.takeInner(ctx, r, o, q, n)
	}
	if err != nil {
		return err
	}
	out.Count = &n.Count
	for _, m := range n.Missed {
		out.Near = append(out.Near, record.Near{Clause: oneLine(a.Query, m.At), Missed: m.Count})
	}
	c.notes(n, out)
	c.told(n, out)
	c.stays(loosen.Stays(a.Query, x), n, out)
	return nil
}

// oneLine returns a part of a text on one line.
func oneLine(text string, at ast.Span) string {
	return strings.Join(strings.Fields(text[at.Start:at.End]), " ")
}

// candidates are the loosenings that are tried.
type candidates struct {
	audience Audience
	schema   *column.Snapshot
	steps    []loosen.Step
	looser   []exec.Loosened
	// seen are the rules that they are, whose clauses may come in another order; private the fields whose values
	// are not told.
	seen    map[string]bool
	private []string
	// inner are the sets of values that elements of lists have: of each, the rule with one value is a candidate of its own, of
	// which one is told; of runs along the steps which set each is of, from 1, 0 for none.
	inner []loosen.Step
	of    []int
}

// mostValues is how many values are tried for a set of values that elements of lists have: those that most profiles have.
const mostValues = 8

// take takes a step that makes another rule than those before it.
func (c *candidates) take(s loosen.Step) {
	l := exec.Loosened{}
	if s.Choice != nil {
		path := strings.Join(s.Choice.Path, ".")
		kind, listed := kindAt(c.schema.Schema, s.Choice.Path)
		if !holds(kind, s.Choice) {
			return
		}
		if c.audience.Private(path) {
			if !slices.Contains(c.private, path) {
				c.private = append(c.private, path)
			}
			return
		}
		if listed || s.Choice.Inner {
			c.inner = append(c.inner, s)
			return
		}
		l.By = s.Choice.Path
	}
	c.add(s, l, 0)
}

// add adds a step, of an inner set or of none. It says no where that is no rule, or one that is there already.
func (c *candidates) add(s loosen.Step, l exec.Loosened, of int) bool {
	q, ds := c.audience.Compile(s.Text)
	if ds.Failed() {
		return false
	}
	key := identity(q, l.By)
	if c.seen[key] {
		return false
	}
	l.Typed, c.seen[key] = q, true
	c.steps, c.looser, c.of = append(c.steps, s), append(c.looser, l), append(c.of, of)
	return true
}

// takeInner counts the rules with one value more, or less, of what elements of lists have, beside n: once the first run has
// read the fields, so that their values are known.
func (c *candidates) takeInner(ctx context.Context, r exec.Runner, o exec.Operation, q *check.Query, n *exec.Near) error {
	known := len(c.steps)
	for i, s := range c.inner {
		var all []string
		if c.audience.Values != nil {
			all = c.audience.Values(s.Choice.Path)
		}
		tried := 0
		for _, value := range all {
			if with, ok := s.Choice.With(value); ok && tried < mostValues && c.add(with, exec.Loosened{}, i+1) {
				tried++
			}
		}
	}
	if len(c.steps) == known {
		return nil
	}
	more, err := exec.NearOf(ctx, r, o, q, c.looser[known:])
	if err == nil {
		n.Added = append(n.Added, more.Added...)
	}
	return err
}

// identity is a text that rules share whose clauses are equal.
func identity(q *check.Query, by []string) string {
	ids, clauses := check.NewIdentities(), []string{}
	for _, clause := range exec.Clauses(q.Cond) {
		clauses = append(clauses, string(ids.Of(clause)))
	}
	slices.Sort(clauses)
	return fmt.Sprintf("%q %q", by, slices.Compact(clauses))
}

// kindAt returns what a field holds, through lists, and whether there are any; nil for no field.
func kindAt(t *check.Type, path []string) (of *check.Type, listed bool) {
	for _, name := range path {
		for t.Kind == check.List {
			t, listed = t.Elem, true
		}
		if t.Kind != check.Object || t.Field(name) == nil {
			return nil, listed
		}
		t = t.Field(name).Type
	}
	for t.Kind == check.List {
		t, listed = t.Elem, true
	}
	return t, listed
}

// holds says whether the values of a field are of the kind that a set holds.
func holds(t *check.Type, c *loosen.Choice) bool {
	switch {
	case t == nil:
		return false
	case c.Numbers:
		return t.Kind == check.Int || t.Kind == check.Float
	}
	return t.Kind == check.String
}

// notes says which sets are not loosened.
func (c *candidates) notes(n *exec.Near, out *record.Record) {
	for _, path := range c.private {
		out.Notes = append(out.Notes, record.Note{Text: "no value of " + path + " is named: it may say who somebody is; --not-personal " + path + " if not"})
	}
	for i, added := range n.Added {
		if added.ManyValues {
			out.Notes = append(out.Notes, record.Note{Text: fmt.Sprintf("no value of %s is chosen: there are more than %s", strings.Join(c.steps[i].Choice.Path, "."), show.Count(exec.NearValues))})
		}
	}
}

// told adds the loosenings to the clauses that they are in, and marks the one that adds most.
func (c *candidates) told(n *exec.Near, out *record.Record) {
	var best *record.Loosened
	all := make([][]*record.Loosened, len(n.Missed))
	chosen := c.chosen(n)
	for i, s := range c.steps {
		if of := c.of[i]; of > 0 && chosen[of-1] != i {
			continue
		}
		added := n.Added[i]
		if s.Choice != nil {
			ok := added.Chosen
			if ok {
				s, ok = s.Choice.With(added.Value)
			}
			if !ok {
				continue
			}
			if _, ds := c.audience.Compile(s.Text); ds.Failed() {
				continue
			}
		}
		l := &record.Loosened{Part: oneLine(c.audience.Query, s.At), Becomes: s.Becomes, Query: s.Text, Count: n.Count + added.Count, Adds: added.Count}
		if at := clauseOf(n, s.At); at >= 0 {
			all[at] = append(all[at], l)
		}
		if l.Adds > 0 && (best == nil || l.Adds > best.Adds) {
			best = l
		}
	}
	if best != nil {
		best.Best = true
	}
	for i, of := range all {
		for _, l := range of {
			out.Near[i].Loosened = append(out.Near[i].Loosened, *l)
		}
	}
}

// chosen returns for each inner set the step that adds most, -1 where none adds anybody.
func (c *candidates) chosen(n *exec.Near) []int {
	best := slices.Repeat([]int{-1}, len(c.inner))
	for i, of := range c.of {
		if of > 0 && n.Added[i].Count > 0 && (best[of-1] < 0 || n.Added[i].Count > n.Added[best[of-1]].Count) {
			best[of-1] = i
		}
	}
	return best
}

// stays says of the clauses that have no loosening why, as far as one was to be expected.
func (c *candidates) stays(all []loosen.Stay, n *exec.Near, out *record.Record) {
	for i, at := range c.chosen(n) {
		if path := strings.Join(c.inner[i].Choice.Path, "."); at < 0 {
			all = append(all, loosen.Stay{At: c.inner[i].At, Why: fmt.Sprintf("none of the %d most frequent values of %s that may be told adds anybody", mostValues, path)})
		}
	}
	said := map[string]bool{}
	for _, s := range all {
		clause := clauseOf(n, s.At)
		if clause < 0 || len(out.Near[clause].Loosened) > 0 {
			continue
		}
		text := "nothing is looser in " + oneLine(c.audience.Query, s.At) + ": " + s.Why
		if !said[text] {
			out.Notes, said[text] = append(out.Notes, record.Note{Text: text}), true
		}
	}
}

// clauseOf returns the index of the clause that a place is in.
func clauseOf(n *exec.Near, at ast.Span) int {
	return slices.IndexFunc(n.Missed, func(m exec.Missed) bool { return m.At.Start <= at.Start && at.End <= m.At.End })
}
