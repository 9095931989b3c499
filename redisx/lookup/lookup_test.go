package lookup

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/segq/segq/redisx"
)

func TestEveryRowIsFound(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 31, 33, 1000, 50_000} {
		for _, o := range []Options{{}, {CacheBytes: -1}, {FilterBytes: -1, CacheBytes: -1}, {FilterBytes: 200}} {
			t.Run(fmt.Sprint(n, o.CacheBytes, o.FilterBytes), func(t *testing.T) {
				t.Parallel()
				c, b := onShared(t), &table{rows: n}
				o.Name, o.Rows, o.Fill = "t", n, b.fill
				same(t, open(t, c, o), n)
				again := open(t, c, o)
				same(t, again, n)
				if again.Rows() != n || b.fills.Load() != 1 {
					t.Errorf("%d rows, written %d times", again.Rows(), b.fills.Load())
				}
				audit(t, c, 1)
			})
		}
	}
}

// TestOtherNumberOfRows: the number of rows is only a hint.
func TestOtherNumberOfRows(t *testing.T) {
	t.Parallel()
	for _, hint := range []int{0, 10, 1_000_000} {
		c, b := onShared(t), &table{rows: 5000}
		r := open(t, c, Options{Name: "t", Rows: hint, Fill: b.fill})
		same(t, r, 5000)
		audit(t, c, 1)
	}
}

// TestBytes: keys and rows are any bytes.
func TestBytes(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	bytes := func(most int) string {
		b := make([]byte, 1+random.IntN(most))
		for i := range b {
			b[i] = byte(random.Uint32())
		}
		return string(b)
	}
	want := map[string]string{"+": "+", "-": "-", "\x00": "\r\n", "\r\n": strings.Repeat("x", 1<<20)}
	for range 5000 {
		want[bytes(20)] = bytes(300)
	}
	r := open(t, onShared(t), Options{Name: "t", Rows: len(want), Fill: func(_ context.Context, add func(key, row []byte) error) error {
		for k, v := range want {
			if err := add([]byte(k), []byte(v)); err != nil {
				return err
			}
		}
		return nil
	}})
	var keys []string
	for k := range want {
		keys = append(keys, k, bytes(3))
	}
	for range 2 { // the second time from the cache
		rows, err := r.Get(t.Context(), keys)
		if err != nil {
			t.Fatal(err)
		}
		for i, k := range keys {
			if rows[i] != want[k] {
				t.Fatalf("of %q there is %q, want %q", k, rows[i], want[k])
			}
		}
	}
	if c := r.Counts(); c.Cached < c.Found {
		t.Errorf("%+v", c)
	}
}

// TestRowsWithoutKeys: they are counted, not found, and take part in the numbers of rows.
func TestRowsWithoutKeys(t *testing.T) {
	t.Parallel()
	c, b := onShared(t), &table{rows: 1000}
	without := func(twice bool) func(context.Context, func(key, row []byte) error) error {
		return func(ctx context.Context, add func(key, row []byte) error) error {
			return b.fill(ctx, func(key, row []byte) error {
				switch {
				case string(key) == "k10" || string(key) == "k20":
					key = nil
				case twice && string(key) == "k30":
					key = []byte("k15")
				}
				return add(key, row)
			})
		}
	}
	open(t, c, Options{Name: "t", Rows: 1000, Fill: without(false)})
	r := open(t, c, Options{Name: "t", Rows: 1000, Fill: without(false)})
	if got, err := r.Get(t.Context(), []string{"k10", "", "k11"}); err != nil || got[0] != "" || got[1] != "" || got[2] != rowOf(11) {
		t.Errorf("%q, %v", got, err)
	}
	if r.Rows() != 998 || r.Nulls() != 2 {
		t.Errorf("%d rows and %d without a key", r.Rows(), r.Nulls())
	}
	var twice *DuplicateError
	if _, err := Open(t.Context(), c, Options{Name: "twice", Rows: 1000, Fill: without(true)}); !errors.As(err, &twice) || twice.Rows != [2]int{15, 30} {
		t.Errorf("the error is %v", err)
	}
}

func TestEmptyRows(t *testing.T) {
	t.Parallel()
	c := onShared(t)
	_, err := Open(t.Context(), c, Options{Name: "t", Rows: 1, Fill: func(_ context.Context, add func(key, row []byte) error) error {
		return add([]byte("key"), nil)
	}})
	if err == nil {
		t.Error("an empty row is taken")
	}
	audit(t, c, 0)
}

func TestKeysThatStandTwice(t *testing.T) {
	t.Parallel()
	c, b := onShared(t), &table{rows: 20_000}
	b.key = func(i int) string {
		if i == 17_001 {
			i = 4000
		}
		return fmt.Sprint("k", i)
	}
	_, err := Open(t.Context(), c, b.options())
	var twice *DuplicateError
	if !errors.As(err, &twice) || string(twice.Key) != "k4000" || twice.Rows != [2]int{4000, 17_001} {
		t.Errorf("the error is %v", err)
	}
	audit(t, c, 0)
}

// TestOneWriter: of many who need a table one writes it, and all read it.
func TestOneWriter(t *testing.T) {
	t.Parallel()
	c, b := onShared(t), &table{rows: 20_000}
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			r, err := Open(t.Context(), client(t, shared.url, c.Namespace()), b.options())
			if err != nil {
				t.Error(err)
				return
			}
			defer r.Close()
			same(t, r, b.rows)
		})
	}
	all.Wait()
	if n := b.fills.Load(); n != 1 {
		t.Errorf("the table was written %d times", n)
	}
	audit(t, c, 1)
}

// TestTwoAtOnce: two who both take themselves for the writer do not mix; the one that is later reads what the first has
// written, and takes its own away.
func TestTwoAtOnce(t *testing.T) {
	t.Parallel()
	c, b := onShared(t), &table{rows: 20_000}
	slow := b.options()
	slow.Fill = func(ctx context.Context, add func(key, row []byte) error) error {
		return b.fill(ctx, func(key, row []byte) error {
			if string(key) == "k10000" {
				// The lease is taken away, as it goes from a writer that is paused.
				rdb := c.Pool("test", 1, time.Second)
				defer rdb.Close()
				names, err := rdb.Keys(ctx, "*"+c.Namespace()+"*:w").Result()
				if err != nil || len(names) != 1 {
					return fmt.Errorf("leases are %v: %w", names, err)
				}
				rdb.Del(ctx, names...)
				same(t, open(t, c, b.options()), b.rows)
			}
			return add(key, row)
		})
	}
	same(t, open(t, c, slow), b.rows)
	if n := b.fills.Load(); n != 2 {
		t.Errorf("the table was written %d times, not twice", n)
	}
	audit(t, c, 1)
}

func TestFillFails(t *testing.T) {
	t.Parallel()
	c, b := onShared(t), &table{rows: 300_000}
	b.during = func(_ context.Context, i int) error {
		if i == 290_000 {
			return errTest
		}
		return nil
	}
	if _, err := Open(t.Context(), c, b.options()); !errors.Is(err, errTest) {
		t.Errorf("the error is %v", err)
	}
	audit(t, c, 0)
	// Nobody has to wait for a lease.
	b.during = nil
	began := time.Now()
	same(t, open(t, c, b.options()), 1000)
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("the next writer waited: %v", took)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	c, b := onShared(t), &table{rows: 300_000}
	ctx, cancel := context.WithCancel(t.Context())
	b.during = func(_ context.Context, i int) error {
		if i == 200_000 {
			// Others wait, and can be cancelled too.
			waiting, stop := context.WithTimeout(ctx, 100*time.Millisecond)
			defer stop()
			if _, err := Open(waiting, c, b.options()); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("who waits ends with %v", err)
			}
			cancel()
		}
		return nil
	}
	if _, err := Open(ctx, c, b.options()); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
	audit(t, c, 0)
}

// TestTimeToLive: what is read stays, and what is not goes.
func TestTimeToLive(t *testing.T) {
	t.Parallel()
	c, b := onShared(t), &table{rows: 1000}
	o := b.options()
	o.TTL = 600 * time.Millisecond
	r := open(t, c, o)
	rdb := c.Pool("test", 1, time.Second)
	defer rdb.Close()
	there := func() int {
		names, err := rdb.Keys(t.Context(), "segq:{"+c.Namespace()+"}*").Result()
		if err != nil {
			t.Fatal(err)
		}
		return len(names)
	}
	all := there()
	for end := time.Now().Add(3 * o.TTL); time.Now().Before(end); {
		if n := there(); n != all {
			t.Fatalf("%d keys of %d", n, all)
		}
	}
	r.Close()
	eventually(t, "what nobody reads goes", func() bool { return there() == 0 })
}

func TestEmbedded(t *testing.T) {
	t.Parallel()
	c, err := redisx.Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := Open(t.Context(), c, Options{Name: "t"}); !errors.Is(err, ErrEmbedded) || !strings.Contains(err.Error(), "--redis") {
		t.Errorf("the error is %v", err)
	}
}

// TestRights: the rights of the ACL file are enough, and who lacks one is told of the file.
func TestRights(t *testing.T) {
	t.Parallel()
	s := ownServer(t)
	text, err := os.ReadFile("../acl/segq.acl")
	if err != nil {
		t.Fatal(err)
	}
	rdb := s.direct()
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(strings.ReplaceAll(line, "PASSWORD", "secret"))
		if fields[1] != "segq" {
			continue
		}
		for _, user := range []struct{ name, without string }{{"segq", ""}, {"old", "+hlen"}} {
			args := []any{"acl", "setuser", user.name}
			for _, f := range fields[2:] {
				if f != user.without {
					args = append(args, f)
				}
			}
			if err := rdb.Do(t.Context(), args...).Err(); err != nil {
				t.Fatal(err)
			}
		}
	}
	b := &table{rows: 5000}
	if _, err := Open(t.Context(), client(t, "redis://old:secret@"+s.addr, "n"), b.options()); err == nil || !strings.Contains(err.Error(), "segq.acl") {
		t.Errorf("the error of who may not is %v", err)
	}
	c := client(t, "redis://segq:secret@"+s.addr, "n")
	r := open(t, c, b.options())
	same(t, r, b.rows)
	if err := rdb.FlushAll(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	r.cache = newCache(0)
	same(t, r, b.rows)
}

// TestNoWaste: keys go to Redis once, however often they are asked for, and few that have no row.
func TestNoWaste(t *testing.T) {
	t.Parallel()
	b := &table{rows: 20_000}
	r := open(t, onShared(t), b.options())
	var keys []string
	for i := range b.rows {
		keys = append(keys, fmt.Sprint("k", i), fmt.Sprint("k", i), fmt.Sprint("foreign", i))
	}
	for range 2 {
		if _, err := r.Get(t.Context(), keys); err != nil {
			t.Fatal(err)
		}
	}
	c := r.Counts()
	t.Logf("%+v", c)
	if c.Found != 20_000 || c.Sent > 20_400 || c.Pipelines > 6 || c.Asked != 120_000 || c.Asked != c.Cached+c.Filtered+20_000+c.Sent {
		t.Errorf("%+v", c)
	}
}

// TestScriptsAreShort: what one script is given is bounded, so that Redis is there for others, and by
// what Lua can unpack.
func TestScriptsAreShort(t *testing.T) {
	t.Parallel()
	for _, buckets := range []int{1, 10, 10_000} {
		w := &writer{r: &Replica{}, v: &version{token: "t", buckets: buckets}}
		const rows = 30_000
		for i := range rows {
			w.batch = append(w.batch, entry{hash: uint64(i) << 49, at: len(w.bytes), key: 4, row: 600})
			w.bytes = append(w.bytes, make([]byte, 604)...)
		}
		var all int
		for _, c := range w.calls() {
			var told int
			for at := 1; at < len(c.args); {
				n := c.args[at].(int)
				told, at = told+n, at+1+2*n
			}
			all += told
			if told != c.rows || told > scriptRowsAtOnce || c.bytes > scriptBytes+604 || len(c.buckets) > told {
				t.Fatalf("a script gets %d rows, %d bytes", told, c.bytes)
			}
		}
		if all != rows {
			t.Errorf("of %d rows %d are sent", rows, all)
		}
	}
}
