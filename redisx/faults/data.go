//go:build unix

package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"

	"github.com/segq/segq/redisx"
)

// The data of the workers is a number in a file. SIGHUP makes a worker read it again and move the queue.

// workerData names the file, to a worker.
const workerData = "FAULTS_DATA"

// loaded is the data that a worker has.
type loaded struct{ name atomic.Pointer[string] }

// read reads the data anew.
func (l *loaded) read() error {
	text, err := os.ReadFile(os.Getenv(workerData))
	if err == nil {
		name := "d" + strings.TrimSpace(string(text))
		l.name.Store(&name)
	}
	return err
}

// reload reads the data anew at each SIGHUP, until ctx ends. What the handler has by then and the queue
// not yet is what a fault may come in between.
func (l *loaded) reload(ctx context.Context, w *redisx.Worker, log *slog.Logger) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGHUP)
	for {
		select {
		case <-ctx.Done():
			return
		case <-asked:
		}
		if err := l.read(); err != nil {
			log.Error("no data", "error", err)
			continue
		}
		if err := w.Move(ctx, *l.name.Load(), "", nil); err != nil {
			log.Warn("the move is owed", "error", err)
		}
	}
}

// renew writes new data and makes a worker load it, in most cases; every third time all of them do.
func (c *cluster) renew(w *worker, all bool) error {
	c.data++
	if err := os.WriteFile(c.dataFile+"+", fmt.Append(nil, c.data), 0o600); err != nil {
		return err
	}
	if err := os.Rename(c.dataFile+"+", c.dataFile); err != nil {
		return err
	}
	c.faults.reloads++
	for _, each := range c.workers {
		if each != nil && (all || each == w) {
			each.signal(syscall.SIGHUP)
		}
	}
	return nil
}

// agree makes all workers load the same data, and waits until the queue has it.
func (c *cluster) agree(ctx context.Context) error {
	if err := c.renew(nil, true); err != nil {
		return err
	}
	want := fmt.Sprint("d", c.data)
	return insist(ctx, func() error {
		for _, each := range c.workers {
			each.signal(syscall.SIGHUP) // one that has begun just now may have missed it
		}
		s, err := c.client.Stats(ctx)
		if err == nil && (s.Snapshot != want || len(s.Others) > 0) {
			err = fmt.Errorf("the queue has %s, not %s, and others differ: %v", s.Snapshot, want, s.Others)
		}
		return err
	})
}

// judgeData counts how often the data changed from one claim to the next, which the queue must not have
// done less often: else workers with different data have answered in turn. A Redis that forgets has forgotten
// how often that was.
func (v *verdict) judgeData(all []redisx.Job, moves int64, forgets bool) {
	var ran []redisx.Job
	for _, j := range all {
		if j.Source == "" && j.Snapshot != "" && !j.Started.IsZero() {
			ran = append(ran, j)
		}
	}
	slices.SortFunc(ran, func(a, b redisx.Job) int { return a.Started.Compare(b.Started) })
	present := ""
	for len(ran) > 0 {
		// Of those that began in one millisecond, the order is not known.
		same := slices.IndexFunc(ran, func(j redisx.Job) bool { return !j.Started.Equal(ran[0].Started) })
		if same < 0 {
			same = len(ran)
		}
		names := map[string]bool{}
		for _, j := range ran[:same] {
			names[j.Snapshot] = true
		}
		changes := len(names)
		if names[present] {
			changes--
		}
		if !names[present] || changes > 0 {
			delete(names, present)
			for n := range names {
				present = n
			}
		}
		v.changes += changes
		ran = ran[same:]
	}
	v.moves = int(moves)
	if v.changes > v.moves && !forgets {
		v.mixed = append(v.mixed, fmt.Sprintf("%d changes of data between claims, and %d moves", v.changes, v.moves))
	}
}

// overOther says whether a job that asked for some data has come to a wrong end: it runs over that, or
// fails because there is other data.
func overOther(j redisx.Job) bool {
	if j.State == redisx.Failed {
		return j.Code != "other-snapshot"
	}
	return j.State != redisx.Done || j.Snapshot != j.Command.Snapshot
}

// errNoData says that the queue has no data yet.
var errNoData = errors.New("no worker says what data it has")

// presentData is what the queue has, as soon as it has any.
func (c *cluster) presentData(ctx context.Context) (name string, err error) {
	err = insist(ctx, func() error {
		s, err := c.client.Stats(ctx)
		if name = s.Snapshot; err == nil && name == "" {
			err = errNoData
		}
		return err
	})
	return name, err
}
