// Package ask asks the queries of a run and collects their answers: from the engine in this
// process (local.go), or from workers behind a queue (remote.go, queue.go).
//
// The tour: [Open] returns the [Answerer] of a [Place]; it makes a [Question] of each query
// (question.go, linked.go), and hands over a record for each. Commands for the queue are
// made here, and nowhere else (answerer.go, together.go).
package ask

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// Question is one query on its way to an answer: its record, which has an Error
// already when the query is wrong, and the query as it was checked, if it was.
type Question struct {
	rules.Written
	Record *record.Record
	Typed  *check.Query // nil where it is wrong, or the data is elsewhere
	// below are the rules that it asks about, and those that these ask about.
	below map[string]*rules.Rule
	// compile checks another text as this one was, with the rules that it asks about.
	compile func(text string) (*check.Query, ast.Diagnostics)
	// all are those that it is about, of a question that is about several; else nil.
	all []*Question
}

// Questions returns the questions for queries, with their syntax errors found.
func Questions(queries []rules.Written, now time.Time) []*Question {
	asked := make([]*Question, len(queries))
	for i, w := range queries {
		asked[i] = NewQuestion(i, w, now)
	}
	return asked
}

// NewQuestion returns the question for query i, with its syntax errors found.
func NewQuestion(i int, w rules.Written, now time.Time) *Question {
	r := &record.Record{ID: cmp.Or(w.ID, w.Name, strconv.Itoa(i+1)), Index: i, Name: w.Name, Query: w.Text(), Now: now}
	if w.Set != "" {
		r.RuleSet = &record.RuleSet{Name: w.Set, Version: w.SetVersion}
	}
	q := &Question{Written: w, Record: r}
	q.checked(nil, w.Errors)
	return q
}

// checked takes what the checker gives and says: nothing where the query is wrong.
func (q *Question) checked(typed *check.Query, ds ast.Diagnostics) {
	q.Typed, q.Errors = typed, ds
	answer.Note(q.Record, typed, ds, q.Source.Text)
}

// Locate makes what a worker has found wrong or doubtful name its place in the source of the
// query, of which the worker has seen the query alone. A question about several has no source.
func (q *Question) Locate(r *record.Record) {
	if q.all == nil {
		q.move(r, 1)
	}
}

// Show prints what a worker has found wrong with one of several queries that it was asked in one command, with its place
// in the source, as [ReportErrors] does. The record, whose place is in the query, stays as it is at every door. It does nothing where the place is not known.
func Show(w io.Writer, several []*Question, r *record.Record) {
	e := r.Error
	if e == nil || e.Query < 1 || e.Query > len(several) || e.Line < 1 || e.In != "" {
		return
	}
	q := several[e.Query-1]
	if q.Statement.X == nil {
		return
	}
	placed, own := *r, *e
	placed.Error, e = &own, &own
	q.move(&placed, 1)
	start := lang.Offset(q.Source.Text, e.Line, e.Column)
	at := ast.Span{Start: start, End: start}
	for _, t := range lang.Tokens(q.Source.Text) {
		if t.At.Start == start {
			at = t.At
		}
	}
	fmt.Fprint(w, lang.Render(ast.Diagnostic{Severity: ast.Error, Code: e.Code, Message: e.Message, Hint: e.Hint, At: at}, q.Source.Name, q.Source.Text))
}

// within makes places in the source of the query those in the query alone.
func (q *Question) within(r *record.Record) { q.move(r, -1) }

// move moves places from the query to its source, or with -1 back. Those in a text that is no query stay.
func (q *Question) move(r *record.Record, way int) {
	if q.Statement.X == nil {
		return
	}
	line, column := lang.Position(q.Source.Text, q.Statement.X.Span().Start)
	first := 1
	if way < 0 {
		first = line
	}
	move := func(l, c *int) {
		if *l == first {
			*c += way * (column - 1)
		}
		*l += way * (line - 1)
	}
	if e := r.Error; e != nil && e.Line > 0 && e.In == "" {
		move(&e.Line, &e.Column)
	}
	for i, text := range r.Warnings {
		var l, c int
		if _, err := fmt.Sscanf(text, answer.WarningPlace, &l, &c); err == nil {
			_, rest, _ := strings.Cut(text, ": ")
			move(&l, &c)
			r.Warnings[i] = fmt.Sprintf(answer.WarningPlace, l, c) + rest
		}
	}
}

// ReportErrors prints what is wrong with each query, with its place. Errors are
// no remarks: --quiet does not reach them when they end up in no record.
func ReportErrors(w io.Writer, asked []*Question) {
	for _, q := range asked {
		for _, d := range q.Errors {
			fmt.Fprint(w, lang.Render(d, q.Source.Name, q.Source.Text))
		}
		if e := q.Record.Error; e != nil && len(q.Errors) > 0 {
			e.Told = w != io.Discard
		}
	}
}

// Failures counts the queries that are wrong.
func Failures(asked []*Question) int {
	n := 0
	for _, q := range asked {
		if q.Record.Error != nil {
			n++
		}
	}
	return n
}
