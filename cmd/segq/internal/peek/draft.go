package peek

import (
	"crypto/sha256"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// draft is what is to be counted for a question.
type draft struct {
	text          string
	whole, clause ast.Span // of the text of the question; clause is empty where there is but one
	// queries are the whole, and where there is a clause that, and the whole without it.
	queries []*check.Query
	reads   *check.Reads
	now     time.Time
	// key is what the counts depend on; passing says that they depend on the time as well.
	key     key
	passing bool
}

// key tells what is counted apart, and does not tell what it is.
type key [sha256.Size]byte

// drafting checks the parts of a text.
type drafting struct {
	Question
	rules   *rules.Set
	good    map[string]*rules.Rule // by text
	catalog check.Catalog
	// wrong says that an error was found that stays, whatever is written at the end of the text.
	wrong bool
	// unknown is the beginning of the text up to the end of the first name that nothing has, if one was found.
	unknown string
}

// draft finds what is to be counted for a question, nil for nothing.
func (c *Counter) draft(q Question) *draft {
	w := &drafting{Question: q, good: map[string]*rules.Rule{}, catalog: c.catalog}
	all := statements(q.Text)
	w.rules = rules.New(rules.Named(named(q, all))).Over(c.catalog, check.Options{Params: rules.TypedParams(q.Params)})
	d := &draft{text: q.Text, now: q.Now, reads: &check.Reads{}}
	d.whole, d.clause = lang.SoFar(q.Text, q.Cursor, w.checks)
	one := w.good[q.Text[d.whole.Start:d.whole.End]]
	if one == nil || !w.others(all, d.whole) {
		return nil
	}
	d.queries = []*check.Query{one.Typed}
	if !d.apart(w, one.X) {
		d.clause = ast.Span{}
	}
	for _, typed := range d.queries {
		d.reads.Add(check.ReadsOf(typed.Cond))
		d.passing = d.passing || check.UsesNow(typed.Cond) && q.Now.IsZero()
	}
	if q.Now.IsZero() {
		d.now = time.Now()
	}
	return d.named(w, one.X)
}

// statements are those of a text, nil where it is but one that has no name.
func statements(text string) []ast.Statement {
	f, _ := lang.Parse(text)
	if len(f.Statements) == 1 && f.Statements[0].Name.Text == "" {
		return nil
	}
	return f.Statements
}

// named are the queries that have names, those in the text too.
func named(q Question, all []ast.Statement) map[string]string {
	known := maps.Clone(q.Segments)
	for _, s := range all {
		if s.Name.Text != "" {
			if known == nil {
				known = map[string]string{}
			}
			at := s.X.Span()
			known[s.Name.Text] = q.Text[at.Start:at.End]
		}
	}
	return known
}

// others says whether the statements of a text that are not at a place are right: where one is wrong, none runs.
func (w *drafting) others(all []ast.Statement, but ast.Span) bool {
	for _, s := range all {
		if (s.At.End <= but.Start || s.At.Start >= but.End) && w.check(s.X) == nil {
			return false
		}
	}
	return true
}

// checks says whether a part of the text is right, and remembers what it means. A name that nothing has is wrong in all
// texts that begin like this: to find what was meant instead, among thousands, is not to be done for each.
func (w *drafting) checks(text string) bool {
	if w.wrong || w.unknown != "" && strings.HasPrefix(text, w.unknown) {
		return false
	}
	x, ds := lang.Query(text)
	if ds.Failed() {
		return false
	}
	one := &rules.Rule{Label: "the query", X: x}
	if w.rules.Check(one); one.Found.Failed() || one.Typed == nil {
		w.learn(text, one.Found)
		w.wrong = !w.mayPass(text, one.Found)
		return false
	}
	w.good[text] = one
	return true
}

// mayPass says whether what is wrong with a part of the text may be gone as soon as more is written at its end.
func (w *drafting) mayPass(part string, found ast.Diagnostics) bool {
	return strings.HasSuffix(w.Text, part) && !slices.ContainsFunc(found, func(d ast.Diagnostic) bool {
		return d.Severity == ast.Error && !lang.MayPass(d, part, w.catalog)
	})
}

// learn remembers the first name that nothing has.
func (w *drafting) learn(text string, found ast.Diagnostics) {
	for _, d := range found {
		if d.Severity == ast.Error && d.Code == "unknown-field" && (w.unknown == "" || d.At.End < len(w.unknown)) && d.At.End <= len(text) {
			w.unknown = text[:d.At.End]
		}
	}
}

// check checks an expression, nil where it is wrong.
func (w *drafting) check(x ast.Expr) *rules.Rule {
	one := &rules.Rule{Label: "the query", X: x}
	if w.rules.Check(one); one.Found.Failed() || one.Typed == nil {
		return nil
	}
	return one
}

// apart adds the clause alone and the whole without it, and says whether there is a clause beside others.
func (d *draft) apart(w *drafting, x ast.Expr) bool {
	at := ast.Span{Start: d.clause.Start - d.whole.Start, End: d.clause.End - d.whole.Start}
	clause, others := without(x, at)
	if clause == nil {
		return false
	}
	alone, rest := w.check(clause), w.check(others)
	if alone == nil || rest == nil {
		return false
	}
	d.queries = append(d.queries, alone.Typed, rest.Typed)
	return true
}

// without takes the operand at a place out of the ands of x; both are nil where there is none.
func without(x ast.Expr, at ast.Span) (operand, others ast.Expr) {
	and, ok := x.(*ast.Binary)
	if !ok || and.Op != "and" {
		return nil, nil
	}
	switch at {
	case and.L.Span():
		return and.L, and.R
	case and.R.Span():
		return and.R, and.L
	}
	own := *and
	if operand, others = without(and.L, at); operand != nil {
		own.L = others
		return operand, &own
	}
	if operand, others = without(and.R, at); operand != nil {
		own.R = others
		return operand, &own
	}
	return nil, nil
}

// named gives the draft its key. What cannot be written down is not counted.
func (d *draft) named(w *drafting, x ast.Expr) *draft {
	text, err := json.Marshal(struct {
		Text     string
		Clause   [2]int
		Params   map[string]any
		Segments map[string]string
		Now      time.Time
	}{
		w.Text[d.whole.Start:d.whole.End], [2]int{d.clause.Start - d.whole.Start, d.clause.End - d.whole.Start},
		w.Params, rules.Texts(w.rules.Below(x)), w.Now,
	})
	if err != nil {
		return nil
	}
	d.key = sha256.Sum256(text)
	return d
}

// result returns counts, one for each query, as what there is to show.
func (d *draft) result(a answer) Result {
	r := Result{Counted: Span(d.whole), Count: a.counts[0], Total: a.total, Exact: true, Note: a.why.Text, Instead: a.why.Instead}
	if len(a.counts) > 1 {
		r.Clause = &Clause{At: Span(d.clause), Pass: a.counts[1], Without: a.counts[2]}
	}
	return r
}
