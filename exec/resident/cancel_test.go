package resident_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// forever is a query that would take longer than anybody waits: a profile has
// some 300 events, and it looks at all sets of six.
func forever() *check.Query { return query(endless(6)) }

// started is a sink that tells when a query has begun.
type started struct{ ch chan struct{} }

func (s started) Start(string, []int)     { close(s.ch) }
func (started) Load(string, exec.Loading) {}

func (s started) Progress(string, int, exec.Progress) {}

func TestCancelledBatchEndsInsideOneProfile(t *testing.T) {
	e := open(t, table(100, 300), 2)
	ctx, cancel := context.WithCancel(t.Context())
	b := batch(forever())
	s := started{make(chan struct{})}
	b.Sink = s
	go func() { <-s.ch; cancel() }()
	results, err := e.Run(ctx, b)
	if !errors.Is(err, context.Canceled) || !errors.Is(results[0].Err, context.Canceled) {
		t.Errorf("got %v, %+v", err, results)
	}
}

func TestDeadline(t *testing.T) {
	e := open(t, table(100, 300), 2)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	if _, err := e.Run(ctx, batch(forever())); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// A query that is cancelled alone has its result at once, while another one that
// shares its scan goes on, and the rest of the batch is answered.
func TestCancelledQueryLeavesTheOthers(t *testing.T) {
	snap := table(200, 300)
	e := open(t, snap, 2)
	one, cancelOne := context.WithCancel(t.Context())
	// They have the endless part in common, and so a scan; no profile asks the others for it.
	none := test(check.And, test(check.Lt, field("score"), constant(0.0)), forever().Cond)
	with := func(q *check.Query) *check.Query { return query(test(check.Or, q.Cond, none)) }
	b := batch(with(rules()[3]), forever(), with(query(summed(10))))
	b.Queries[1].Context = one
	s := started{make(chan struct{})}
	b.Sink = onceStarted{&sync.Once{}, s.ch}
	var first exec.Result
	var once sync.Once
	b.Done = func(r exec.Result) { once.Do(func() { first = r }) }
	go func() { <-s.ch; cancelOne() }()
	results, err := e.Run(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	if first.ID != "q1" || !errors.Is(first.Err, context.Canceled) {
		t.Errorf("first came %+v", first)
	}
	for _, i := range []int{0, 2} {
		if want := len(matching(t, snap, b.Queries[i].Typed)); results[i].Err != nil || results[i].Count != want {
			t.Errorf("query %d: %+v, want %d", i, results[i], want)
		}
	}
}

type onceStarted struct {
	once *sync.Once
	ch   chan struct{}
}

func (s onceStarted) Start(string, []int)     { s.once.Do(func() { close(s.ch) }) }
func (onceStarted) Load(string, exec.Loading) {}

func (s onceStarted) Progress(string, int, exec.Progress) {}

// Short batches are answered while a long one keeps all goroutines busy.
func TestShortBatchesPassALongOne(t *testing.T) {
	e := open(t, table(40000, 4), 2)
	ctx, cancel := context.WithCancel(t.Context())
	long := batch()
	for i := range 4000 {
		long.Queries = append(long.Queries, exec.Query{ID: string(rune('A' + i)), Typed: query(summed(float64(i)))})
	}
	s := started{make(chan struct{})}
	long.Sink = onceStarted{&sync.Once{}, s.ch}
	ended := make(chan error, 1)
	go func() {
		_, err := e.Run(ctx, long)
		ended <- err
	}()
	<-s.ch
	for range 3 {
		if _, err := e.Run(t.Context(), batch(rules()[0])); err != nil {
			t.Fatal(err)
		}
	}
	select {
	case err := <-ended:
		t.Fatalf("the long batch was over first: %v", err)
	default:
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestCloseEndsRuns(t *testing.T) {
	e := resident.New(table(100, 300), resident.Options{Threads: 2})
	b := batch(forever())
	s := started{make(chan struct{})}
	b.Sink = s
	go func() { <-s.ch; e.Close() }()
	if _, err := e.Run(t.Context(), b); !errors.Is(err, exec.ErrClosed) {
		t.Errorf("got %v", err)
	}
	e.Close()
}

// Every query of many concurrent batches has one answer, also when batches are
// cancelled at any moment.
func TestConcurrentBatches(t *testing.T) {
	snap := table(5000, 3)
	e := open(t, snap, 3)
	want := make([]int, len(rules()))
	for i, q := range rules() {
		want[i] = len(matching(t, snap, q))
	}
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			b := batch(rules()...)
			var mu sync.Mutex
			done := map[string]int{}
			b.Done = func(r exec.Result) {
				mu.Lock()
				defer mu.Unlock()
				done[r.ID]++
				if i%4 == 3 {
					cancel()
				}
			}
			if i%4 == 2 {
				cancel()
			}
			results, _ := e.Run(ctx, b)
			for j, r := range results {
				if r.Err == nil && r.Count != want[j] || done[r.ID] != 1 {
					t.Errorf("batch %d, query %d: %d of %d, %d answers, %v", i, j, r.Count, want[j], done[r.ID], r.Err)
				}
			}
		})
	}
	wg.Wait()
}
