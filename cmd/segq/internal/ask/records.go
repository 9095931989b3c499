package ask

import (
	"context"
	"errors"
	"fmt"

	"github.com/segq/segq/cmd/segq/internal/answer"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// Records returns the records of a job that has ended, one for each of its queries. Where it
// has none, or its result could not be read, which is the error, they say why.
func Records(j redisx.Job, result []byte, unread error) ([]*record.Record, error) {
	r := &record.Record{ID: j.ID, Name: j.Command.Name, Query: j.Command.Query, Now: j.Created}
	if at, ok := rules.Instant(j.Command.Now); ok {
		r.Now = at
	}
	if unread == nil && (len(result) == 0 || j.State == redisx.Truncated) { // half of a record is no answer
		answer.Fail(r, jobError(j))
		if j.State == redisx.Dead || j.State == redisx.Lost {
			r.Error.Code = record.Lost
		}
	} else if unread == nil {
		if answer, err := answer.Of(j, result); err != nil {
			unread = fmt.Errorf("the answer of %s cannot be read: %w", j.ID, err)
		} else {
			r = answer
		}
	}
	if unread != nil {
		answer.Fail(r, unread)
	}
	if j.Command.Op == "rules" {
		return answer.PerRule(j.Command, r), unread
	}
	return []*record.Record{r}, unread
}

// jobError says why a job ended without a result.
func jobError(j redisx.Job) error {
	if j.Code == record.OtherSnapshot {
		return fmt.Errorf("%w: %s", redisx.ErrSnapshot, j.Error)
	}
	switch j.State {
	case redisx.Cancelled:
		return context.Canceled
	case redisx.Expired:
		return fmt.Errorf("%w: %s", context.DeadlineExceeded, j.Error)
	case redisx.Lost:
		return errors.New("the job is lost: Redis no longer knows it; submit it again")
	}
	return errors.New(j.Error)
}
