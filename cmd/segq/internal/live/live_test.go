package live

import (
	"sync"
	"sync/atomic"
	"testing"
)

// TestReplaced: what is held stays as it was, and ends once, when the last lets go.
func TestReplaced(t *testing.T) {
	t.Parallel()
	var ended []int
	v := New(1, func(n int) { ended = append(ended, n) })
	one, releaseOne := v.Hold()
	again, releaseAgain := v.Hold()
	gone := v.Replace(2)
	two, releaseTwo := v.Hold()
	if one != 1 || again != 1 || two != 2 {
		t.Errorf("%d, %d, %d", one, again, two)
	}
	releaseOne()
	releaseOne()
	if len(ended) > 0 {
		t.Errorf("%v have ended while somebody used them", ended)
	}
	old, releaseOld, ok := v.HoldThat(func(n int) bool { return n == 1 })
	if !ok || old != 1 {
		t.Errorf("%d, %v", old, ok)
	}
	releaseAgain()
	releaseOld()
	<-gone
	if _, _, ok := v.HoldThat(func(n int) bool { return n == 1 }); ok {
		t.Error("what has ended is held")
	}
	releaseTwo()
	<-v.Replace(3)
	v.Close()
	v.Close()
	if len(ended) != 3 || ended[0] != 1 || ended[1] != 2 || ended[2] != 3 {
		t.Errorf("%v have ended", ended)
	}
}

// TestTogether: whoever holds a value never sees one that has ended.
func TestTogether(t *testing.T) {
	t.Parallel()
	var ended atomic.Int32
	next := func() *atomic.Bool { return new(atomic.Bool) }
	v := New(next(), func(b *atomic.Bool) { b.Store(true); ended.Add(1) })
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 2000 {
				b, release := v.Hold()
				if b.Load() {
					t.Error("it has ended")
				}
				release()
			}
		})
	}
	for range 200 {
		<-v.Replace(next())
	}
	all.Wait()
	v.Close()
	if n := ended.Load(); n != 201 {
		t.Errorf("%d have ended", n)
	}
}
