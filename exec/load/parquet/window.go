package parquet

import (
	"errors"
	"io"
)

// readAhead is how much is read at once, at least.
const readAhead = 256 << 10

// window gives the bytes of a part of a file in order. What it gave is valid
// until the next call.
type window struct {
	r       io.ReaderAt
	at, end int64 // what is not yet in buf
	buf     []byte
	pos     int
	err     error // of reading
}

// fill sees to n bytes being there, or as many as there are.
func (w *window) fill(n int) error {
	have := len(w.buf) - w.pos
	if have >= n || w.at == w.end {
		return nil
	}
	more := min(int64(max(n-have, readAhead)), w.end-w.at)
	if need := have + int(more); need > cap(w.buf) {
		w.buf = append(make([]byte, 0, need), w.buf[w.pos:]...)
	} else {
		w.buf = w.buf[:copy(w.buf[:have], w.buf[w.pos:])]
	}
	w.pos = 0
	to := w.buf[have : have+int(more)]
	if _, err := w.r.ReadAt(to, w.at); err != nil {
		if w.err = err; errors.Is(err, io.EOF) {
			w.err = errors.New("the file has become shorter while it was read")
		}
		return w.err
	}
	w.buf, w.at = w.buf[:have+int(more)], w.at+more
	return nil
}

// peek returns the next n bytes, or what is left; all says that it is that.
func (w *window) peek(n int) (b []byte, all bool, err error) {
	if err := w.fill(n); err != nil {
		return nil, false, err
	}
	left := w.buf[w.pos:]
	return left, w.at == w.end, nil
}

func (w *window) skip(n int) { w.pos += n }

// take returns the next n bytes.
func (w *window) take(n int) ([]byte, error) {
	if int64(n) > int64(len(w.buf)-w.pos)+w.end-w.at {
		return nil, errors.New("a page is longer than its column")
	}
	if err := w.fill(n); err != nil {
		return nil, err
	}
	w.pos += n
	return w.buf[w.pos-n : w.pos : w.pos], nil
}
