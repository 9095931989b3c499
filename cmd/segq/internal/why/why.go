// Package why answers in which of some rules a profile is, and what decided it, for the command line and for workers.
//
// The tour: [Answer] finds the profile by its id (profile.go), and fills a record with what each rule says of it; the
// trace of package trace becomes that of a record in tree.go.
package why

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/resident"
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
	// ID is the id of the profile. Only says that there is one profile in the data, which is meant.
	ID    string
	Only  bool
	Rules []Rule
	Now   time.Time
	// Trees asks what decided each rule, too; of a single rule it is always told.
	Trees bool
	// Hidden says that ids of others are told to nobody.
	Hidden bool
}

// NoProfile is the code of the error of an id that no profile has.
const NoProfile = record.NoProfile

// UnknownError is the error of an id that no profile has.
type UnknownError struct{ Says record.Error }

// Error says that there is none.
func (e *UnknownError) Error() string { return e.Says.Message }

// Answer fills r with what a question asks. The error is an [UnknownError], or one of the data or of the time; what a rule
// makes of the profile that cannot be is the error of that rule.
func Answer(ctx context.Context, d *dataset.Dataset, q Question, r *record.Record) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // the data may lie in a file
	defer ast.Guard(func(f *ast.Fault) { err = d.Why(f) })
	a := &asking{Question: q, ctx: ctx, data: d, record: r, ids: &check.Reads{}, all: &check.Reads{}}
	for _, rule := range q.Rules {
		if rule.Typed != nil {
			a.all.Add(trace.Reads(rule.Typed, d.Snapshot.Schema))
		}
	}
	if id := d.Snapshot.ID; id != nil {
		a.ids.Field(id.Name).All = true
		a.all.Add(a.ids)
	}
	if d.OnCluster() {
		return a.onCluster()
	}
	if err := d.Read(ctx, a.all, func(s *column.Snapshot) { a.tell(s, d.Others == 0) }); err != nil || a.found {
		return cmp.Or(err, a.failed)
	}
	return a.missing()
}

// onCluster has the profile come from the cluster.
func (a *asking) onCluster() error {
	s, err := a.data.OfID(a.ctx, a.ID, a.all)
	if err != nil {
		return err
	}
	if a.tell(s, false); a.found {
		return a.failed
	}
	return unknown(s, a.ID, a.Hidden)
}

// asking is a question on its way to an answer.
type asking struct {
	Question
	ctx    context.Context
	data   *dataset.Dataset
	record *record.Record
	// ids are what is read to find a profile, all what is read for the answer.
	ids, all *check.Reads
	found    bool
	failed   error
	// told is how many clauses the record has.
	told int
}

// mostTold is how many clauses a record has from which on further rules have no tree: some 10 MB.
const mostTold = 20_000

// tell fills in the answer if the profile is in a snapshot. numbered says that its rows have the numbers by which profiles
// without an id are known.
func (a *asking) tell(s *column.Snapshot, numbered bool) {
	row, profiles := 0, 1
	if a.Only {
		a.ID = onlyID(s)
	} else {
		row, profiles = find(s, a.ID, numbered)
	}
	if a.found = profiles > 0; a.found {
		a.failed = a.answer(s, row, profiles)
	}
}

// missing says that there is no profile with the id, unless it is among what was left out.
func (a *asking) missing() error {
	err, known := error(nil), false
	look := func(s *column.Snapshot) {
		_, profiles := find(s, a.ID, true)
		if known = profiles > 0; !known {
			err = unknown(s, a.ID, a.Hidden)
		}
	}
	if a.data.Others == 0 {
		return cmp.Or(a.data.Read(a.ctx, a.ids, look), err)
	}
	a.data.Look(a.ctx, a.ids, math.MaxInt64, func(_ *resident.Engine, s *column.Snapshot) { look(s) })
	if known { // by the number of its row
		a.data.Look(a.ctx, a.all, math.MaxInt64, func(_ *resident.Engine, s *column.Snapshot) { a.tell(s, true) })
		err = a.failed
	}
	if err == nil && !a.found {
		return cmp.Or(a.ctx.Err(), errUnread)
	}
	return err
}

// errUnread is the error of data that could not be read again.
var errUnread = errors.New("the data could not be read")

// Narrow leaves out of data, for good, what cannot have the profile with an id, as the statistics in files say.
func Narrow(d *dataset.Dataset, id string) error {
	f := d.Snapshot.ID
	if f == nil {
		return nil
	}
	value := &check.Const{Info: check.Info{T: f.Type}, V: id}
	switch f.Type.Kind {
	case check.String:
	case check.Int:
		n, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			return nil //nolint:nilerr // no profile has it
		}
		value.V = n
	default:
		return nil
	}
	own := &check.Member{Info: check.Info{T: f.Type}, X: &check.Slot{Info: check.Info{T: d.Snapshot.Schema}}, F: f}
	return d.Narrow([]check.Node{&check.Call{Info: check.Info{T: check.BoolType}, Op: check.Eq, Args: []check.Node{own, value}}}, time.Time{})
}

// answer fills in what the rules say of the profile in a row.
func (a *asking) answer(s *column.Snapshot, row, profiles int) error {
	out := &record.Why{Profile: a.ID, Profiles: profiles, Rules: make([]record.WhyRule, len(a.Rules))}
	stop := func() bool { return a.ctx.Err() != nil }
	for i, rule := range a.Rules {
		one := &out.Rules[i]
		*one = record.WhyRule{Name: rule.Name, Query: rule.Query, Error: rule.Error}
		if rule.Typed == nil {
			continue
		}
		in, err := a.rule(s, row, rule, one, stop)
		if stop() {
			return a.ctx.Err()
		}
		if err != nil {
			one.Error = &record.Error{Code: "failed", Message: err.Error()}
			continue
		}
		if one.In = &in; in {
			out.In++
		}
	}
	if a.told > mostTold {
		a.record.Truncated = append(a.record.Truncated, "why.tree")
	}
	if profiles > 1 {
		a.record.Warnings = append(a.record.Warnings, fmt.Sprintf("%d profiles have the id %s: this is about the first of them", profiles, a.ID))
	}
	a.record.Why = out
	return nil
}

// rule says whether the profile in a row is in a rule, and fills in why.
func (a *asking) rule(s *column.Snapshot, row int, rule Rule, out *record.WhyRule, stop func() bool) (bool, error) {
	if !a.Trees && len(a.Rules) > 1 || a.told > mostTold {
		e := eval.New(rule.Typed, s, a.Now).Evaluator()
		e.Stop = stop
		return e.Cond(row)
	}
	c, err := trace.Of(rule.Typed, s, a.Now, row, stop)
	if err != nil {
		return false, err
	}
	tree := &teller{text: rule.Text, segment: rule.Segment, told: &a.told}
	told := tree.clause(c)
	out.Tree = &told
	return c.Verdict == trace.True, nil
}

// words returns a text on one line.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
