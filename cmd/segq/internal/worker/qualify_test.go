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

// A request beside the queue that names other data is answered with the snapshot of the worker's alone.
func TestQualifyOfOtherData(t *testing.T) {
	t.Parallel()
	c, err := redisx.Open(t.Context(), redisx.Options{URL: workertest.Redis(t), Namespace: "test-" + uuid.NewString()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	workertest.Through(t, workertest.Sample(t), c)
	ask := func(snapshot string) (fields map[string]any) {
		t.Helper()
		body, err := json.Marshal(map[string]any{"queries": []string{`loyalty.tier = "gold"`}, "document": `{"loyalty":{"tier":"gold"}}`, "snapshot": snapshot})
		if err != nil {
			t.Fatal(err)
		}
		var answer []byte
		for answer == nil { // a worker that has just come may not be told of requests yet
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			answer, err = c.Call(ctx, "qualify", body)
			if cancel(); err != nil && !errors.Is(err, context.DeadlineExceeded) {
				t.Fatal(err)
			}
		}
		if err := json.Unmarshal(answer, &fields); err != nil {
			t.Fatal(err)
		}
		return fields
	}
	whole := ask("")
	own, _ := whole["snapshot"].(string)
	if in, _ := whole["in"].([]any); own == "" || len(in) != 1 {
		t.Fatalf("%v", whole)
	}
	if got := ask(own); len(got["in"].([]any)) != 1 {
		t.Errorf("of its own data: %v", got)
	}
	if got := ask("zzz"); len(got) != 1 || got["snapshot"] != own {
		t.Errorf("of other data: %v", got)
	}
}
