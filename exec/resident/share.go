package resident

import (
	"cmp"
	"math"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/ast"
)

// share is what one partition has seen of one query, beside how many rows matched.
// It belongs to the task of the partition.
type share struct {
	overflowed bool
	sample     *sample
	examples   []string
	// tally and groups are there from the first block to the last, when they are merged with those
	// of the query: those of all partitions together may be large.
	tally  *tally
	groups *groups
}

// share returns an empty share.
func (q *query) share() *share {
	s := new(share)
	if q.Sample > 0 {
		s.sample = newSample(q.Sample, q.Seed)
	}
	return s
}

// group counts the rows of a block whose bit is set by the values of a field.
func (q *query) group(s *share, matched column.Bitmap, start int, p *part) (err error) {
	if s.groups == nil {
		if s.groups, err = newGroups(q, p.rows.Rows()); err != nil {
			return err
		}
	}
	return s.groups.add(matched, start)
}

// grouped tells what was counted by the values of a field.
func (q *query) grouped(r *exec.Result) {
	if !q.manyValues.Load() {
		groups, distinct := q.groups.top(cmp.Or(q.ByTop, math.MaxInt))
		if q.ByMost == 0 || distinct <= q.ByMost {
			r.Groups, r.Distinct, r.Without = groups, distinct, q.groups.without
			return
		}
	}
	r.ManyValues = true
}

// gather adds what a partition has counted and described to what others have.
func (q *query) gather(s *share) {
	defer ast.Guard(q.breaks)
	if s == nil || q.over() {
		return
	}
	groups, tally := s.groups, s.tally
	s.groups, s.tally = nil, nil
	if tally != nil && tally.numbers != nil {
		tally.numbers.settle()
	}
	q.gathering.Lock()
	defer q.gathering.Unlock()
	var err error
	switch {
	case groups == nil:
	case q.groups == nil:
		q.groups = groups
	default:
		err = q.groups.merge(groups)
	}
	switch {
	case err != nil, tally == nil:
	case q.tally == nil:
		q.tally = tally
	default:
		err = q.tally.merge(tally)
	}
	if err != nil {
		q.fail(err)
	}
}
