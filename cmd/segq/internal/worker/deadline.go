package worker

import (
	"context"
	"fmt"
	"time"

	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// A job of rules that ran to its deadline would end without a record, and the answers that
// are there were lost. So its rules have a little less time: those that are not through by
// then have run out of it, and the job expires with what the others came to.

const (
	// endingTime is how long before its deadline the rules of a job end at most, and
	// endingShare the share of its time at most.
	endingTime  = 250 * time.Millisecond
	endingShare = 10
)

// within returns the context of the rules of a task. The caller calls end when they have run.
func (s *ruleSet) within(t *redisx.Task) (ctx context.Context, end context.CancelFunc) {
	deadline, ok := t.Context().Deadline()
	if !ok {
		return t.Context(), func() {}
	}
	return context.WithDeadline(t.Context(), deadline.Add(-min(endingTime, time.Until(deadline)/endingShare)))
}

// late says what the job of the rules has expired of: that the time of some was over. It is
// "" for one that has not.
func (s *ruleSet) late() string {
	if n := s.stopped(); n > 0 {
		return fmt.Sprintf("the time for %d of %d rules is over", n, len(s.records))
	}
	return ""
}

// stopped is how many rules were ended before they were through.
func (s *ruleSet) stopped() (n int) {
	for _, r := range s.records {
		if r.Status == record.Timeout || r.Status == record.Cancelled {
			n++
		}
	}
	return n
}
