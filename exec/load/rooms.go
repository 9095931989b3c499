package load

import "unsafe"

// rooms is memory that columns have one after another: what those of some row groups had,
// the same columns of the next ones get. So it is in the caches of the processor, and got
// from the system once. All that was read into it ends with [rooms.renew].
type rooms struct {
	free, used [][]uint64
}

// poison, which tests set, is what memory is filled with that nobody may read any more.
var poison uint64

// renew takes back all that was given.
func (r *rooms) renew() {
	r.free, r.used = append(r.free, r.used...), nil
	for _, b := range r.free {
		r.spoil(b)
	}
}

// spoil fills memory in tests.
func (r *rooms) spoil(b []uint64) {
	for i := 0; i < len(b) && poison != 0; i++ {
		b[i] = poison
	}
}

// take gives so many words with anything in them: those of the smallest that are enough. Where
// none are, the largest are given up for more: they were for the same, as a rule, which has grown.
func (r *rooms) take(words int) []uint64 {
	best, largest := -1, -1
	for i, b := range r.free {
		if len(b) >= words && (best < 0 || len(b) < len(r.free[best])) {
			best = i
		}
		if largest < 0 || len(b) > len(r.free[largest]) {
			largest = i
		}
	}
	b := []uint64(nil)
	if best >= 0 {
		b = r.free[best]
	} else {
		b, best = makeRoom[uint64](words+words/8), largest
		r.spoil(b)
	}
	r.used = append(r.used, b)
	if best >= 0 {
		last := len(r.free) - 1
		r.free[best], r.free = r.free[last], r.free[:last]
	}
	return b[:words]
}

// room gives a slice of zeros for what becomes part of a column.
func room[T any](p *pool, n int) []T {
	s := roomToFill[T](p, n)
	if p.rooms != nil {
		clear(s)
	}
	return s
}

// roomToFill gives a slice of which every place is written before any is read.
func roomToFill[T any](p *pool, n int) []T {
	if p.rooms == nil || n == 0 {
		return makeRoom[T](n)
	}
	words := (uintptr(n)*unsafe.Sizeof(*new(T)) + 7) / 8
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.rooms.take(int(words))
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), n)
}
