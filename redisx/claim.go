package redisx

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// claimLoop claims jobs and hands them over until ctx ends. It alone adds tasks.
func (w *Worker) claimLoop(ctx context.Context) {
	for ctx.Err() == nil {
		free, urgent := w.places()
		if free <= 0 {
			w.await(ctx, time.Second)
			continue
		}
		tasks, drain, err := w.gather(ctx, min(free, maxBatch), urgent)
		switch {
		case err != nil && ctx.Err() == nil:
			w.trouble("cannot claim", err)
			pause(ctx, 500*time.Millisecond)
		case len(tasks) > 0:
			w.handOver(tasks, urgent)
		case urgent:
			// The others wait for a place. Meanwhile the interactive ones are asked for.
			w.await(ctx, urgentEvery)
		case drain:
			// The bell is left to the others.
			w.await(ctx, time.Second)
		case w.differs():
			// Until a beat says that the queue has this worker's data.
			w.await(ctx, time.Second)
		default:
			w.awaitBell(ctx)
		}
	}
}

const (
	// urgentEvery is how often a worker that takes nothing else asks for interactive
	// jobs.
	urgentEvery = 5 * time.Millisecond
	// claimBytes is after how many bytes of commands a claim ends: so many hold thousands of
	// rules.
	claimBytes = 128 << 10
	// rulesAPlace is how many rules of one job take up the place of a job: they cost Redis
	// nothing.
	rulesAPlace = 4
	// batchesAtOnce is how many batches run side by side before the next waits, at most
	// for batchesApart.
	batchesAtOnce = 2
	batchesApart  = 500 * time.Millisecond
	// gatherBeside is how long claims follow each other for a batch that gathers beside
	// another.
	gatherBeside = 100 * time.Millisecond
)

// places returns how many tasks the worker has room for. An eighth of the places is for
// interactive jobs: a worker that is full of others has these left. A worker with two
// batches at work, or with one and little room beside it, takes nothing else for a while
// either: its cores are busy, and what is claimed later shares its scan with more.
func (w *Worker) places() (free int, urgent bool) {
	most, others := w.options.MaxRunning, w.options.MaxRunning-w.options.MaxRunning/8
	running := w.busy(others)
	free = others - running
	batches := w.batches.Load()
	enough := batches >= batchesAtOnce || batches > 0 && free < most/4
	if free <= 0 || enough && time.Since(w.began) < batchesApart {
		return most - running, true
	}
	return free, false
}

// handOver gives a batch to the handler.
func (w *Worker) handOver(tasks []*Task, urgent bool) {
	w.logTaken(tasks)
	if urgent {
		go w.handle(tasks)
		return
	}
	w.began = time.Now()
	w.batches.Add(1)
	go func() {
		w.handle(tasks)
		w.batches.Add(-1)
		signal(w.freed)
	}()
}

// gather claims until there is nothing left or the batch is full, so that what waits
// together runs together. The first jobs do not wait long for the last, unless the cores
// are busy anyhow.
func (w *Worker) gather(ctx context.Context, k int, urgent bool) (tasks []*Task, drain bool, err error) {
	patience := gatherFor
	if w.batches.Load() > 0 && !urgent {
		patience = gatherBeside
	}
	taken := 0
	for began := time.Now(); taken < k && time.Since(began) < patience; {
		ask := w.fitting(k - taken)
		next, says, err := w.claim(ctx, ask, urgent)
		tasks = append(tasks, next...)
		taken += w.learn(next)
		if len(tasks) > 0 && err != nil {
			return tasks, false, nil // the claim in doubt is repeated with the next
		}
		if err != nil || says != "more" {
			return tasks, says == "drain" && len(tasks) == 0, err
		}
	}
	return tasks, false, nil
}

// fitting returns how many jobs to claim where there are so many places, going by those that
// were claimed lately: how many a job takes up is known when it is claimed.
func (w *Worker) fitting(room int) int {
	return min(claimSize, max(1, int(float64(room)/max(w.mean, 1))))
}

// learn notes how many places the tasks of a claim take up, and gives it. Interactive ones
// say nothing about the others.
func (w *Worker) learn(tasks []*Task) (places int) {
	others, theirs := 0, 0
	for _, t := range tasks {
		places += t.places()
		if t.Command.Class != interactive {
			others++
			theirs += t.places()
		}
	}
	if others == 0 {
		return places
	}
	mean := float64(theirs) / float64(others)
	w.mean = (cmp.Or(w.mean, mean) + mean) / 2
	return places
}

// claim takes up to k jobs. A claim whose reply is lost is sent again with the same
// nonce, also by the next call, and then gives the same jobs: they would run for
// nobody else. says is what the script says: that there may be "more", or that the worker
// should "drain", claim nothing until its tasks have ended; or that the queue has "other" data. urgent claims interactive jobs
// alone.
func (w *Worker) claim(ctx context.Context, k int, urgent bool) (tasks []*Task, says string, err error) {
	if w.nonce == "" {
		w.nonce = uuid.NewString()
	}
	sent, alone, data := time.Now(), 0, w.data.Load()
	if urgent {
		alone = 1
	}
	// What was claimed must be known, also while the worker is told to stop.
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	fields, err := w.client.run(limited, w.client.control, scriptClaim, w.options.Name, w.nonce, k,
		w.options.Lease.Milliseconds(), w.count(), w.options.TenantRunning, alone, claimBytes, data.snapshot, w.standIn()).StringSlice()
	if err != nil {
		return nil, "", err
	}
	w.nonce = ""
	if len(fields)%5 != 2 {
		return nil, "", errors.New("redis returned a claim that cannot be read")
	}
	if fields[0] == "other" && !w.differs() {
		signal(w.beatSoon) // it tells what the queue has
	}
	return w.accept(fields[2:], fields[1], data, sent), fields[0], nil
}

// accept makes tasks of what the claim script gave: id, token, payload, time left
// and whether it runs alone. Pings, and what cannot be read, it answers itself.
func (w *Worker) accept(fields []string, epoch string, data *standing, sent time.Time) []*Task {
	var tasks []*Task
	for ; len(fields) > 0; fields = fields[5:] {
		c, err := w.decode(fields[2])
		c.ID = fields[0]
		left, _ := strconv.ParseInt(fields[3], 10, 64)
		t := newTask(w, c, fields[1], time.Duration(min(left, maxMillis))*time.Millisecond, fields[4] == "1", sent)
		t.epoch, t.data = epoch, data
		w.mu.Lock()
		w.tasks[t] = true
		w.load[c.Class == interactive] += t.places()
		w.mu.Unlock()
		switch {
		case err != nil:
			go t.Fail(fmt.Errorf("the command cannot be read: %w", err))
		case c.Op == "ping":
			go t.Finish([]byte(`{"pong":true}`))
		default:
			tasks = append(tasks, t)
		}
	}
	return tasks
}

// awaitBell waits until there may be work, at most a second.
func (w *Worker) awaitBell(ctx context.Context) {
	err := w.client.blocking.BLPop(ctx, time.Second, w.client.keys.bell()).Err()
	if err != nil && !isNil(err) && ctx.Err() == nil {
		w.trouble("cannot wait for work", err)
		pause(ctx, 500*time.Millisecond)
	}
}
