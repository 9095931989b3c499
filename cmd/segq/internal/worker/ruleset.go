package worker

import (
	"cmp"
	"slices"
	"sync"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// ruleSet is the rules of one job while they run. A rule that is wrong has its answer
// from the start, and does not hold up the others.
type ruleSet struct {
	typed []*check.Query // nil for a wrong one

	mu      sync.Mutex       // guards what follows
	records []*record.Record // one for each
	open    int              // rules without an answer
	err     error            // of the first rule that has run into one
	sizes   []int            // rows of the partitions, nil before the start
	left    []int            // by partition: rules that are not through it
	asked   int              // rules that have begun
	rows    [][]int          // by rule and partition: rows it has seen
	sums    []int            // by partition: of rows
}

// newRuleSet checks the rules of a command.
func (h *handler) newRuleSet(c *redisx.Command, suggested []string) *ruleSet {
	s := &ruleSet{}
	compiler := h.compilerOf(c, suggested...)
	for i, text := range c.Queries {
		q, ds, err := compiler.try(text)
		r := &record.Record{}
		if len(c.Names) > 0 {
			r.Name = c.Names[i]
		}
		if err != nil {
			answer.Fail(r, err)
		} else if answer.Note(r, q, ds, text) {
			h.Describe(r, []*check.Query{q})
			s.open++
		} else {
			q = nil
		}
		s.typed, s.records = append(s.typed, q), append(s.records, r)
	}
	return s
}

// dated says whether the answer to any of the rules depends on what now means.
func (s *ruleSet) dated() bool {
	for _, q := range s.typed {
		if q != nil && check.UsesNow(q.Root) {
			return true
		}
	}
	return false
}

// answer notes the answer to a rule with what explains it, and says whether it is the last, and the error of
// the first that has run into one.
func (s *ruleSet) answer(t *redisx.Task, i int, r exec.Result, notes []record.Note) (last bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer.Fill(s.records[i], r)
	s.records[i].Notes = notes
	s.err = cmp.Or(s.err, r.Err)
	s.open--
	if s.open == 0 && s.stopped() == 0 && slices.ContainsFunc(s.records, func(r *record.Record) bool { return r.Count != nil }) {
		s.complete(t)
	}
	return s.open == 0, s.err
}

// tell puts the answers into the record of the job, when all are there.
func (s *ruleSet) tell(r *record.Record) {
	r.Status, r.Exact = record.OK, true
	for _, own := range s.records {
		r.ElapsedMS = max(r.ElapsedMS, own.ElapsedMS)
		r.Rules = append(r.Rules, answer.AsRule(own))
	}
}

// complete says that all partitions are done, which they are when some rule has a count
// and none was ended by its time: those that failed have not been through all.
func (s *ruleSet) complete(t *redisx.Task) {
	for i, left := range s.left {
		if left > 0 {
			t.Progress(i, s.sizes[i], 0, true)
		}
	}
}

// start says once for all rules how many rows each partition has.
func (s *ruleSet) start(t *redisx.Task, partitions []int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sizes != nil {
		return
	}
	s.sizes, s.left = partitions, make([]int, len(partitions))
	s.asked, s.rows, s.sums = s.open, make([][]int, len(s.records)), make([]int, len(partitions))
	for i := range s.left {
		s.left[i] = s.open
	}
	t.Start(partitions)
}

// progress passes on how far the rules are in a partition: in the mean, for the slow ones
// come later, and done when all are. What matched is no one number.
func (s *ruleSet) progress(t *redisx.Task, rule, partition int, p exec.Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.Done {
		s.left[partition]--
	}
	if s.rows[rule] == nil {
		s.rows[rule] = make([]int, len(s.sizes))
	}
	s.sums[partition] += p.Rows - s.rows[rule][partition]
	s.rows[rule][partition] = p.Rows
	t.Progress(partition, s.sums[partition]/s.asked, 0, s.left[partition] == 0)
}
