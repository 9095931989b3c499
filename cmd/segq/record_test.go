package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"testing"
)

func TestRecordsSayHowARunEnded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err    error
		status string
	}{
		{fmt.Errorf("the batch was cancelled: %w", signalled{syscall.SIGINT}), recordCancelled},
		{fmt.Errorf("the query was cancelled: %w", context.Canceled), recordCancelled},
		{fmt.Errorf("the time is over: %w", context.DeadlineExceeded), recordTimeout},
		{errors.New("no memory"), recordFailed},
	} {
		r := &record{}
		r.fail(c.err)
		if r.Status != c.status || r.Error == nil || r.Error.Message == "" {
			t.Errorf("%v: %s, %+v", c.err, r.Status, r.Error)
		}
	}
}
