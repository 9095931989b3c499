// Package answer makes records: of what the engine, the checker or the queue said about a
// query ([Fill], [Note], [Refuse], [Fail]), and of how a job ended ([Of], [PerRule]).
// Workers and clients share it, so that an answer is the same at every door.
package answer

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/version"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// Fill fills r from the engine's result.
func Fill(r *record.Record, result exec.Result) {
	r.ElapsedMS = float64(result.Elapsed.Microseconds()) / 1000
	if result.Err != nil {
		Fail(r, result.Err)
		return
	}
	r.Status, r.Exact = record.OK, true
	r.Count, r.Total = &result.Count, &result.Total
	r.Sample, r.Values = result.Sample, valuesOf(r, result.Values)
	NoteOverflow(r, result.Overflowed)
}

// NoteOverflow makes r say that a number became null, if one did.
func NoteOverflow(r *record.Record, overflowed bool) {
	const text = "some number was too large for its type and became null"
	if overflowed && !slices.Contains(r.Warnings, text) {
		r.Warnings = append(r.Warnings, text)
	}
}

// NoteNameless notes in a record what [Nameless] says.
func NoteNameless(r *record.Record, n int, named bool) {
	r.Warnings = append(r.Warnings, Nameless(n, named)...)
}

// Nameless says that so many profiles have no id; named is whether the data has ids.
func Nameless(n int, named bool) []string {
	switch {
	case !named:
		return []string{"the data has no ids: a profile is known by the number of its row, from 0"}
	case n > 0:
		return []string{show.Plural(n, "profile has no id: it is null", "profiles have no id: it is null")}
	}
	return nil
}

// valuesOf returns values as a record has them; r says what is left out of them.
func valuesOf(r *record.Record, v *exec.Values) *record.Values {
	if v == nil {
		return nil
	}
	out := &record.Values{
		Present: v.Present, Numeric: v.Numeric, Sizes: v.Sizes, Times: v.Times, Infinite: v.Infinite, Distinct: v.Distinct, Examples: v.Examples,
		Min: record.Figure(v.Min), Average: record.Figure(v.Average), Max: record.Figure(v.Max), Sum: record.Figure(v.Sum),
	}
	for _, q := range v.Quantiles {
		out.Quantiles = append(out.Quantiles, record.Quantile{At: q.At, Value: record.Figure(q.Value)})
	}
	for _, b := range v.Bins {
		out.Bins = append(out.Bins, record.Bin{Low: record.Figure(b.Low), High: record.Figure(b.High), Count: b.Count})
	}
	for _, t := range v.Top {
		out.Top = append(out.Top, record.ValueCount{Value: t.Value, Count: t.Count})
	}
	if len(v.Top) < v.Distinct {
		r.Truncated = append(r.Truncated, "values.top")
	}
	if len(v.Examples) > 0 && len(v.Examples) < v.Present {
		r.Truncated = append(r.Truncated, "values.examples")
	}
	return out
}

// Fail makes r say that its run ended with err.
func Fail(r *record.Record, err error) {
	r.Status = record.Failed
	r.Error = &record.Error{Code: "failed", Message: err.Error()}
	var fault *ast.Fault
	var unread *exec.DataError
	switch {
	case errors.As(err, &fault):
		r.Error.Code, r.Error.Hint = ast.Internal, reportOf(fault)
	case errors.As(err, &unread):
		r.Error.Code = record.Unreadable
	case errors.Is(err, redisx.ErrSnapshot):
		r.Error.Code, r.Error.Hint = record.OtherSnapshot, AskPresent
	case errors.Is(err, context.DeadlineExceeded):
		r.Status, r.Error.Code = record.Timeout, "timeout"
		r.Error.Message = "the time for this query ran out"
	case errors.Is(err, context.Canceled):
		r.Status, r.Error.Code = record.Cancelled, "cancelled"
		r.Error.Message = "the query was cancelled"
	}
}

// AskPresent is what to do where the data that was asked for is not there.
const AskPresent = "segq status tells what data answers come from: ask for that, or leave out --snapshot"

// reportOf returns what to report of an internal error: the version, and where in the
// program it was met, without arguments and addresses.
func reportOf(fault *ast.Fault) string { return fault.Report() + "; " + version.Text() }

// Note makes r say what the checker says of its query, and says whether it can run.
func Note(r *record.Record, q *check.Query, ds ast.Diagnostics, text string) bool {
	if ds.Failed() {
		Refuse(r, ds, text)
		return false
	}
	for _, d := range ds {
		r.Warnings = append(r.Warnings, Warning(d, text))
	}
	if q != nil && q.Root.Type().Kind != check.Bool {
		r.Type = q.Root.Type().String()
	}
	return true
}

// InSelect is what a place is in that is one in the list of --select, and SelectPrefix what messages
// about such begin with.
const (
	InSelect     = "select"
	SelectPrefix = "in the select list: "
)

// NoteSelect makes r say what the checker says of the list of what rows give, and says whether they
// can be given.
func NoteSelect(r *record.Record, ds ast.Diagnostics, list string) bool {
	if ds.Failed() {
		Refuse(r, ds, list)
		r.Error.In, r.Error.Message = InSelect, SelectPrefix+r.Error.Message
		return false
	}
	for _, d := range ds {
		r.Warnings = append(r.Warnings, "in the select list, "+Warning(d, list))
	}
	return true
}

// WarningPlace is how a warning begins that has a place.
const WarningPlace = "line %d, column %d: "

// Warning says what is doubtful, where in text, and what to write.
func Warning(d ast.Diagnostic, text string) string {
	line, column := lang.Position(text, d.At.Start)
	s := fmt.Sprintf(WarningPlace, line, column) + d.Message
	if d.Hint != "" {
		s += "; " + d.Hint
	}
	return s
}

// Refuse makes r say what is wrong with its query: the first error of ds, with
// its place in text.
func Refuse(r *record.Record, ds ast.Diagnostics, text string) {
	r.Status = record.Failed
	for _, d := range ds {
		if d.Severity != ast.Error {
			continue
		}
		line, column := lang.Position(text, d.At.Start)
		r.Error = &record.Error{Code: d.Code, Message: d.Message, Line: line, Column: column, Hint: d.Hint}
		if d.Code == ast.Internal {
			r.Error.Hint += "; " + version.Text()
		}
		return
	}
}

// RefuseCommand makes r say that its command is none.
func RefuseCommand(r *record.Record, err error) {
	r.Status = record.Failed
	r.Error = &record.Error{Code: "bad-command", Message: err.Error()}
}

// Of returns the record of a job's result, in the job's own name: one that was
// in the cache, or that another job with the same query has made, is in that of the
// first.
func Of(j redisx.Job, data []byte) (*record.Record, error) {
	r, err := record.Decode(data)
	if err != nil || j.Source == "" {
		return r, err
	}
	r.ID, r.Name, r.Query = j.ID, j.Command.Name, cmp.Or(j.Command.Query, r.Query) // which of a set is known by its name
	if j.Source == redisx.SourceCache {
		r.Cached, r.ElapsedMS, r.Now = true, 0, j.Created
		if at, ok := rules.Instant(j.Command.Now); ok {
			r.Now = at
		}
	}
	return r, nil
}
