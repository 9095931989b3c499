// Package explanation says why an answer is what it is, where that may surprise: why nothing
// matches a query, or everything, or why a clause of it does nothing. It looks at the values
// that the columns of the query have, and counts its clauses.
//
// The tour: an [Explainer] (this file) explains the first few answers of a run within a limit of
// time. What holds for none is in none.go, what holds for all in all.go; conditions of one field in
// field.go, texts.go, numbers.go and times.go, of what is computed in figure.go; where a field is found in place.go, what values are like each
// other in near.go. Values of fields that say who somebody is are never told (package personal).
package explanation

import (
	"context"
	"strconv"
	"sync"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/personal"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// What explanations may cost.
const (
	mostAnswers = 20                     // of a run that are explained
	mostTime    = 250 * time.Millisecond // for an answer, beside as much as it took itself
	mostInRun   = time.Second            // for all of a run
	// Of few profiles it takes no time, however busy the machine is.
	fewProfiles   = 100_000
	mostTimeOfFew = 5 * time.Second
	mostNotes     = 3
	fewForAll     = 3         // of fewer profiles nobody is surprised that all match
	mostBytes     = 256 << 20 // of the columns of a query
	// Where a query counts some, its clauses are looked at only if it was quick and nothing has to
	// be loaded for it.
	mostTimeOfSome = 50 * time.Millisecond
)

// Explainer explains the answers of one run. It is safe for concurrent use.
type Explainer struct {
	data *dataset.Dataset

	running sync.Mutex // held while an answer is explained

	mu     sync.Mutex // guards what follows
	left   int
	budget time.Duration
}

// New returns an explainer for the answers of one run over a dataset.
func New(d *dataset.Dataset) *Explainer {
	return &Explainer{data: d, left: mostAnswers, budget: mostInRun}
}

// Answer is the answer to a query, and what was asked.
type Answer struct {
	Typed *check.Query
	// Text is the query as it is written, which begins at Start of the text in which Typed has
	// its places.
	Text  string
	Start int

	Now          time.Time
	Class        exec.Class
	Tenant       string
	Count, Total int
	Failed       bool
	Elapsed      time.Duration // until it was there, the loading among it
	// Personal are the rules of who asks, which hold beside those of the data; nil for none.
	Personal *personal.Rules
}

// some says that the query holds for some profiles, and not for others.
func (a *Answer) some() bool { return a.Count > 0 && a.Count < a.Total }

// Wants says whether there may be something to explain, and to spare for it. If so, Notes is to be
// called, which takes its time.
func (x *Explainer) Wants(a Answer) bool {
	switch {
	case a.Failed, a.Total == 0, constant(a.Typed.Cond):
		return false
	case a.Count == a.Total && (a.Total < fewForAll || a.Typed.Root.Type().Kind != check.Bool): // of values its author asks about these
		return false
	case a.some() && (a.Elapsed > mostTimeOfSome || len(suspects(a.Typed.Cond)) == 0):
		return false
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.left == 0 || x.budget <= 0 && a.Total > fewProfiles {
		return false
	}
	x.left--
	return true
}

// Notes explains an answer, the most useful first; nil where there is nothing to say, or no time.
func (x *Explainer) Notes(ctx context.Context, a Answer) []record.Note {
	x.running.Lock()
	defer x.running.Unlock()
	x.mu.Lock()
	budget := x.budget
	x.mu.Unlock()
	if budget <= 0 && a.Total > fewProfiles {
		return nil
	}
	began, limit := time.Now(), min(budget, mostTime+a.Elapsed)
	if a.Total <= fewProfiles {
		limit = mostTimeOfFew
	}
	defer func() {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.budget -= time.Since(began)
	}()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	most := int64(mostBytes)
	if a.some() {
		most = 0
	}
	l := &look{ctx: ctx, answer: a, rules: x.data.Personal.And(a.Personal)}
	if !x.data.Look(ctx, check.ReadsOf(a.Typed.Cond), most, l.look) {
		return nil
	}
	return l.told()
}

// constant says whether a condition does not depend on the profile, as its author knows.
func constant(n check.Node) bool { return len(check.Free(n)) == 0 }

// look is one look at the columns of a query.
type look struct {
	ctx    context.Context
	answer Answer
	rules  *personal.Rules
	engine *resident.Engine
	snap   *column.Snapshot

	// query is the one that is explained, that of a segment where one is the reason.
	query   *check.Query
	segment string
	notes   []record.Note
	edits   []edit
	edited  []bool // by note
}

// look explains the answer.
func (l *look) look(e *resident.Engine, s *column.Snapshot) {
	l.engine, l.snap, l.query = e, s, l.answer.Typed
	cond, root := l.query.Cond, l.profile()
	switch l.answer.Count {
	case 0:
		l.none(cond, root)
	case l.answer.Total:
		l.all(cond, root)
	default:
		l.some(cond, root)
	}
}

// private says whether the values of a field are not told.
func (l *look) private(path string) bool { return l.rules.Personal(path) }

// full says that there are as many notes as there may be, or no time is left.
func (l *look) full() bool { return len(l.notes) >= mostNotes || l.ctx.Err() != nil }

// counts returns the numbers of profiles for which conditions hold; nil where there was no time.
func (l *look) counts(conds ...check.Node) []int {
	b := exec.Batch{Now: l.answer.Now, Class: l.answer.Class, Tenant: l.answer.Tenant}
	for i, c := range conds {
		b.Queries = append(b.Queries, exec.Query{ID: strconv.Itoa(i), Typed: &check.Query{Root: c, Cond: c, Slots: l.query.Slots}})
	}
	results, err := l.engine.Run(l.ctx, b)
	if err != nil {
		return nil
	}
	out := make([]int, len(results))
	for i, r := range results {
		if r.Err != nil {
			return nil
		}
		out[i] = r.Count
	}
	return out
}

// count is counts of one condition, -1 where there was no time.
func (l *look) count(cond check.Node) int {
	if n := l.counts(cond); n != nil {
		return n[0]
	}
	return -1
}
