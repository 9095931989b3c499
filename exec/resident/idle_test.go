package resident_test

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// silent is a sink that nobody may tell anything.
type silent struct{ t *testing.T }

func (s silent) Start(string, []int)                 { s.t.Error("a start is reported") }
func (s silent) Load(string, exec.Loading)           { s.t.Error("a loading is reported") }
func (s silent) Progress(string, int, exec.Progress) { s.t.Error("progress is reported") }

// idle is a batch that waits for all others.
func idle(queries ...*check.Query) exec.Batch {
	b := batch(queries...)
	b.Class = exec.Idle
	return b
}

func TestIdleAnswersAreTheSame(t *testing.T) {
	snap := table(20_000, 4)
	e := open(t, snap, 2)
	b := idle(rules()...)
	b.Sink = silent{t}
	results, err := e.Run(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results {
		if want := len(matching(t, snap, b.Queries[i].Typed)); r.Err != nil || r.Count != want || r.Total != 20_000 {
			t.Errorf("query %d: %d of %d, %v; want %d", i, r.Count, r.Total, r.Err, want)
		}
	}
	if e.Busy() {
		t.Error("the engine is busy when all is done")
	}
}

// What comes while a query has all goroutines waits, and ends at once when nobody waits for it any more.
func TestIdleWaitsForItsTurn(t *testing.T) {
	e := open(t, table(100, 300), 1)
	busy, end := context.WithCancel(t.Context())
	b := batch(forever())
	s := started{make(chan struct{})}
	b.Sink = s
	var all sync.WaitGroup
	all.Go(func() { _, _ = e.Run(busy, b) })
	<-s.ch
	if !e.Busy() {
		t.Error("the engine is not busy")
	}
	ctx, cancel := context.WithCancel(t.Context())
	all.Go(func() {
		defer end()
		if results, err := e.Run(ctx, idle(rules()...)); !errors.Is(err, context.Canceled) || results[0].Count != 0 {
			t.Errorf("got %v, %+v", err, results[0])
		}
	})
	cancel()
	all.Wait()
}

// Nothing is loaded for an idle batch.
func TestIdleLoadsNothing(t *testing.T) {
	e := resident.Open(exectest.Partial(table(100, 3)), resident.Options{Threads: 2})
	defer e.Close()
	results, err := e.Run(t.Context(), idle(rules()...))
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results {
		if !errors.Is(r.Err, exec.ErrGaveWay) {
			t.Errorf("query %d: %+v", i, r)
		}
	}
}

// keeper is a table of which somebody wants the memory as soon as it is kept.
type keeper struct {
	column.Table
	mu       sync.Mutex
	released int
}

func (k *keeper) Keep(_ *check.Reads, yield func()) (*column.Snapshot, func(), bool) {
	go yield()
	return k.Snapshot(), func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.released++
	}, true
}

// An idle batch ends when others wait for the memory of its columns, be it in the middle of a profile.
func TestIdleGivesWay(t *testing.T) {
	k := &keeper{Table: column.Resident(table(100, 300))}
	e := resident.Open(k, resident.Options{Threads: 2})
	defer e.Close()
	results, err := e.Run(t.Context(), idle(forever(), query(endless(5))))
	if err != nil || !errors.Is(results[0].Err, exec.ErrGaveWay) || !errors.Is(results[1].Err, exec.ErrGaveWay) {
		t.Errorf("got %v, %+v", err, results)
	}
	if k.released != 1 {
		t.Errorf("released %d times", k.released)
	}
}
