package worker_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx"
)

// TestPending: a request whose answer takes long holds no place of those who type: it is pending at first, and there later.
func TestPending(t *testing.T) {
	t.Parallel()
	c, err := redisx.Open(t.Context(), redisx.Options{URL: workertest.Redis(t), Namespace: "test-" + uuid.NewString()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	workertest.Through(t, workertest.Sample(t), c)
	for op, body := range map[string]map[string]any{"load": {}, "plan": {"text": `loyalty.tier = "gold"`}} {
		var answer struct {
			Pending bool
			Report  map[string]any
			Plan    string
		}
		ask := func() {
			t.Helper()
			text, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			for text != nil { // a worker that has just come may not be told of requests yet
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				got, err := c.Call(ctx, op, text)
				cancel()
				if err == nil {
					answer.Pending, text = false, nil
					err = json.Unmarshal(got, &answer)
				}
				if err != nil && !errors.Is(err, context.DeadlineExceeded) {
					t.Fatal(err)
				}
			}
		}
		ask()
		if !answer.Pending || answer.Report != nil || answer.Plan != "" {
			t.Errorf("%s: not pending: %+v", op, answer)
		}
		for body["again"] = true; answer.Pending; {
			ask()
		}
		if answer.Report == nil && answer.Plan == "" {
			t.Errorf("%s: nothing", op)
		}
	}
}
