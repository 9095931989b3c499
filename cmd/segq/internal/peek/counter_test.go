package peek

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// scripted is an engine that takes a time for each run and ends it with an error or a count of one.
type scripted struct {
	takes time.Duration
	err   error // of each query
	busy  bool
	runs  int
}

func (s *scripted) Run(ctx context.Context, b exec.Batch) ([]exec.Result, error) {
	s.runs++
	results := make([]exec.Result, len(b.Queries))
	select {
	case <-ctx.Done():
		return results, ctx.Err()
	case <-time.After(s.takes):
	}
	for i := range results {
		results[i] = exec.Result{Count: 1, Total: 10, Err: s.err}
	}
	return results, nil
}

func (s *scripted) Busy() bool { return s.busy }

// Idle takes a moment.
func (s *scripted) Idle(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Millisecond):
		return nil
	}
}

// shelf has no column until it is loaded, which takes a second.
type shelf struct {
	mu      sync.Mutex
	loads   []string // the fields of each
	under   int      // way
	most    int
	err     error
	no      bool // room
	resides bool
}

func (s *shelf) Resides(*check.Reads) bool { return s.resides }
func (s *shelf) HasRoom(*check.Reads) bool { return !s.no }

func (s *shelf) LoadSpare(ctx context.Context, r *check.Reads) error {
	s.mu.Lock()
	for name := range r.Fields {
		s.loads = append(s.loads, name)
	}
	s.under++
	s.most = max(s.most, s.under)
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.under--
		s.mu.Unlock()
	}()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Second):
		return s.err
	}
}

// fake returns a counter over the fields of the sample that asks others.
func fake(ctx context.Context, t *testing.T, e *scripted, s *shelf) *Counter {
	t.Helper()
	d, err := dataset.Open(t.Context(), nil, dataset.Options{}, 1, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	return &Counter{ctx: ctx, catalog: column.Catalog{Snapshot: d.Snapshot}, data: s, engine: e, patience: patience}
}

func ask(text string) Question { return Question{Text: text, Cursor: len(text)} }

const (
	gold = `loyalty.tier = "gold"`
	rich = `loyalty.points > 100`
)

// What takes longer than anybody waits is not shown, and not tried again. Where others had the
// processors it is worth asking again.
func TestSlowCountsAreNotShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &scripted{takes: patience - time.Millisecond}
		c := fake(t.Context(), t, e, &shelf{resides: true})
		if r := c.Count(t.Context(), ask(gold)); r.Count != 1 || r.Total != 10 {
			t.Errorf("got %+v", r)
		}
		e.takes = patience + time.Millisecond
		if r := c.Count(t.Context(), ask(gold)); r.Count != 1 || e.runs != 1 {
			t.Errorf("got %+v after %d runs: it was known", r, e.runs)
		}
		began := time.Now()
		if r := c.Count(t.Context(), ask(rich)); r != (Result{}) || time.Since(began) != patience {
			t.Errorf("got %+v after %v", r, time.Since(began))
		}
		if r := c.Count(t.Context(), ask(rich)); r != (Result{}) || e.runs != 2 {
			t.Errorf("got %+v after %d runs: it was slow", r, e.runs)
		}
		e.busy = true
		for range 2 {
			if r := c.Count(t.Context(), ask(gold+" and "+rich)); r != (Result{Counted: Span{End: len(gold + " and " + rich)}, Loading: true}) {
				t.Errorf("got %+v", r)
			}
		}
		e.busy, e.takes = false, 0
		if r := c.Count(t.Context(), ask(gold+" and "+rich)); r.Count != 1 || e.runs != 5 {
			t.Errorf("got %+v after %d runs: others had the processors", r, e.runs)
		}
	})
}

// A count that nobody waits for any more ends at once, and says nothing about the text.
func TestReplacedCountsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &scripted{takes: time.Hour}
		c := fake(t.Context(), t, e, &shelf{resides: true})
		ctx, cancel := context.WithTimeout(t.Context(), patience/2)
		defer cancel()
		if r := c.Count(ctx, ask(gold)); r != (Result{}) {
			t.Errorf("got %+v", r)
		}
		e.takes = 0
		if r := c.Count(t.Context(), ask(gold)); r.Count != 1 {
			t.Errorf("got %+v", r)
		}
	})
}

// A query that fails shows nothing and is not tried again; one that gave way is.
func TestFailuresShowNothing(t *testing.T) {
	c := fake(t.Context(), t, nil, &shelf{resides: true})
	for err, runs := range map[error]int{
		&exec.InternalError{Value: "a fault"}: 1, &exec.MemoryError{}: 1, exec.ErrGaveWay: 2, exec.ErrClosed: 2,
	} {
		e := &scripted{err: err}
		c.engine, c.recent = e, recent{}
		for range 2 {
			if r := c.Count(t.Context(), ask(gold)); r.Total != 0 || r.Loading != errors.Is(err, exec.ErrGaveWay) {
				t.Errorf("%v: got %+v", err, r)
			}
		}
		if e.runs != runs {
			t.Errorf("%v: %d runs", err, e.runs)
		}
	}
}

// broken is an engine with a fault of its own.
type broken struct{ scripted }

func (broken) Run(context.Context, exec.Batch) ([]exec.Result, error) { panic("a fault") }

func TestFaultsShowNothing(t *testing.T) {
	c := fake(t.Context(), t, nil, &shelf{resides: true})
	c.engine = &broken{}
	if r := c.Count(t.Context(), ask(gold)); r != (Result{}) {
		t.Errorf("got %+v", r)
	}
}

// Columns are loaded one set at a time; the last that was asked for replaces those that wait.
func TestOneLoadAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{}
		c := fake(t.Context(), t, &scripted{}, s)
		began := time.Now()
		for _, text := range []string{"person", "loyalty", "homeAddress", "xEvent"} {
			r := c.Count(t.Context(), ask(text))
			if want := (Result{Counted: Span{End: len(text)}, Loading: true}); r != want {
				t.Errorf("%s: %+v", text, r)
			}
			synctest.Wait()
			if text == "person" {
				time.Sleep(2 * time.Millisecond) // it has begun
				synctest.Wait()
			}
		}
		if took := time.Since(began); took != 2*time.Millisecond {
			t.Errorf("asking took %v", took)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if got := fmt.Sprint(s.loads); got != "[person xEvent]" || s.most != 1 {
			t.Errorf("loaded %s, at most %d at a time", got, s.most)
		}
	})
}

// Nothing is shown where there is no room, or for what cannot be read; what was put off is tried again.
func TestLoadsThatFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &shelf{no: true}
		c := fake(t.Context(), t, &scripted{}, s)
		if r := c.Count(t.Context(), ask(gold)); r != (Result{}) || len(s.loads) > 0 {
			t.Errorf("without room: %+v, %v", r, s.loads)
		}
		s.no = false
		for _, err := range []error{load.ErrPutOff, load.ErrNoRoom, errors.New("the file is damaged")} {
			s.err, s.loads = err, nil
			for range 2 {
				c.Count(t.Context(), ask(gold))
				time.Sleep(2 * time.Second)
				synctest.Wait()
			}
			want := 2
			if err.Error() == "the file is damaged" {
				want = 1
			}
			if len(s.loads) != want {
				t.Errorf("%v: loaded %v", err, s.loads)
			}
		}
		if r := c.Count(t.Context(), ask(gold)); r != (Result{}) {
			t.Errorf("of what cannot be read: %+v", r)
		}
	})
}

// Nothing goes on in the background when the session has ended.
func TestLoadsEndWithTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		c := fake(ctx, t, &scripted{}, &shelf{})
		c.Count(t.Context(), ask(gold))
		time.Sleep(2 * time.Millisecond)
		cancel()
		synctest.Wait()
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.loading {
			t.Error("it goes on")
		}
	})
}

// What is remembered is bounded.
func TestRecentIsBounded(t *testing.T) {
	e := &scripted{}
	c := fake(t.Context(), t, e, &shelf{resides: true})
	for i := range 3 * maxRecent {
		c.Count(t.Context(), ask(fmt.Sprintf("loyalty.points > %d", i)))
	}
	if n := len(c.recent.answers); n != maxRecent || len(c.recent.order) != maxRecent {
		t.Errorf("%d answers are remembered", n)
	}
	// A count that depends on the time is for its moment alone.
	e.runs = 0
	for range 2 {
		c.Count(t.Context(), ask("loyalty.joinDate occurs <= 3 days before now"))
	}
	if e.runs != 2 {
		t.Errorf("%d runs", e.runs)
	}
}
