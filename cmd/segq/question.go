package main

import (
	"cmp"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// question is one query on its way to an answer: its record, which has an Error
// already when the query is wrong, and the query as it was checked, if it was.
type question struct {
	rules.Written
	record *record.Record
	typed  *check.Query // nil where it is wrong, or the data is elsewhere
	// below are the rules that it asks about, and those that these ask about.
	below map[string]*rules.Rule
}

// newQuestions gives the questions for queries, with their syntax errors found.
func newQuestions(queries []rules.Written, now time.Time) []*question {
	asked := make([]*question, len(queries))
	for i, w := range queries {
		asked[i] = newQuestion(i, w, now)
	}
	return asked
}

// newQuestion gives the question for query i, with its syntax errors found.
func newQuestion(i int, w rules.Written, now time.Time) *question {
	r := &record.Record{ID: cmp.Or(w.ID, w.Name, strconv.Itoa(i+1)), Index: i, Name: w.Name, Query: w.Text(), Now: now}
	q := &question{Written: w, record: r}
	q.checked(nil, w.Errors)
	return q
}

// checked takes what the checker gives and says: nothing where the query is wrong.
func (q *question) checked(typed *check.Query, ds ast.Diagnostics) {
	q.typed, q.Errors = typed, ds
	answer.Note(q.record, typed, ds, q.Source.Text)
}

// place makes an error that a worker has found name its place in the source of the
// query, of which the worker has seen the query alone.
func (q *question) place(e *record.Error) {
	if e == nil || e.Line == 0 {
		return
	}
	line, column := lang.Position(q.Source.Text, q.Statement.X.Span().Start)
	if e.Line == 1 {
		e.Column += column - 1
	}
	e.Line += line - 1
}

// reportErrors prints what is wrong with each query, with its place. Errors are
// no remarks: --quiet does not reach them when they end up in no record.
func reportErrors(w io.Writer, asked []*question) {
	for _, q := range asked {
		for _, d := range q.Errors {
			fmt.Fprint(w, lang.Render(d, q.Source.Name, q.Source.Text))
		}
	}
}

// failures counts the queries that are wrong.
func failures(asked []*question) int {
	n := 0
	for _, q := range asked {
		if q.record.Error != nil {
			n++
		}
	}
	return n
}
