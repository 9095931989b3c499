// Package workertest runs workers for tests.
package workertest

import (
	"context"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/worker"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/redisx/redistest"
)

// Sample returns the embedded sample.
func Sample(t *testing.T) *dataset.Dataset {
	t.Helper()
	d, err := dataset.Open(t.Context(), nil, dataset.Options{}, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return d
}

// Over runs a worker over a dataset, with a broker of its own, until the test ends, and
// gives a client of that.
func Over(t *testing.T, d *dataset.Dataset) *redisx.Client {
	t.Helper()
	c, err := redisx.Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	Through(t, d, c)
	return c
}

// Through runs a worker over a dataset behind the broker of a client, until the test ends.
func Through(t *testing.T, d *dataset.Dataset, c *redisx.Client) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- worker.Run(ctx, c, d, worker.Options{WorkerOptions: redisx.WorkerOptions{Grace: 1}, Publish: true})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// Ends submits commands and gives their results, by their ids. Each must end at its
// first attempt.
func Ends(t *testing.T, c *redisx.Client, commands ...redisx.Command) map[string]*record.Record {
	t.Helper()
	ids, err := c.SubmitAll(t.Context(), commands)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]*record.Record{}
	_, err = broker.Await(t.Context(), c, ids, func(j redisx.Job, result []byte, err error) {
		r, bad := record.Decode(result)
		if err != nil || bad != nil {
			t.Errorf("%s is %s: %v, %v", j.ID, j.State, err, bad)
			return
		}
		if j.Crashes > 0 || j.Attempt != 1 || (r.Error != nil) != (j.State == redisx.Failed) {
			t.Errorf("%s is %s, after attempt %d and %d crashes", j.ID, j.State, j.Attempt, j.Crashes)
		}
		out[j.ID] = r
	})
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Stats(t.Context())
	if err != nil || s.Suspect+s.Dead+s.Counted["lost"] > 0 {
		t.Errorf("%+v (%v)", s, err)
	}
	return out
}

// Redis returns the URL of a server, its own unless one is named.
func Redis(t testing.TB) string {
	t.Helper()
	url, stop, err := redistest.Any()
	redistest.Need(t, err)
	t.Cleanup(stop)
	return url
}
