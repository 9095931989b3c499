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
	if poison != 0 {
		for _, b := range r.used {
			for i := range b {
				b[i] = poison
			}
		}
	}
	r.free, r.used = append(r.free, r.used...), nil
}

// take gives so many words that are zero: those of the smallest that are enough.
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
	switch {
	case best >= 0:
		clear(r.free[best][:words])
		r.used = append(r.used, r.free[best])
	case largest >= 0: // it is for this one, as a rule, which has grown
		r.used, best = append(r.used, makeRoom[uint64](words+words/8)), largest
	default:
		r.used = append(r.used, makeRoom[uint64](words))
		return r.used[len(r.used)-1][:words]
	}
	r.free[best] = r.free[len(r.free)-1]
	r.free = r.free[:len(r.free)-1]
	return r.used[len(r.used)-1][:words]
}

// size is what there is, in bytes.
func (r *rooms) size() (bytes int64) {
	for _, b := range r.free {
		bytes += 8 * int64(len(b))
	}
	for _, b := range r.used {
		bytes += 8 * int64(len(b))
	}
	return bytes
}

// room gives a slice of zeros for what becomes part of a column.
func room[T any](p *pool, n int) []T {
	if p.rooms == nil || n == 0 {
		return makeRoom[T](n)
	}
	words := (uintptr(n)*unsafe.Sizeof(*new(T)) + 7) / 8
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.rooms.take(int(words))
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), n)
}
