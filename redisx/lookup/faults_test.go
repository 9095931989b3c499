//go:build unix

package lookup

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/segq/segq/redisx"
)

// writerURL is the variable of the environment that makes a test binary a writer that
// does not come to its end.
const writerURL = "SEGQ_LOOKUP_WRITER"

// writeHalf writes half of a table, says so, and writes the rest when its input ends.
func writeHalf() {
	ctx := context.Background()
	c, err := redisx.Open(ctx, redisx.Options{URL: os.Getenv(writerURL), Namespace: "n"})
	if err != nil {
		fmt.Println(err)
		return
	}
	b := &table{rows: 2 * batchRows}
	b.during = func(_ context.Context, i int) error {
		if i == b.rows/2+1 {
			fmt.Println("half")
			_, _ = os.Stdin.Read(make([]byte, 1))
		}
		return nil
	}
	o := b.options()
	o.Lease = 500 * time.Millisecond
	r, err := Open(ctx, c, o)
	fmt.Println("end", err)
	if err == nil {
		fmt.Println("rows", r.Rows())
		r.Close()
	}
}

// halfWriter is a process that has written half of a table.
type halfWriter struct {
	cmd *exec.Cmd
	end func() // of its input
	out *strings.Builder
}

func startHalf(t *testing.T, url string) *halfWriter {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), writerURL+"="+url)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	half := make(chan bool, 10)
	w := &halfWriter{cmd: cmd, end: func() { in.Close() }, out: &strings.Builder{}}
	cmd.Stdout = writerFunc(func(b []byte) (int, error) {
		w.out.Write(b)
		half <- true
		return len(b), nil
	})
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	<-half
	return w
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

// TestAWriterIsKilled: its place is free when its lease ends, and what it has written is neither read nor stays.
func TestAWriterIsKilled(t *testing.T) {
	t.Parallel()
	s := ownServer(t)
	w := startHalf(t, s.url())
	if err := w.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = w.cmd.Wait()
	c, b := client(t, s.url(), "n"), &table{rows: 2 * batchRows}
	var notes []string
	o := b.options()
	o.Note = func(text string) { notes = append(notes, text) }
	same(t, open(t, c, o), b.rows)
	if len(notes) == 0 || !strings.Contains(notes[0], "waiting") {
		t.Errorf("notes are %q", notes)
	}
	audit(t, c, 2) // what the other has left goes when its time is over
}

// TestAWriterWakesUp: one that was stopped for longer than its lease does not disturb, and takes away what it has
// written.
func TestAWriterWakesUp(t *testing.T) {
	t.Parallel()
	s := ownServer(t)
	w := startHalf(t, s.url())
	stopProcess(t, w.cmd.Process)
	c, b := client(t, s.url(), "n"), &table{rows: 2 * batchRows}
	r := open(t, c, b.options())
	same(t, r, b.rows)
	w.end()
	continueProcess(t, w.cmd.Process)
	if err := w.cmd.Wait(); err != nil || !strings.Contains(w.out.String(), fmt.Sprint("end <nil>\nrows ", b.rows)) {
		t.Errorf("it ends with %v: %s", err, w.out)
	}
	r.cache = newCache(0)
	same(t, r, b.rows)
	audit(t, c, 1)
}

func TestLostReplies(t *testing.T) {
	t.Parallel()
	s := ownServer(t)
	p := newProxy(t, s.addr)
	c := client(t, p.url(), "n")
	p.every.Store(3)
	p.cut.Store(20)
	b := &table{rows: 60_000}
	o := b.options()
	o.CacheBytes = -1
	r := open(t, c, o)
	writing := p.lost.Load()
	for range 60 {
		same(t, r, 3000)
	}
	same(t, r, b.rows)
	t.Logf("%d replies were lost in writing, %d in all", writing, p.lost.Load())
	if writing == 0 || p.lost.Load() < 20 || b.fills.Load() != 1 {
		t.Errorf("%d fills, %d replies lost", b.fills.Load(), p.lost.Load())
	}
	audit(t, c, 1)
}

// TestServerStartsAgainWhileRead: readers write the lookup again, once.
func TestServerStartsAgainWhileRead(t *testing.T) {
	t.Parallel()
	s := ownServer(t)
	c, b := client(t, s.url(), "n"), &table{rows: 20_000}
	o := b.options()
	o.CacheBytes = -1
	var readers []*Replica
	for range 4 {
		readers = append(readers, open(t, c, o))
	}
	stop := make(chan struct{})
	var all sync.WaitGroup
	read := make([]atomic.Int32, len(readers))
	for i, r := range readers {
		all.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
					same(t, r, 3000)
					read[i].Add(1)
				}
			}
		})
	}
	// What is under way may have been read before: the second is whole by what is there now. A server that is lost
	// again and again while the lookup is written is an error.
	everybody := func() {
		t.Helper()
		for i := range read {
			before := read[i].Load()
			eventually(t, "it is read again", func() bool { return t.Failed() || read[i].Load() >= before+2 })
		}
	}
	for range 3 {
		s.again()
		everybody()
	}
	s.direct().FlushAll(t.Context())
	everybody()
	close(stop)
	all.Wait()
	for _, r := range readers {
		same(t, r, b.rows)
	}
	if n := b.fills.Load(); n < 5 || n > 20 {
		t.Errorf("written %d times", n)
	}
	audit(t, c, 1)
}

// TestServerStartsAgainWhileWritten: half a table is not taken for a whole one.
func TestServerStartsAgainWhileWritten(t *testing.T) {
	t.Parallel()
	s := ownServer(t)
	c, b := client(t, s.url(), "n"), &table{rows: batchRows + 2000}
	var once sync.Once
	b.during = func(_ context.Context, i int) error {
		if i == batchRows+1000 {
			once.Do(s.again)
		}
		return nil
	}
	same(t, open(t, c, b.options()), b.rows)
	if n := b.fills.Load(); n != 3 { // the second is the search for a key that stands twice
		t.Errorf("it was filled %d times", n)
	}
	audit(t, c, 1)
}

// TestLostBuckets: what was evicted is missed, whatever it was.
func TestLostBuckets(t *testing.T) {
	t.Parallel()
	c, b := onShared(t), &table{rows: 5000}
	o := b.options()
	o.CacheBytes = -1
	r := open(t, c, o)
	rdb := c.Pool("test", 1, time.Second)
	defer rdb.Close()
	for i, harm := range []func(bucket string){
		func(bucket string) { rdb.Del(t.Context(), bucket) },
		func(bucket string) { rdb.HSet(t.Context(), bucket, "", "-") },
		func(string) { rdb.Del(t.Context(), r.keys.meta()) }, // only for who comes later
	} {
		harm(r.keys.bucket(r.current().token, 77))
		same(t, r, b.rows)
		same(t, open(t, c, o), b.rows)
		if n := b.fills.Load(); n != int32(i+2) {
			t.Errorf("harm %d: written %d times", i, n)
		}
	}
	// A page of the filter is only missed by time.
	rdb.Del(t.Context(), r.keys.page(open(t, c, o).current().token, 0))
	same(t, open(t, c, o), b.rows)
	if n := b.fills.Load(); n != 4 {
		t.Errorf("written %d times", n)
	}
}

// TestNoMemory: a server that is full says so, and keeps no half table.
func TestNoMemory(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"noeviction", "volatile-lru", "allkeys-random"} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			s := ownServer(t, "--maxmemory", "6mb", "--maxmemory-policy", policy)
			c, b := client(t, s.url(), "n"), &table{rows: 150_000}
			_, err := Open(t.Context(), c, b.options())
			if err == nil || !strings.Contains(err.Error(), "maxmemory") {
				t.Errorf("the error is %v", err)
			}
			t.Log(err)
			audit(t, c, 0)
			small := &table{rows: 5000}
			same(t, open(t, c, Options{Name: "small", Rows: 5000, Fill: small.fill}), 5000)
		})
	}
}

// TestNoServer: one that stays away is an error that says which, after the patience is over.
func TestNoServer(t *testing.T) {
	t.Parallel()
	s := ownServer(t)
	c, b := client(t, s.url(), "n"), &table{rows: 5000}
	o := b.options()
	o.Patience, o.CacheBytes = 2*time.Second, -1
	r := open(t, c, o)
	s.stop()
	if _, err := r.Get(t.Context(), []string{"k1"}); err == nil || !strings.Contains(err.Error(), s.addr) {
		t.Errorf("the error is %v", err)
	}
	if _, err := Open(t.Context(), c, o); err == nil || !strings.Contains(err.Error(), s.addr) {
		t.Errorf("the error is %v", err)
	}
}
