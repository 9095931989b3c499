// Package qualify answers rules for one profile at a time, which comes as JSON and is in no table.
//
// The tour: [New] compiles rules, which were checked against a schema, once. A profile is read into the columns of
// a table of one row, which stay where they are ([load.Profiles]), and the rules are asked of that, each part that
// they have in common once ([plan.Single]). The answers are those of a table with that schema which
// the profile is a row of.
package qualify

import (
	"context"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/lookup"
	"github.com/segq/segq/exec/plan"
	"github.com/segq/segq/lang/check"
)

// Fields names those fields of a schema that have a part of their own, as [load.Options] does; "" for
// what is usual.
type Fields struct{ ID, Events string }

// Empty returns a table of a schema without a value: rules are checked against it.
func Empty(schema *check.Type, f Fields) (*column.Snapshot, error) {
	p, err := load.NewProfiles(schema, &check.Reads{}, f.ID, f.Events)
	if err != nil {
		return nil, err
	}
	return p.Snapshot(), nil
}

// Profile returns the table of one profile, which is all of the JSON text given, and what of it did not fit.
func Profile(ctx context.Context, text []byte, schema *check.Type, f Fields) (*column.Snapshot, *load.Report, error) {
	p, err := load.NewProfiles(schema, nil, f.ID, f.Events)
	if err != nil {
		return nil, nil, err
	}
	if err := p.Read(text); err != nil {
		return nil, nil, err
	}
	r := &load.Report{Rows: 1}
	r.Misfits, r.Notes = p.Unfit(ctx, text)
	return p.Snapshot(), r, nil
}

// Qualifier says which of some rules one profile after another is in. It belongs to one goroutine.
type Qualifier struct {
	profiles *load.Profiles
	lookups  *lookup.Single // nil for none
	plan     *plan.Single
	rules    int
}

// New compiles queries, which were checked against the schema. Where that has the fields of lookups, lookups is the table
// with these, of which nothing but the lookups is used; else nil.
func New(ctx context.Context, queries []*check.Query, schema *check.Type, f Fields, lookups *lookup.Table) (*Qualifier, error) {
	reads := &check.Reads{}
	for _, q := range queries {
		reads.Add(check.ReadsOf(q.Cond))
	}
	own, laid, found := schema, []*check.Field(nil), (*lookup.Single)(nil)
	if lookups != nil {
		found = lookups.Single(reads)
		own, laid, reads = found.Own(), found.Fields(), found.Reads()
	}
	p, err := load.NewProfilesBeside(own, schema, laid, reads, f.ID, f.Events)
	if err != nil {
		return nil, err
	}
	s, err := plan.NewSingle(ctx, queries, p.Snapshot())
	if err != nil {
		return nil, err
	}
	return &Qualifier{profiles: p, lookups: found, plan: s, rules: len(queries)}, nil
}

// LookupError says that the rows of a lookup could not be had, which is no fault of the profile.
type LookupError struct{ Err error }

// Error names the lookup.
func (e *LookupError) Error() string { return e.Err.Error() }

// Unwrap returns the error of the lookup.
func (e *LookupError) Unwrap() error { return e.Err }

// Turn reads a profile of JSON, for which rules are then asked, and looks up what these read of its keys. now is what they
// mean by now. The error is about the text, or a [LookupError].
func (q *Qualifier) Turn(ctx context.Context, text []byte, now time.Time) error {
	if err := q.profiles.Read(text); err != nil {
		return err
	}
	if q.lookups != nil {
		if err := q.lookups.Fill(ctx, q.profiles.Snapshot().Root, q.profiles.Lay); err != nil {
			return &LookupError{err}
		}
	}
	q.plan.Turn(now)
	return nil
}

// AppendID appends the id of the profile as JSON, null where it has none.
func (q *Qualifier) AppendID(dst []byte) []byte {
	s := q.profiles.Snapshot()
	if s.ID == nil {
		return append(dst, "null"...)
	}
	return column.AppendJSON(dst, s.Root.Fields[s.ID.Index], 0, s.ID.Type)
}

// Unfit says what of the profile, whose text it is given again, did not fit the fields that rules read.
func (q *Qualifier) Unfit(ctx context.Context, text []byte) []string {
	misfits, notes := q.profiles.Unfit(ctx, text)
	for _, m := range misfits {
		notes = append(notes, m.Said())
	}
	return notes
}

// In says whether the profile is in a rule, which is known by the index of its query. The error says that the
// rule makes too much of it.
func (q *Qualifier) In(rule int) (bool, error) { return q.plan.Rule(rule) }

// Rules is the number of rules.
func (q *Qualifier) Rules() int { return q.rules }
