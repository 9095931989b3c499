package redisx

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// attempt returns a task that has claimed the job id, of tenant a, with a lease.
func attempt(t testing.TB, c *Client, id string, lease time.Duration) *Task {
	t.Helper()
	command := query(id)
	command.Tenant = "a"
	if _, err := c.Submit(t.Context(), command); err != nil {
		t.Fatal(err)
	}
	fields, err := c.run(t.Context(), c.control, scriptClaim, "w", "n-"+id, 1, lease.Milliseconds(), 0, 0, 0, claimBytes, "").StringSlice()
	if err != nil || len(fields) < 4 || fields[2] != id {
		t.Fatalf("claimed %q, %v", fields, err)
	}
	return newTask(NewWorker(c, finishAll(), WorkerOptions{}), command, fields[3], 0, false, time.Now())
}

// publish publishes ids in small portions.
func publish(t testing.TB, task *Task, o SegmentOptions, ids []string) Segment {
	t.Helper()
	o.Count = len(ids)
	p, err := task.Publish(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for part := range slices.Chunk(ids, 1000) {
		if err := p.Add(t.Context(), part); err != nil {
			t.Fatal(err)
		}
	}
	s, err := p.Commit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func named(prefix string, n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("%s%d", prefix, i)
	}
	return ids
}

func TestMembersOfASet(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		s := publish(t, attempt(t, c, "j", time.Minute), SegmentOptions{Kind: "set", Name: "gold", Snapshot: "s1"}, named("p", 2000))
		if s.Kind != "set" || s.Count != 2000 || s.Snapshot != "s1" || s.Job != "j" || time.Since(s.At) > time.Hour {
			t.Errorf("%+v", s)
		}
		got, err := c.Member(t.Context(), "a", "gold", "p0", "p1999", "p2000", "")
		if want := []bool{true, true, false, false}; !slices.Equal(got, want) || err != nil {
			t.Errorf("%v, %v", got, err)
		}
		for _, err := range []error{
			second(c.Member(t.Context(), "b", "gold", "p0")), second(c.Member(t.Context(), "a", "silver", "p0")), c.DropSegment(t.Context(), "b", "gold"),
		} {
			if !errors.Is(err, ErrNoSegment) {
				t.Errorf("what is not there: %v", err)
			}
		}
		if list, err := c.Segments(t.Context(), "a"); len(list) != 1 || list[0] != s || err != nil {
			t.Errorf("the list: %v, %v", list, err)
		}
		if list, err := c.Segments(t.Context(), "b"); len(list) != 0 || err != nil {
			t.Errorf("the list of another: %v, %v", list, err)
		}
		audit(t, c)
		if err := c.DropSegment(t.Context(), "a", "gold"); err != nil {
			t.Error(err)
		}
		if left := c.control.Exists(t.Context(), c.keys.segment("a", "gold"), c.keys.segment("a", "gold")+":"+s.Version).Val(); left != 0 {
			t.Errorf("%d keys are left", left)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// TestHyperLogLog: sizes are within what the method promises.
func TestHyperLogLog(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		const n = 10_000
		all := named("p", 2*n)
		publish(t, attempt(t, c, "j1", time.Minute), SegmentOptions{Kind: "hll", Name: "a"}, all[:n])
		publish(t, attempt(t, c, "j2", time.Minute), SegmentOptions{Kind: "hll", Name: "b"}, all[n/2:n/2+n])
		about := func(what string, got int, err error, want float64) {
			t.Helper()
			t.Logf("%s: %d, in truth %.0f", what, got, want)
			if err != nil || math.Abs(float64(got)-want) > 0.03*1.5*n {
				t.Errorf("%s: %d, not %.0f; %v", what, got, want, err)
			}
		}
		got, err := c.UnionSize(t.Context(), "a", "a")
		about("one", got, err, n)
		got, err = c.UnionSize(t.Context(), "a", "a", "b")
		about("union", got, err, 1.5*n)
		got, err = c.OverlapSize(t.Context(), "a", "a", "b")
		about("overlap", got, err, 0.5*n)
		if _, err := c.UnionSize(t.Context(), "a", "a", "c"); !errors.Is(err, ErrNoSegment) {
			t.Errorf("with one that is not there: %v", err)
		}
		if _, err := c.Member(t.Context(), "a", "a", "p1"); err == nil || !strings.Contains(err.Error(), "publish it as set or bloom") {
			t.Errorf("asked for members: %v", err)
		}
	})
}

// TestBitmap: bit i is profile i.
func TestBitmap(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		const rows = 1003
		task := attempt(t, c, "j", time.Minute)
		p, err := task.Publish(t.Context(), SegmentOptions{Kind: "bitmap", Name: "gold", Rows: rows, Count: 4})
		if err != nil {
			t.Fatal(err)
		}
		set := []int{0, 7, 64 + 9, 1002}
		for start := 0; start < rows; start += 512 {
			words := make([]uint64, 8)
			for _, i := range set {
				if i >= start && i < start+512 {
					words[(i-start)/64] |= 1 << (i % 64)
				}
			}
			if err := p.AddRows(t.Context(), start, words); err != nil {
				t.Fatal(err)
			}
		}
		s, err := p.Commit(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		key := c.keys.segment("a", "gold") + ":" + s.Version
		for i := range rows {
			if bit := c.control.GetBit(t.Context(), key, int64(i)).Val(); (bit == 1) != slices.Contains(set, i) {
				t.Errorf("bit %d is %d", i, bit)
			}
		}
		if n := c.control.StrLen(t.Context(), key).Val(); n != (rows+7)/8 {
			t.Errorf("%d bytes", n)
		}
		if got, err := c.Member(t.Context(), "a", "gold", "7", "8"); !slices.Equal(got, []bool{true, false}) || err != nil {
			t.Errorf("%v, %v", got, err)
		}
		for _, wrong := range []string{"1003", "-1", "p1"} {
			if _, err := c.Member(t.Context(), "a", "gold", wrong); err == nil || !strings.Contains(err.Error(), "numbers of profiles, below 1003") {
				t.Errorf("%s: %v", wrong, err)
			}
		}
	})
}

// TestStream: an entry for each id, and none twice, though the replies of a part are lost.
func TestStream(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		task := attempt(t, c, "j", time.Minute)
		p, err := task.Publish(t.Context(), SegmentOptions{Kind: "stream", Name: "gold", Count: 20})
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range [][]string{named("p", 10), named("q", 10)} {
			for range 2 { // what the client library does when a reply is lost
				p.entries = len(p.members)
				if part[0] == "q0" {
					p.entries = 10
				}
				if err := errors.Join(p.Add(t.Context(), part), p.flush(t.Context())); err != nil {
					t.Fatal(err)
				}
			}
		}
		s, err := p.Commit(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		entries, err := c.control.XRange(t.Context(), c.keys.segment("a", "gold")+":"+s.Version, "-", "+").Result()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, e := range entries {
			got = append(got, fmt.Sprint(e.Values["id"]))
		}
		if want := append(named("p", 10), named("q", 10)...); !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
	})
}

// TestVersionsAreSwappedAtOnce: who asks while new versions come sees one of them, whole.
// In each version, all ids are members or none.
func TestVersionsAreSwappedAtOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		const versions = 20
		publish(t, attempt(t, c, "v0", time.Minute), SegmentOptions{Kind: "set", Name: "gold"}, named("v0-", 50))
		ctx, stop := context.WithCancel(t.Context())
		var looks atomic.Int64
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			for ; ctx.Err() == nil; looks.Add(1) {
				var ids []string
				for v := range versions {
					ids = append(ids, fmt.Sprintf("v%d-0", v), fmt.Sprintf("v%d-49", v))
				}
				got, err := c.Member(t.Context(), "a", "gold", ids...)
				in := 0
				for i := 0; i < len(got); i += 2 {
					if got[i] != got[i+1] {
						t.Errorf("half of version %d", i/2)
					}
					if got[i] {
						in++
					}
				}
				if err != nil || in != 1 {
					t.Errorf("%d versions at once, %v", in, err)
					break
				}
			}
		}()
		for v := 1; v < versions; v++ {
			before := looks.Load()
			publish(t, attempt(t, c, fmt.Sprint("v", v), time.Minute), SegmentOptions{Kind: "set", Name: "gold"}, named(fmt.Sprintf("v%d-", v), 50))
			eventually(t, "somebody looks", func() bool { return looks.Load() > before || t.Failed() })
		}
		stop()
		<-ended
		audit(t, c)
	})
}

// TestALostAttemptPublishesNothing.
func TestALostAttemptPublishesNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		old := attempt(t, c, "j", time.Millisecond)
		p, err := old.Publish(t.Context(), SegmentOptions{Kind: "set", Name: "gold", Count: 2})
		if err != nil {
			t.Fatal(err)
		}
		eventually(t, "the lease runs out", func() bool { return reap(t, c) > 0 })
		again := claimAs(t, c, "w2", "n2", 1, time.Minute)[0]
		task := newTask(NewWorker(c, finishAll(), WorkerOptions{}), old.Command, again.token, 0, true, time.Now())
		publish(t, task, SegmentOptions{Kind: "set", Name: "gold"}, []string{"new"})
		if err := p.Add(t.Context(), []string{"old"}); err != nil {
			t.Fatal(err)
		}
		if _, err := p.Commit(t.Context()); !errors.Is(err, ErrLeaseLost) {
			t.Errorf("the old attempt: %v", err)
		}
		if got, err := c.Member(t.Context(), "a", "gold", "new", "old"); !slices.Equal(got, []bool{true, false}) || err != nil {
			t.Errorf("%v, %v", got, err)
		}
		audit(t, c)
	})
}

// TestSegmentsThatGo: one that was given a time goes by itself, data and all.
func TestSegmentsThatGo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, c *Client) {
		s := publish(t, attempt(t, c, "j", time.Minute), SegmentOptions{Kind: "set", Name: "gold", TTL: time.Minute}, []string{"p"})
		key := c.keys.segment("a", "gold")
		for _, k := range []string{key, key + ":" + s.Version} {
			if ttl := c.control.PTTL(t.Context(), k).Val(); ttl <= 0 || ttl > time.Minute {
				t.Errorf("%s goes in %v", k, ttl)
			}
			c.control.PExpire(t.Context(), k, time.Millisecond)
		}
		eventually(t, "it goes", func() bool {
			list, err := c.Segments(t.Context(), "a")
			return err == nil && len(list) == 0
		})
		if n := c.control.Exists(t.Context(), c.keys.segments()).Val(); n != 0 {
			t.Error("it is still listed")
		}
	})
}

func TestWhatCannotBePublished(t *testing.T) {
	t.Parallel()
	c, err := Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	task := attempt(t, c, "j", time.Minute)
	for says, o := range map[string]SegmentOptions{
		"is not a kind of segment": {Kind: "list", Name: "a"},
		"the name of a segment":    {Kind: "set", Name: "a:b"},
		"rate 2":                   {Kind: "bloom", Name: "a", Rate: 2},
		"choose a higher rate":     {Kind: "bloom", Name: "a", Count: 1 << 31},
		"at most 4294967296":       {Kind: "bitmap", Name: "a", Rows: 1 << 33},
	} {
		if _, err := task.Publish(t.Context(), o); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
