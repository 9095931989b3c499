package ask

import (
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// Check checks the queries of a run against a catalog, in the order of their
// dependence, and notes what is wrong with them.
func Check(asked []*Question, catalog column.Catalog, options check.Options) {
	for _, q := range asked {
		if len(q.Errors) > 0 {
			q.checked(nil, lang.Spaced(q.Errors, q.Source.Text, catalog))
		}
	}
	r, own := rulesOf(asked)
	checkAll(r.Over(catalog, options), asked, own)
}

// Link finds what is wrong with the queries of a run as far as that can be said
// without the data.
func Link(asked []*Question) {
	r, own := rulesOf(asked)
	checkAll(r.Unbound(), asked, own)
}

// rulesOf returns the queries of a run as rules, in their order. Those with an error of
// form are wrong from the start.
func rulesOf(asked []*Question) (*rules.Set, []*rules.Rule) {
	own := make([]*rules.Rule, len(asked))
	for i, q := range asked {
		own[i] = &rules.Rule{Label: q.Record.ID, Text: q.Text(), X: q.Statement.X, Source: q.Source.Text}
		if len(q.Errors) > 0 {
			own[i].X, own[i].State = nil, rules.Wrong
		}
		for _, name := range []string{q.ID, q.Name} {
			if name != "" {
				own[i].Names = append(own[i].Names, name)
			}
		}
	}
	if len(asked) == 0 {
		return rules.New(own), own
	}
	return asked[0].Beyond.With(own), own
}

// checkAll checks the queries of a run, and tells each what was found.
func checkAll(r *rules.Set, asked []*Question, own []*rules.Rule) {
	for i, q := range asked {
		if len(q.Errors) > 0 {
			continue
		}
		r.Check(own[i])
		q.compile = func(text string) (*check.Query, ast.Diagnostics) { return checkText(r, own[i].Label, text) }
		q.below = r.Below(q.Statement.X)
		q.Record.SegmentVersions = rules.Versions(q.below)
		q.checked(own[i].Typed, own[i].Found)
	}
}

// segments returns the texts of the rules that a query asks about, and of those that these
// ask about, by name: what its command must carry. It is nil for none.
func (q *Question) segments() map[string]string {
	return rules.Texts(q.below)
}

// Definition returns the text in which the definition of a segment that the query reaches has its places, "" for none.
func (q *Question) Definition(s *check.Segment) string {
	if one := q.below[s.ID]; one != nil {
		return one.Places()
	}
	return ""
}

// asksNow says whether the query, or a rule that it asks about, names the present.
func (q *Question) asksNow() bool {
	if rules.AsksNow(q.Statement.X) {
		return true
	}
	for _, one := range q.below {
		if rules.AsksNow(one.X) {
			return true
		}
	}
	return false
}

// checkText checks a text as one of the rules.
func checkText(r *rules.Set, label, text string) (*check.Query, ast.Diagnostics) {
	x, ds := lang.Query(text)
	if ds.Failed() {
		return nil, ds
	}
	one := &rules.Rule{Label: label, Text: text, X: x}
	r.Check(one)
	return one.Typed, one.Found
}
