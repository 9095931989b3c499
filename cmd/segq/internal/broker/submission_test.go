package broker_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/redistest"
)

// Who waits since Redis is out of memory hears so at once, and why it came to nothing.
func TestSubmitWithoutMemory(t *testing.T) {
	t.Parallel()
	addr, stop, err := redistest.Start("--maxmemory", "1mb", "--maxmemory-policy", "noeviction")
	redistest.Need(t, err)
	defer stop()
	c, err := redisx.Open(t.Context(), redisx.Options{URL: "redis://" + addr})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	var notes strings.Builder
	ids, err := broker.Submit(ctx, c, []redisx.Command{{Op: "query", Query: "true"}}, &notes)
	if len(ids) > 0 || !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "out of memory") {
		t.Errorf("%q are queued: %v", ids, err)
	}
	if told := notes.String(); strings.Count(told, "\n") != 1 || !strings.HasPrefix(told, "segq: Redis is out of memory, trying again: 0 of 1 are queued;") {
		t.Errorf("told %q", told)
	}
}
