package preview_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/preview"
)

// TestOtherData: a request for data that the workers have not is refused at once, and who has other data
// than the queue is named.
func TestOtherData(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, queue *redisx.Client) {
		a := serve(t, queue, preview.Options{})
		if got := a.want(409, a.do("POST", "/preview", `{"query":"q","snapshot":"s1"}`)); !strings.Contains(got.text, "no worker has the data s1") {
			t.Error(got.text)
		}
		run := func(name, snapshot string) {
			ctx, stop := context.WithCancel(context.Background())
			ended := make(chan error, 1)
			go func() {
				ended <- redisx.NewWorker(queue, &counter{queue, nil}, redisx.WorkerOptions{Name: name, Snapshot: snapshot, Grace: 1}).Run(ctx)
			}()
			t.Cleanup(func() { stop(); <-ended })
		}
		says := func(what string) {
			t.Helper()
			for deadline := time.Now().Add(time.Minute); !strings.Contains(a.do("GET", "/readyz", "").text, what); {
				if time.Now().After(deadline) {
					t.Fatalf("readiness does not say %q: %s", what, a.do("GET", "/readyz", "").text)
				}
			}
		}
		run("first", "s1")
		says("snapshot s1\n")
		run("other", "s2")
		says("worker other has snapshot s2 and answers nothing\n")
		if m := a.want(200, a.do("GET", "/metrics", "")).text; !strings.Contains(m, "segq_workers_other_data 1\n") || !strings.Contains(m, "segq_workers 2\n") {
			t.Error(m)
		}
		got := a.want(202, a.do("POST", "/preview", `{"query":"q","snapshot":"s1"}`))
		if e := a.want(200, a.do("GET", "/preview/"+got.estimate(t).PreviewID+"?wait=20s", "")).estimate(t); e.State != "RESULT_READY" || e.Snapshot != "s1" {
			t.Errorf("%+v", e)
		}
		if got := a.want(409, a.do("POST", "/preview", `{"query":"q","snapshot":"s2"}`)); !strings.Contains(got.text, "a worker has the data s2, but answers nothing, since all answers come from s1") {
			t.Error(got.text)
		}
		a.want(422, a.do("POST", "/preview", `{"query":"q","snapshot":"s 2"}`))
	})
}

// TestOldData: who watches the metrics learns of data that could not be loaded again.
func TestOldData(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, queue *redisx.Client) {
		a := serve(t, queue, preview.Options{})
		run := func(name string, h redisx.Holding) {
			ctx, stop := context.WithCancel(context.Background())
			ended := make(chan error, 1)
			o := redisx.WorkerOptions{Name: name, Snapshot: "s1", Grace: 1, Holds: func() redisx.Holding { return h }}
			go func() { ended <- redisx.NewWorker(queue, &counter{queue, nil}, o).Run(ctx) }()
			t.Cleanup(func() { stop(); <-ended })
		}
		run("well", redisx.Holding{Columns: 2, Loaded: 2, Reloads: 3, Since: time.UnixMilli(1_700_000_000_500)})
		run("old", redisx.Holding{Columns: 2, Loaded: 1, Failed: 2, Since: time.UnixMilli(1_600_000_000_000), Trouble: "/srv/secret is gone", Full: true})
		for _, want := range []string{
			"segq_reloads_total{result=\"loaded\"} 3\n", "segq_reloads_total{result=\"failed\"} 2\n",
			"segq_data_loaded_timestamp_seconds 1.6e+09\n", "segq_workers_old_data 1\n",
		} {
			for deadline := time.Now().Add(time.Minute); !strings.Contains(a.do("GET", "/metrics", "").text, want); {
				if time.Now().After(deadline) {
					t.Fatalf("the metrics lack %s", want)
				}
			}
		}
		ready := a.want(200, a.do("GET", "/readyz", "")).text
		if !strings.Contains(ready, "worker old has old data: segq status says why\n") || strings.Contains(ready, "secret") {
			t.Error(ready)
		}
		s, err := queue.Stats(t.Context())
		if err != nil || !s.Held.Full || !s.Held.Since.Equal(time.UnixMilli(1_600_000_000_000)) || s.Held.Columns != 4 {
			t.Errorf("%+v, %v", s.Held, err)
		}
	})
}
