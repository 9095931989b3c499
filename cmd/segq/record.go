package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
)

// record is the answer to one query, in every format and through the queue
// alike. Count and Total are nil when there is no answer.
type record struct {
	ID     string `json:"id"`
	Index  int    `json:"index"`
	Name   string `json:"name"`
	Query  string `json:"query"`
	Status string `json:"status"`
	Count  *int   `json:"count"`
	Total  *int   `json:"total"`
	Exact  bool   `json:"exact"`
	// RowsSkipped is how many rows of the data could not be read and are in no number of
	// the record, nil where the data is not known; ValuesSkipped how many values, by field,
	// of the fields that the query names, were not of the field's type and count as null.
	RowsSkipped   *int           `json:"rows_skipped"`
	ValuesSkipped map[string]int `json:"values_skipped,omitempty"`
	ElapsedMS     float64        `json:"elapsed_ms"`
	Snapshot      string         `json:"snapshot"`
	Now           time.Time      `json:"now"`
	Cached        bool           `json:"cached"`
	// Type is that of the values of a query that is no condition, else "": it is counted
	// by its condition.
	Type   string       `json:"type,omitempty"`
	Sample []string     `json:"sample,omitempty"`
	Values *exec.Values `json:"values,omitempty"`
	// Segments is a digest of the definitions of the segments that the query asks about.
	Segments string `json:"segments,omitempty"`
	// What the other operations of a queue give.
	Breakdown *breakdown     `json:"breakdown,omitempty"`
	Funnel    []funnelClause `json:"funnel,omitempty"`
	Lift      []liftValue    `json:"lift,omitempty"`
	Rules     []ruleAnswer   `json:"rules,omitempty"`
	Overlap   *overlap       `json:"overlap,omitempty"`
	Export    *exported      `json:"export,omitempty"`
	Schema    []schemaField  `json:"schema,omitempty"`
	Warnings  []string       `json:"warnings,omitempty"`
	Error     *recordError   `json:"error,omitempty"`
}

// recordError says what is wrong with a query, and where: line and column count
// from 1, columns in characters; they are 0 where there is no place.
type recordError struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Hint    string `json:"hint,omitempty"`
}

// The statuses of a record.
const (
	recordOK        = "ok"
	recordFailed    = "error"
	recordTimeout   = "timeout"
	recordCancelled = "cancelled"
)

// answer fills r from the engine's result.
func (r *record) answer(result exec.Result) {
	r.ElapsedMS = float64(result.Elapsed.Microseconds()) / 1000
	if result.Err != nil {
		r.fail(result.Err)
		return
	}
	r.Status, r.Exact = recordOK, true
	r.Count, r.Total = &result.Count, &result.Total
	r.Sample, r.Values = result.Sample, result.Values
	if result.Overflowed {
		r.Warnings = append(r.Warnings, "some number was too large for its type and became null")
	}
}

// fail makes r say that its run ended with err.
func (r *record) fail(err error) {
	r.Status = recordFailed
	r.Error = &recordError{Code: "failed", Message: err.Error()}
	var fault *ast.Fault
	switch {
	case errors.As(err, &fault):
		r.Error.Code, r.Error.Hint = ast.Internal, reportOf(fault)
	case errors.Is(err, context.DeadlineExceeded):
		r.Status, r.Error.Code = recordTimeout, "timeout"
		r.Error.Message = "the time for this query ran out"
	case errors.Is(err, context.Canceled):
		r.Status, r.Error.Code = recordCancelled, "cancelled"
		r.Error.Message = "the query was cancelled"
	}
}

// note makes r say what the checker says of its query, and says whether it can run.
func (r *record) note(q *check.Query, ds ast.Diagnostics, text string) bool {
	if ds.Failed() {
		r.refuse(ds, text)
		return false
	}
	for _, d := range ds {
		r.Warnings = append(r.Warnings, warningText(d, text))
	}
	if q != nil && q.Root.Type().Kind != check.Bool {
		r.Type = q.Root.Type().String()
	}
	return true
}

// warningText says what is doubtful, where in text, and what to write.
func warningText(d ast.Diagnostic, text string) string {
	line, column := lang.Position(text, d.At.Start)
	s := fmt.Sprintf("line %d, column %d: %s", line, column, d.Message)
	if d.Hint != "" {
		s += "; " + d.Hint
	}
	return s
}

// refuse makes r say what is wrong with its query: the first error of ds, with
// its place in text.
func (r *record) refuse(ds ast.Diagnostics, text string) {
	r.Status = recordFailed
	for _, d := range ds {
		if d.Severity != ast.Error {
			continue
		}
		line, column := lang.Position(text, d.At.Start)
		r.Error = &recordError{Code: d.Code, Message: d.Message, Line: line, Column: column, Hint: d.Hint}
		if d.Code == ast.Internal {
			r.Error.Hint += "; " + versionText()
		}
		return
	}
}

// refuseCommand makes r say that its command is none.
func (r *record) refuseCommand(err error) {
	r.Status = recordFailed
	r.Error = &recordError{Code: "bad-command", Message: err.Error()}
}

// encodeRecord gives r as JSON, on one line.
func encodeRecord(r *record) ([]byte, error) {
	b := &bytes.Buffer{}
	err := newNDJSONWriter(b).write(r)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

// recordOf gives the record that a job has come to, in the job's own name: one that was
// in the cache, or that another job with the same query has come to, is in that of the
// first.
func recordOf(j redisx.Job, data []byte) (*record, error) {
	r, err := decodeRecord(data)
	if err != nil || j.Source == "" {
		return r, err
	}
	r.ID, r.Name, r.Query = j.ID, j.Command.Name, j.Command.Query
	if j.Source == redisx.SourceCache {
		r.Cached, r.ElapsedMS, r.Now = true, 0, j.Created
		if at, ok := parseInstant(j.Command.Now); ok {
			r.Now = at
		}
	}
	return r, nil
}

// decodeRecord reads a record that a worker has sent.
func decodeRecord(data []byte) (*record, error) {
	r := &record{}
	if err := json.Unmarshal(data, r); err != nil {
		return nil, err
	}
	return r, nil
}
