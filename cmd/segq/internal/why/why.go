// Package why answers in which of some rules a profile is, and what decided it, for the command line and for workers.
//
// The tour: [Answer] finds the profile by its id (profile.go), and fills a record with what each rule says of it; the
// trace of package trace becomes that of a record in tree.go.
package why

import (
	"context"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/trace"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// Rule is a rule that is asked about.
type Rule struct {
	Name, Query string
	// Typed is the rule as it was checked, nil for one that is wrong, as Error says. Text is what it has its places in.
	Typed *check.Query
	Text  string
	Error *record.Error
	// Segment returns the text in which the definition of a segment has its places, "" where nobody knows it.
	Segment func(*check.Segment) string
}

// Question asks about one profile.
type Question struct {
	// ID is the id of the profile.
	ID    string
	Rules []Rule
	Now   time.Time
	// Trees asks what decided each rule, too; of a single rule it is always told.
	Trees bool
	// Hidden says that ids of others are told to nobody.
	Hidden bool
}

// NoProfile is the code of the error of an id that no profile has.
const NoProfile = "no-profile"

// UnknownError is the error of an id that no profile has.
type UnknownError struct{ Says record.Error }

// Error says that there is none.
func (e *UnknownError) Error() string { return e.Says.Message }

// Answer fills r with what a question asks. The error is an [UnknownError], or one of the data or of the time; what a rule
// makes of the profile that cannot be is the error of that rule.
func Answer(ctx context.Context, d *dataset.Dataset, q Question, r *record.Record) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // the data may lie in a file
	defer ast.Guard(func(f *ast.Fault) { err = d.Why(f) })
	reads := &check.Reads{}
	for _, rule := range q.Rules {
		if rule.Typed != nil {
			reads.Add(trace.Reads(rule.Typed, d.Snapshot.Schema))
		}
	}
	if id := d.Snapshot.ID; id != nil {
		reads.Field(id.Name).All = true
	}
	var failed error
	err = d.Read(ctx, reads, func(s *column.Snapshot) {
		row, profiles := find(s, q.ID)
		if profiles == 0 {
			failed = unknown(s, q.ID, q.Hidden)
			return
		}
		failed = q.tell(ctx, s, row, profiles, r)
	})
	if err != nil {
		return err
	}
	return failed
}

// tell fills in what the rules say of the profile in a row.
func (q *Question) tell(ctx context.Context, s *column.Snapshot, row, profiles int, r *record.Record) error {
	out := &record.Why{Profile: q.ID, Profiles: profiles, Rules: make([]record.WhyRule, len(q.Rules))}
	stop := func() bool { return ctx.Err() != nil }
	for i, rule := range q.Rules {
		one := &out.Rules[i]
		*one = record.WhyRule{Name: rule.Name, Query: rule.Query, Error: rule.Error}
		if rule.Typed == nil {
			continue
		}
		in, err := q.rule(s, row, rule, one, stop)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			one.Error = &record.Error{Code: "failed", Message: err.Error()}
			continue
		}
		if one.In = &in; in {
			out.In++
		}
	}
	if profiles > 1 {
		r.Warnings = append(r.Warnings, fmt.Sprintf("%d profiles have the id %s: this is about the first of them", profiles, q.ID))
	}
	r.Why = out
	return nil
}

// rule says whether the profile in a row is in a rule, and fills in why.
func (q *Question) rule(s *column.Snapshot, row int, rule Rule, out *record.WhyRule, stop func() bool) (bool, error) {
	if !q.Trees && len(q.Rules) > 1 {
		e := eval.New(rule.Typed, s, q.Now).Evaluator()
		e.Stop = stop
		return e.Cond(row)
	}
	c, err := trace.Of(rule.Typed, s, q.Now, row, stop)
	if err != nil {
		return false, err
	}
	tree := &teller{text: rule.Text, segment: rule.Segment}
	told := tree.clause(c)
	out.Tree = &told
	return c.Verdict == trace.True, nil
}

// words returns a text on one line.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
