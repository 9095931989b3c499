//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/segq/segq/redisx"
)

// A worker process is this program again, told by its environment who it is.
const (
	workerName = "FAULTS_WORKER"
	workerURL  = "FAULTS_REDIS"
)

func isWorker() bool { return os.Getenv(workerName) != "" }

// workerMain is a worker until SIGTERM. Its log goes to stderr, which the parent
// reads.
func workerMain() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	var client *redisx.Client
	err := insist(ctx, func() (err error) {
		client, err = redisx.Open(ctx, redisx.Options{URL: os.Getenv(workerURL), Namespace: namespace})
		return err
	})
	if err != nil {
		log.Error("no Redis", "error", err)
		os.Exit(1)
	}
	defer client.Close()
	data := &loaded{}
	if err := data.read(); err != nil {
		log.Error("no data", "error", err)
		os.Exit(1)
	}
	w := redisx.NewWorker(client, handler{data}, redisx.WorkerOptions{
		Name: os.Getenv(workerName), Snapshot: *data.name.Load(), MaxRunning: 4, Lease: lease, Grace: lease, Backoff: lease / 10, Log: log,
	})
	go data.reload(ctx, w, log)
	if err := w.Run(ctx); err != nil {
		log.Error("stopped", "error", err)
		os.Exit(1)
	}
}

// handler does what the kind of a job says.
type handler struct{ data *loaded }

// Handle runs the tasks side by side.
func (h handler) Handle(tasks []*redisx.Task) {
	var all sync.WaitGroup
	for _, t := range tasks {
		all.Go(func() {
			if err := work(t, h.data); err != nil {
				t.Fail(err)
			}
		})
	}
	all.Wait()
}

// errFlaky is an error that may pass.
var errFlaky = errors.New("the disk is slow today")

// work reports progress in small steps, with time between them for something to go
// wrong, and ends the task. These times are the work that it plays.
func work(t *redisx.Task, data *loaded) error {
	over := *data.name.Load()
	if over != t.Snapshot() {
		t.Release()
		return nil
	}
	id, query := t.Command.ID, t.Command.Query
	rows := rowsOf(query)
	t.Start(rows)
	if kindOf(query) == kindPoison {
		time.Sleep(5 * time.Millisecond) // it dies at work, when its counters may be on their way
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	}
	const steps = 4
	for step := 1; step <= steps; step++ {
		for i, n := range rows {
			seen := n * step / steps
			t.Progress(i, seen, matchedOf(seen), step == steps)
		}
		select {
		case <-t.Context().Done():
			return fmt.Errorf("stopped: %w", context.Cause(t.Context()))
		case <-time.After(time.Duration(10+digest(id)%50) * time.Millisecond):
		}
		if kindOf(query) == kindFlaky && rand.IntN(10) == 0 {
			t.Retry(errFlaky)
			return nil
		}
	}
	t.Finish([]byte(resultOf(query, over)))
	return nil
}
