package redisx

import (
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"
	"pgregory.net/rapid"
)

func TestAddressesKeepTheirSecret(t *testing.T) {
	t.Parallel()
	for _, url := range []string{
		"redis://me:s3cret@host:no", "redis://:s3cret@ho st", "http://me:s3cret@host", "redis://me:s3%ZZcret@host",
		"redis://:s3cret/x@host:1/db", "redis://me:s3cret@127.0.0.1:1", "s3cret", "redis://me:s3cret@host/minus",
	} {
		c, err := Open(t.Context(), Options{URL: url})
		if err == nil {
			c.Close()
			t.Errorf("%s opened", url)
			continue
		}
		if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("the error holds the password: %v", err)
		}
	}
}

func TestNamesThatReachOtherKeys(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a}b", "a:b", "a*", "", "a b", "a\n", strings.Repeat("a", 65)} {
		if err := validName("id", name); err == nil {
			t.Errorf("%q is a name", name)
		}
	}
	if _, err := Open(t.Context(), Options{URL: "redis://127.0.0.1:1", Namespace: "a}b"}); err == nil || !strings.Contains(err.Error(), "namespace") {
		t.Errorf("namespace a}b: %v", err)
	}
}

func TestEmbeddedLeavesNothingRunning(t *testing.T) {
	before := goleak.IgnoreCurrent()
	c, err := Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	stop := work(t, c, WorkerOptions{}, handlerFunc(func(task *Task) { task.Finish(nil) }))
	submit(t, c, query("a"))
	stop()
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
	goleak.VerifyNone(t, before)
}

// cutter is a proxy before a server that loses the replies of some commands: the
// server has run them, and the client hears of a broken connection.
type cutter struct {
	net.Listener
	server string
	cut    atomic.Int32 // replies still to lose
	lost   atomic.Int32
}

func newCutter(t *testing.T, server string) *cutter {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cutter{Listener: l, server: server}
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			wait.Go(func() { c.serve(conn) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		wait.Wait()
	})
	return c
}

func (c *cutter) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", c.server)
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		_, _ = io.Copy(server, client)
		server.Close()
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := server.Read(buffer)
		if err != nil {
			return
		}
		if c.cut.Load() > 0 && c.cut.Add(-1) >= 0 {
			c.lost.Add(1)
			return
		}
		if _, err := client.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// TestLostReplies loses replies all through the lives of jobs. The client repeats
// what it does not know to have happened; nothing may happen twice for it.
func TestLostReplies(t *testing.T) {
	t.Parallel()
	needReal(t)
	proxy := newCutter(t, strings.TrimPrefix(realURL, "redis://"))
	namespace := "t-" + uuid.NewString()
	direct := openReal(t, realURL, namespace)
	shaky := openReal(t, "redis://"+proxy.Addr().String(), namespace)
	var runs sync.Map
	work(t, shaky, WorkerOptions{Lease: 5 * time.Second}, handlerFunc(func(task *Task) {
		n, _ := runs.LoadOrStore(task.Command.ID, new(atomic.Int32))
		n.(*atomic.Int32).Add(1)
		task.Start([]int{100, 100})
		for rows := 10; rows <= 100; rows += 10 {
			task.Progress(0, rows, rows/2, rows == 100)
			task.Progress(1, rows, rows/5, rows == 100)
		}
		task.Finish([]byte("r"))
	}))
	var ids []string
	for range 60 {
		proxy.cut.Store(1)
		id := uuid.NewString()
		// The submission itself may end in doubt; the id makes it safe to repeat.
		eventually(t, "the command is queued", func() bool {
			_, err := shaky.Submit(t.Context(), query(id))
			return err == nil
		})
		ids = append(ids, id)
	}
	proxy.cut.Store(0)
	eventually(t, "all jobs are done", func() bool {
		jobs, err := direct.Status(t.Context(), ids...)
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range jobs {
			if j.State != Done {
				return false
			}
		}
		return true
	})
	again := 0
	for _, id := range ids {
		j := status(t, direct, id)
		if len(j.Partitions) != 2 || timeless(j.Partitions[0]) != (Partition{Done: true, Rows: 100, Total: 100, Matched: 50}) || timeless(j.Partitions[1]) != (Partition{Done: true, Rows: 100, Total: 100, Matched: 20}) {
			t.Errorf("%s has counters %v", id, j.Partitions)
		}
		n, _ := runs.Load(id)
		again += int(n.(*atomic.Int32).Load()) - 1
	}
	t.Logf("%d jobs, %d replies lost, %d runs repeated", len(ids), proxy.lost.Load(), again)
	if proxy.lost.Load() == 0 {
		t.Error("no reply was lost: the test shows nothing")
	}
	audit(t, direct)
}

// TestPartitionsAreReadAsTheyAreWritten, whatever their numbers.
func TestPartitionsAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.IntRange(0, 1<<40)
		p := Partition{
			Done: rapid.Bool().Draw(r, "done"), Rows: n.Draw(r, "rows"), Total: n.Draw(r, "total"), Matched: n.Draw(r, "matched"),
			Elapsed: time.Duration(n.Draw(r, "ms")%1e9) * time.Millisecond,
		}
		if got := parsePartition(p.String()); got != p {
			t.Errorf("%s is read as %v", p, got)
		}
	})
	if got := parsePartition("done:1:1:1"); got != (Partition{}) {
		t.Errorf("half of one is read as %v", got)
	}
}
