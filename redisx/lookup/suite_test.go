package lookup

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/redis/go-redis/v9"

	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/redistest"
)

// The suite needs a real server: the one at SEGQ_TEST_REDIS, or one that it starts itself.

var shared struct {
	url string
	err error
}

func TestMain(m *testing.M) {
	if os.Getenv(writerURL) != "" {
		writeHalf()
		return
	}
	var stop func()
	shared.url, stop, shared.err = redistest.Any()
	code := m.Run()
	stop()
	os.Exit(code)
}

// server is a server of a test's own.
type server struct {
	t    *testing.T
	addr string
	stop func()
}

func ownServer(t *testing.T, args ...string) *server {
	t.Helper()
	addr, stop, err := redistest.Start(args...)
	redistest.Need(t, err)
	s := &server{t, addr, stop}
	t.Cleanup(func() { s.stop() })
	return s
}

func (s *server) url() string { return "redis://" + s.addr }

// again kills the server and starts another at its address, which is empty.
func (s *server) again() {
	s.stop()
	stop, err := redistest.Again(s.addr)
	if err != nil {
		s.t.Error(err)
	}
	s.stop = stop
}

// direct is a connection for what only tests do.
func (s *server) direct() *redis.Client {
	c := redis.NewClient(&redis.Options{Addr: s.addr})
	s.t.Cleanup(func() { c.Close() })
	return c
}

// onShared returns a client of the server that tests share, in a namespace of its own.
func onShared(t testing.TB) *redisx.Client {
	t.Helper()
	redistest.Need(t, shared.err)
	return client(t, shared.url, "t-"+uuid.NewString())
}

func client(t testing.TB, url, namespace string) *redisx.Client {
	t.Helper()
	c, err := redisx.Open(t.Context(), redisx.Options{URL: url, Namespace: namespace})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// table is what tests replicate: row i has the key k<i>, and a row that differs from all others.
type table struct {
	rows  int
	fills atomic.Int32
	// during is called before each row, if it is not nil.
	during func(ctx context.Context, i int) error
	// key is the key of a row, where it is not k<i>.
	key func(i int) string
}

func rowOf(i int) string { return fmt.Sprintf("row %d of the table", i) }

func (b *table) fill(ctx context.Context, add func(key, row []byte) error) error {
	b.fills.Add(1)
	for i := range b.rows {
		if b.during != nil {
			if err := b.during(ctx, i); err != nil {
				return err
			}
		}
		key := fmt.Sprint("k", i)
		if b.key != nil {
			key = b.key(i)
		}
		if err := add([]byte(key), []byte(rowOf(i))); err != nil {
			return err
		}
	}
	return nil
}

func (b *table) options() Options { return Options{Name: "table", Rows: b.rows, Fill: b.fill} }

func open(t testing.TB, c *redisx.Client, o Options) *Replica {
	t.Helper()
	r, err := Open(t.Context(), c, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// same fails the test unless a replica has exactly the rows of the table, of n, and none for others.
func same(t testing.TB, r *Replica, n int) {
	t.Helper()
	var keys, want []string
	for i := range n {
		keys, want = append(keys, fmt.Sprint("k", i)), append(want, rowOf(i))
		if i%3 == 0 {
			keys, want = append(keys, fmt.Sprint("other", i)), append(want, "")
		}
		if i%7 == 0 {
			keys, want = append(keys, fmt.Sprint("k", i/2)), append(want, rowOf(i/2))
		}
	}
	got, err := r.Get(t.Context(), keys)
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("of %s there is %q, want %q", keys[i], got[i], want[i])
		}
	}
}

// audit fails the test for every key that would stay, or that is no part of what is read; spare are such as may be
// there besides.
func audit(t testing.TB, c *redisx.Client, versions int) {
	t.Helper()
	odd, err := c.Audit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range odd {
		t.Error(f)
	}
	rdb := c.Pool("test", 1, time.Second)
	defer rdb.Close()
	names, err := rdb.Keys(t.Context(), "segq:{"+c.Namespace()+"}:lookup:*").Result()
	if err != nil {
		t.Fatal(err)
	}
	var tokens []string
	for _, name := range names {
		if parts := strings.Split(name, ":"); len(parts) == 6 && !slices.Contains(tokens, parts[4]) {
			tokens = append(tokens, parts[4])
		}
	}
	if len(tokens) != versions {
		t.Errorf("there are keys of %d versions %v, want %d", len(tokens), tokens, versions)
	}
}

// proxy stands between a client and a server, and loses replies together with their connections.
type proxy struct {
	listener net.Listener
	server   string
	cut      atomic.Int32 // replies still to lose
	lost     atomic.Int32
	every    atomic.Int32 // loses one of so many, while there are some to lose
	passed   atomic.Int32
	all      sync.WaitGroup
}

func newProxy(t testing.TB, server string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, server: server}
	p.every.Store(1)
	p.all.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			p.all.Go(func() { p.serve(conn) })
		}
	})
	return p
}

func (p *proxy) url() string { return "redis://" + p.listener.Addr().String() }

func (p *proxy) serve(client net.Conn) {
	defer client.Close()
	server, err := net.Dial("tcp", p.server)
	if err != nil {
		return
	}
	defer server.Close()
	go func() {
		defer server.Close()
		pass(client, server, func() bool { return true })
	}()
	pass(server, client, func() bool {
		if p.passed.Add(1)%p.every.Load() != 0 || p.cut.Load() <= 0 || p.cut.Add(-1) < 0 {
			return true
		}
		p.lost.Add(1)
		return false
	})
}

func pass(from, to net.Conn, through func() bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil || !through() {
			return
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// eventually waits for a condition; the bound is for broken code only.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); <-tick.C {
		if holds() {
			return
		}
	}
	t.Fatalf("in vain: %s", what)
}

var errTest = errors.New("the test says no")
