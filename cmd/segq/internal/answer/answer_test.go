package answer

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/redisx/record"
)

func TestRecordsSayHowARunEnded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err    error
		status string
	}{
		{fmt.Errorf("the batch was cancelled: %w", exit.Signalled{Signal: syscall.SIGINT}), record.Cancelled},
		{fmt.Errorf("the query was cancelled: %w", context.Canceled), record.Cancelled},
		{fmt.Errorf("the time is over: %w", context.DeadlineExceeded), record.Timeout},
		{errors.New("no memory"), record.Failed},
	} {
		r := &record.Record{}
		Fail(r, c.err)
		if r.Status != c.status || r.Error == nil || r.Error.Message == "" {
			t.Errorf("%v: %s, %+v", c.err, r.Status, r.Error)
		}
	}
}
