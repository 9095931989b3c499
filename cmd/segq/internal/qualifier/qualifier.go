// Package qualifier says which of some named rules a profile is in that is in no table, for the command line, for
// workers and for the API alike.
//
// The tour: [New] compiles rules, [Rules.Answer] answers one profile, from any number of goroutines, and
// [Rules.Stream] one after another as they come (stream.go).
package qualifier

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/lookup"
	"github.com/segq/segq/exec/qualify"
	"github.com/segq/segq/lang/check"
)

// Rules are named rules over a schema. They are safe for concurrent use.
type Rules struct {
	names   []string
	queries []*check.Query
	schema  *check.Type
	fields  qualify.Fields
	lookups *lookup.Table

	mu   sync.Mutex
	free []*qualify.Qualifier // each belongs to one goroutine at a time
}

// New compiles rules, which were checked against the schema of shape; of its columns nothing is read. lookups is the table
// with the lookups among these, nil where there are none.
func New(ctx context.Context, names []string, queries []*check.Query, shape *column.Snapshot, lookups *lookup.Table) (*Rules, error) {
	r := &Rules{names: names, queries: queries, schema: shape.Schema, fields: FieldsOf(shape), lookups: lookups}
	q, err := r.take(ctx)
	if err != nil {
		return nil, err
	}
	r.leave(q)
	return r, nil
}

// FieldsOf returns the names of the fields of a table that have a part of their own.
func FieldsOf(s *column.Snapshot) (f qualify.Fields) {
	if s.ID != nil {
		f.ID = s.ID.Name
	}
	if s.EventsField != nil {
		f.Events = s.EventsField.Name
	}
	return f
}

// mostFree is how many compiled copies are kept for whoever asks next.
const mostFree = 16

func (r *Rules) take(ctx context.Context) (*qualify.Qualifier, error) {
	r.mu.Lock()
	if last := len(r.free) - 1; last >= 0 {
		q := r.free[last]
		r.free = r.free[:last]
		r.mu.Unlock()
		return q, nil
	}
	r.mu.Unlock()
	return qualify.New(ctx, r.queries, r.schema, r.fields, r.lookups)
}

func (r *Rules) leave(q *qualify.Qualifier) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.free) < mostFree {
		r.free = append(r.free, q)
	}
}

// Answer is which rules a profile is in.
type Answer struct {
	// ID is that of the profile, null where it has none.
	ID json.RawMessage `json:"id"`
	// In names the rules, in their order.
	In []string `json:"in"`
	// Failed says of rules why they could not be answered: they make too much of this profile.
	Failed map[string]string `json:"failed,omitempty"`
	// Warnings say what of the profile did not fit the fields that the rules read, and is null.
	Warnings []string `json:"warnings,omitempty"`
}

// Answer answers one profile, a JSON text. The error is about that, or a [qualify.LookupError].
func (r *Rules) Answer(ctx context.Context, text []byte, now time.Time) (Answer, error) {
	q, err := r.take(ctx)
	if err != nil {
		return Answer{}, err
	}
	defer r.leave(q)
	return r.answer(ctx, q, text, now)
}

func (r *Rules) answer(ctx context.Context, q *qualify.Qualifier, text []byte, now time.Time) (Answer, error) {
	if err := q.Turn(ctx, text, now); err != nil {
		return Answer{}, err
	}
	a := Answer{ID: q.AppendID(nil), In: []string{}, Warnings: q.Unfit(ctx, text)}
	for i, name := range r.names {
		is, err := q.In(i)
		switch {
		case err != nil:
			if a.Failed == nil {
				a.Failed = map[string]string{}
			}
			a.Failed[name] = err.Error()
		case is:
			a.In = append(a.In, name)
		}
	}
	return a, nil
}

// AppendJSON appends the answer as a line of JSON, as encoding/json writes it.
func (a *Answer) AppendJSON(dst []byte) []byte {
	dst = append(append(append(dst, `{"id":`...), a.ID...), `,"in":[`...)
	for i, name := range a.In {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = column.AppendJSONString(dst, name)
	}
	dst = append(dst, ']')
	if len(a.Failed) > 0 {
		if failed, err := json.Marshal(a.Failed); err == nil {
			dst = append(append(dst, `,"failed":`...), failed...)
		}
	}
	if len(a.Warnings) > 0 {
		if warnings, err := json.Marshal(a.Warnings); err == nil {
			dst = append(append(dst, `,"warnings":`...), warnings...)
		}
	}
	return append(dst, '}', '\n')
}
