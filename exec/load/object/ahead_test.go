package object

import (
	"bytes"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// TestAhead reads ranges in an order, and counts what was sent for it.
func TestAhead(t *testing.T) {
	s := serve(t, random(40<<20))
	o := find(t, s.URL+"/x.bin", true)
	before, sent := s.requests, s.sent.Load()
	r := o.OpenAt(t.Context(), 2*pieceSize)
	defer r.Close()
	held, most := int64(0), int64(0)
	r.Hold = func(n int64) {
		held += n
		most = max(most, held)
	}
	ranges := []Range{{30 << 20, 1 << 20}, {1 << 20, 100}, {1<<20 + 1000, 50_000}, {8 << 20, 12 << 20}}
	r.WillNeed(ranges)
	for _, a := range ranges {
		for at := a.At; at < a.At+a.N; at += 300_000 {
			b := make([]byte, min(300_000, a.At+a.N-at))
			if _, err := r.ReadAt(b, at); err != nil || !bytes.Equal(b, s.contents[at:at+int64(len(b))]) {
				t.Fatalf("at %d: not what it is: %v", at, err)
			}
		}
	}
	if n := s.requests - before; n != 4 { // the second and third are joined, the last is cut in two
		t.Errorf("%d requests, not 4", n)
	}
	if want := int64(1<<20 + 51_000 + 12<<20); s.sent.Load()-sent != want {
		t.Errorf("%d bytes, not %d", s.sent.Load()-sent, want)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if held != 0 || most < pieceSize || most > 3*pieceSize {
		t.Errorf("%d bytes are told to be held, and were %d at most", held, most)
	}
	if r.held != 0 || len(r.pieces) != 0 {
		t.Errorf("%d bytes in %d pieces are still held", r.held, len(r.pieces))
	}
}

// TestAheadInAnyOrder reads at random what was announced, side by side, and is right.
func TestAheadInAnyOrder(t *testing.T) {
	s := serve(t, random(30<<20))
	r := find(t, s.URL+"/x.bin", false).OpenAt(t.Context(), pieceSize)
	defer r.Close()
	var wg sync.WaitGroup
	for i := range 6 {
		wg.Go(func() {
			d := rand.New(rand.NewPCG(7, uint64(i)))
			bound := r.Bound(t.Context(), nil)
			for range 40 {
				var ranges []Range
				for range 3 {
					ranges = append(ranges, Range{d.Int64N(30 << 20), d.Int64N(2 << 20)})
				}
				bound.WillNeed(ranges)
				at := d.Int64N(30<<20 - 1000)
				b := make([]byte, d.Int64N(1000)+1)
				if _, err := bound.ReadAt(b, at); err != nil || !bytes.Equal(b, s.contents[at:at+int64(len(b))]) {
					t.Errorf("at %d: not what it is: %v", at, err)
				}
			}
		})
	}
	wg.Wait()
}

// TestNeedless reads little here and there: what lies between is fetched only where it is little beside.
func TestNeedless(t *testing.T) {
	for _, c := range []struct{ n, every, requests int64 }{
		{10_000, 100_000, 200},    // nearly all gaps are too large
		{10_000, 11_000, 3},       // all of them together are a tenth
		{200_000, 400_000, 47},    // small enough each, too much together
		{1_000_000, 1_100_000, 3}, // the same, in pieces
	} {
		s := serve(t, random(20<<20))
		o := find(t, s.URL+"/x.bin", true)
		before, sent := s.requests, s.sent.Load()
		r := o.OpenAt(t.Context(), 2*pieceSize)
		var ranges []Range
		for at := int64(0); at+c.n < 19<<20; at += c.every {
			ranges = append(ranges, Range{at, c.n})
		}
		r.WillNeed(ranges)
		for _, a := range ranges {
			b := make([]byte, a.N)
			if _, err := r.ReadAt(b, a.At); err != nil || !bytes.Equal(b, s.contents[a.At:a.At+a.N]) {
				t.Fatalf("at %d: not what it is: %v", a.At, err)
			}
		}
		asked := int64(len(ranges)) * c.n
		if more := s.sent.Load() - sent - asked; more > max(gap, asked/needless) {
			t.Errorf("%d bytes every %d: %d more than %d", c.n, c.every, more, asked)
		}
		if n := int64(s.requests - before); n > c.requests {
			t.Errorf("%d bytes every %d: %d requests", c.n, c.every, n)
		}
		_ = r.Close()
	}
}

// TestAtOnce has as many requests at a time as answers take long.
func TestAtOnce(t *testing.T) {
	for latency, want := range map[time.Duration]int{time.Millisecond: fewest, 20 * time.Millisecond: 20, time.Second: most} {
		s := serve(t, random(20<<20))
		o := find(t, s.URL+"/x.bin", true)
		var waiting atomic.Int64
		together := make(chan struct{})
		s.mu.Lock()
		s.spoil = func(int, http.ResponseWriter, *http.Request) bool {
			if waiting.Add(1) == int64(want) {
				close(together)
			}
			<-together
			return false
		}
		s.mu.Unlock()
		r := o.OpenAt(t.Context(), 64<<20)
		o.latency.Store(int64(latency))
		var ranges []Range
		for at := int64(0); at < 19<<20; at += 300_000 {
			ranges = append(ranges, Range{at, 1000})
		}
		r.WillNeed(ranges)
		r.mu.Lock()
		if r.running != want {
			t.Errorf("%v: %d at a time, not %d", latency, r.running, want)
		}
		r.mu.Unlock()
		if _, err := r.ReadAt(make([]byte, 1000), 0); err != nil {
			t.Error(err)
		}
		_ = r.Close()
	}
}
