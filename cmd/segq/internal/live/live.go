// Package live holds what is replaced while others use it. Who uses it keeps what there was when
// they came; what was replaced ends when the last of them lets go.
package live

import (
	"slices"
	"sync"
)

// Value holds a value that may be replaced. It is safe for concurrent use.
type Value[T any] struct {
	end func(T)

	mu  sync.Mutex
	now *held[T]
	old []*held[T] // those that were replaced and have not ended
}

// held is a value with those who use it.
type held[T any] struct {
	value    T
	users    int
	replaced bool
	ended    bool
	gone     chan struct{} // closed when it has ended
}

// New returns a holder of a value. end ends a value that nobody uses any more, once; it may be slow.
func New[T any](value T, end func(T)) *Value[T] {
	return &Value[T]{end: end, now: &held[T]{value: value, gone: make(chan struct{})}}
}

// last says, once, that the value is to end. The mutex is held.
func (v *Value[T]) last(h *held[T]) bool {
	if !h.replaced || h.users > 0 || h.ended {
		return false
	}
	h.ended = true
	v.old = slices.DeleteFunc(v.old, func(o *held[T]) bool { return o == h })
	return true
}

// Hold returns the value of this moment. It does not end before release is called; a second call
// does nothing. After Close it returns what has ended.
func (v *Value[T]) Hold() (value T, release func()) {
	v.mu.Lock()
	defer v.mu.Unlock()
	h := v.now
	h.users++
	return h.value, sync.OnceFunc(func() { v.release(h) })
}

func (v *Value[T]) release(h *held[T]) {
	v.mu.Lock()
	h.users--
	last := v.last(h)
	v.mu.Unlock()
	if last {
		v.finish(h)
	}
}

// HoldThat is Hold for the newest value of those that have not ended that is meant; ok is false where there is none.
func (v *Value[T]) HoldThat(is func(T) bool) (value T, release func(), ok bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	all := append(slices.Clone(v.old), v.now)
	for _, h := range slices.Backward(all) {
		if is(h.value) {
			h.users++
			return h.value, sync.OnceFunc(func() { v.release(h) }), true
		}
	}
	return value, func() {}, false
}

// Replace puts another value in the place of the one that there is. gone is closed when that has
// ended: at once, or when the last who uses it lets go.
func (v *Value[T]) Replace(value T) (gone <-chan struct{}) {
	v.mu.Lock()
	before := v.now
	v.now = &held[T]{value: value, gone: make(chan struct{})}
	before.replaced = true
	v.old = append(v.old, before)
	last := v.last(before)
	v.mu.Unlock()
	if last {
		v.finish(before)
	}
	return before.gone
}

// Close ends the value when nobody uses it any more, and waits for that.
func (v *Value[T]) Close() {
	v.mu.Lock()
	h := v.now
	h.replaced = true
	last := v.last(h)
	v.mu.Unlock()
	if last {
		v.finish(h)
	}
	<-h.gone
}

func (v *Value[T]) finish(h *held[T]) {
	defer close(h.gone)
	v.end(h.value)
}
