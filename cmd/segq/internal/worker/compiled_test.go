package worker

import (
	"context"
	"errors"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// TestAPanicBehindTheChecker: what the checker has said of a query is nothing at all, which
// nothing after it can bear.
func TestAPanicBehindTheChecker(t *testing.T) {
	t.Parallel()
	d, err := dataset.Open(t.Context(), nil, dataset.Options{}, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	c, err := redisx.Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	h := &handler{Dataset: d, client: c}
	h.compiled.keep("poison"+h.compilerOf(&redisx.Command{}).key, verdict{})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- redisx.NewWorker(c, h, redisx.WorkerOptions{Grace: 1}).Run(ctx) }()
	got := map[string]*record.Record{}
	ids, err := c.SubmitAll(t.Context(), []redisx.Command{
		{ID: "q", Op: "query", Query: "poison"}, {ID: "f", Op: "funnel", Query: "poison"},
		{ID: "r", Op: "rules", Queries: []string{"_id = 1", "poison"}}, {ID: "good", Op: "query", Query: `loyalty.tier = "gold"`},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = broker.Await(t.Context(), c, ids, func(j redisx.Job, result []byte, _ error) {
		got[j.ID], _ = record.Decode(result)
	})
	stop()
	if err := errors.Join(err, <-ended); err != nil {
		t.Error(err)
	}
	for _, id := range []string{"q", "f", "r"} {
		if r := got[id]; r == nil || r.Error == nil || r.Error.Code != ast.Internal || r.Error.Hint == "" {
			t.Errorf("%s: %+v", id, r)
		}
	}
	if r := got["good"]; r == nil || r.Count == nil || *r.Count != 262 {
		t.Errorf("%+v", r)
	}
}
