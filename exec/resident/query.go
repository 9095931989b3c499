package resident

import (
	"math"
	"math/bits"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// query is a [exec.Query] in a run.
type query struct {
	exec.Query
	run   *run
	index int
	// rule is its index in the plan, -1 when it has none.
	rule int
	// by is the column of the field By, nil for none.
	by column.Column
	// bounds are its least integer, and how many there are up to the greatest; bounding finds them.
	bounding sync.Once
	bounds   [2]int64
	// manyValues says that it has more values than are wanted.
	manyValues atomic.Bool
	// gathering guards groups and tally, which have what was counted by the field and what was
	// described in partitions that are finished, nil for nothing.
	gathering sync.Mutex
	groups    *groups
	tally     *tally
	// telling is held while IDs or Matches is called; ids is the scratch of the one.
	// edges are words for Matches that are not complete.
	telling sync.Mutex
	ids     []string
	edges   map[int]edge
	// values evaluates a query that is not a condition, else nil.
	values *described
	// meter charges for what is gathered.
	meter meter
	// ended is the ending, set by who gives the answer, before it does.
	ended   atomic.Int32
	unwatch func() bool
}

// valued says whether the values of a query are to be described.
func (q *query) valued() bool { return q.Values && q.Typed.Root.Type().Kind != check.Bool }

// block adds one block of rows to a share. It is the only place where a query's
// expression runs, and so the place where its failure is contained. After a fault the
// worker is not sound any more.
func (q *query) block(w *worker, rows column.Range, p *part) (sound bool) {
	defer ast.Guard(q.breaks)
	q.see(w, rows, p)
	return true
}

// see evaluates one block of rows.
func (q *query) see(w *worker, rows column.Range, p *part) {
	w.current = q
	defer func() { w.current = nil }()
	matched, err := w.plan.Rule(q.rule)
	if err != nil {
		q.fail(err)
		return
	}
	if q.run.plan.Slow(q.rule) {
		p.matched[q.rule] += matched.Ones()
	}
	s := p.shares[q.index]
	s.overflowed = s.overflowed || w.plan.Overflowed(q.rule)
	if s.sample != nil {
		if err := s.sample.see(matched, rows.Start, &q.meter); err != nil {
			q.fail(err)
			return
		}
	}
	if q.by != nil {
		if err := q.group(s, matched, rows.Start, p); err != nil {
			q.fail(err)
			return
		}
	}
	if q.Matches != nil {
		if err := q.show(matched, rows); err != nil {
			q.fail(err)
			return
		}
	}
	if q.IDs != nil {
		if err := q.tell(matched, rows.Start); err != nil {
			q.fail(err)
			return
		}
	}
	if q.values != nil {
		if err := q.describe(w, matched, rows, s, p); err != nil {
			q.fail(err)
		}
	}
}

// idsAtOnce is how many ids are handed over at a time.
const idsAtOnce = 1024

// tell hands over the ids of the rows whose bit is set.
func (q *query) tell(matched column.Bitmap, start int) error {
	q.telling.Lock()
	defer q.telling.Unlock()
	q.ids = q.ids[:0]
	for i, word := range matched {
		for ; word != 0; word &= word - 1 {
			row := start + i<<6 + bits.TrailingZeros64(word)
			if q.run.snap.ID != nil && nameless(q.run.snap, row) {
				continue
			}
			q.ids = append(q.ids, ProfileID(q.run.snap, row))
			if len(q.ids) < idsAtOnce {
				continue
			}
			if err := q.IDs(q.ids); err != nil {
				return err
			}
			q.ids = q.ids[:0]
		}
	}
	if len(q.ids) == 0 || q.over() {
		return nil
	}
	return q.IDs(q.ids)
}

// finish answers with what the partitions have seen.
func (q *query) finish(count int, shares []*share) {
	defer ast.Guard(q.breaks)
	if q.over() {
		return
	}
	r := exec.Result{Count: count, Total: q.run.snap.Rows()}
	sample, examples := q.share().sample, []string(nil)
	for _, s := range shares {
		r.Overflowed = r.Overflowed || s.overflowed
		if s.sample != nil {
			sample.merge(s.sample)
		}
		examples = append(examples, s.examples...)
	}
	if sample != nil {
		for _, row := range sample.take() {
			r.Sample = append(r.Sample, strings.Clone(ProfileID(q.run.snap, row))) // it outlives the snapshot
		}
	}
	if q.groups != nil {
		q.grouped(&r)
	}
	if err := q.summary(&r, examples); err != nil {
		q.fail(err)
		return
	}
	q.count(r)
}

// summary tells what was described.
func (q *query) summary(r *exec.Result, all []string) (err error) {
	if q.values == nil {
		return nil
	}
	if q.tally == nil {
		q.tally = newTally(q.Typed.Root.Type(), &q.meter, 0) // no profiles at all
	}
	if q.Tallied {
		r.Tally, err = q.tally.append(nil, all[:min(len(all), examples)])
		return err
	}
	if r.Values, err = q.tally.describe(); err == nil {
		r.Values.Examples = all[:min(len(all), examples)]
	}
	return err
}

// ProfileID returns the text by which a profile is known: its id as rows have it, or the number of
// its row where it has none.
func ProfileID(s *column.Snapshot, row int) string {
	if nameless(s, row) {
		return strconv.Itoa(row)
	}
	col := s.Root.Fields[s.ID.Index]
	stored, at := column.At(col, row)
	switch c := stored.(type) {
	case *column.Strings:
		if s.Lost != nil {
			return strings.Clone(c.At(at)) // the file may be gone before the id is read
		}
		return c.At(at)
	case *column.Texts:
		return c.At(at)
	}
	text, _ := column.AppendCell(nil, stored, at, s.ID.Type)
	return string(text)
}

// nameless says whether a profile has no id. What is no number is none.
func nameless(s *column.Snapshot, row int) bool {
	if s.ID == nil {
		return true
	}
	col := s.Root.Fields[s.ID.Index]
	if col.Null(row) {
		return true
	}
	stored, at := column.At(col, row)
	floats, ok := stored.(*column.Floats)
	return ok && math.IsNaN(floats.V[at])
}
