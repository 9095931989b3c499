package object

import (
	"context"
	"io"
	"sync"
)

// Reader reads an object at offsets. It is safe for concurrent use.
type Reader struct {
	o      *Object
	client *client
	ctx    context.Context
	cancel context.CancelFunc
	ahead  int64 // how much may be held that was read ahead
	// Hold, if set, hears how many bytes are held that were read ahead, and how many of them not any more. It
	// is set before the first WillNeed.
	Hold func(bytes int64)
	// Between says that what lies between ranges that are needed is likely to be read too, so that none of it
	// is needless. It is set before the first WillNeed.
	Between bool

	mu      sync.Mutex
	pieces  []*piece // what is fetched or will be, in no order
	queue   []*piece // those of them that are not begun
	held    int64
	running int

	wanted, needless int64 // bytes of the pieces until now: what was asked for, and what lies between
}

// OpenAt returns a reader. It may hold so many bytes that were read ahead.
func (o *Object) OpenAt(ctx context.Context, ahead int64) *Reader {
	return newReader(ctx, o, ahead)
}

func newReader(ctx context.Context, o *Object, ahead int64) *Reader {
	o.count()
	r := &Reader{o: o, client: newClient(o.store.transport()), ahead: ahead}
	r.ctx, r.cancel = context.WithCancel(ctx)
	return r
}

// Close ends all requests.
func (r *Reader) Close() error {
	r.cancel()
	r.Forget()
	return nil
}

// Object returns what is read.
func (r *Reader) Object() *Object { return r.o }

// ReadAt reads from an offset on, from what was read ahead if it is there.
func (r *Reader) ReadAt(p []byte, at int64) (int, error) { return r.readAt(r.ctx, p, at) }

func (r *Reader) readAt(ctx context.Context, p []byte, at int64) (int, error) {
	done := 0
	for done < len(p) {
		if at >= r.o.size {
			return done, io.EOF
		}
		n, err := r.some(ctx, p[done:], at)
		done, at = done+n, at+int64(n)
		if err != nil {
			return done, err
		}
	}
	return done, nil
}

// some reads bytes that lie together: one at least.
func (r *Reader) some(ctx context.Context, p []byte, at int64) (int, error) {
	if f := r.o.known(); at >= f.at && at < f.at+int64(len(f.bytes)) {
		n := copy(p, f.bytes[at-f.at:])
		r.passed(at, n)
		return n, nil
	}
	end := min(at+int64(len(p)), r.o.size)
	if f := r.o.known(); len(f.bytes) > 0 && at < f.at {
		end = min(end, f.at)
	}
	r.mu.Lock()
	for _, q := range r.pieces {
		if at >= q.at && at < q.end() {
			r.need(q)
			r.mu.Unlock()
			return r.from(ctx, q, p, at)
		}
		if q.at > at {
			end = min(end, q.at)
		}
	}
	r.mu.Unlock()
	if r.o.found.Load() == nil && r.o.size <= head { // a small one of a listing
		all := make([]byte, r.o.size)
		if err := r.o.fetch(ctx, r.client, all, 0); err != nil {
			return 0, err
		}
		r.o.found.Store(&part{0, all})
		return 0, nil
	}
	n := int(end - at)
	return n, r.o.fetch(ctx, r.client, p[:n], at)
}

// known returns what need not be asked for.
func (o *Object) known() part {
	if f := o.found.Load(); f != nil {
		return *f
	}
	return part{}
}

// from reads from a piece when it is there.
func (r *Reader) from(ctx context.Context, q *piece, p []byte, at int64) (int, error) {
	select {
	case <-q.done:
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
	if q.err != nil {
		r.mu.Lock()
		r.drop(q)
		r.mu.Unlock()
		if q.ctx.Err() != nil && ctx.Err() == nil {
			return 0, nil // it was given up for another reason: again
		}
		return 0, q.err
	}
	n := copy(p, q.bytes[at-q.at:])
	r.mu.Lock()
	defer r.mu.Unlock()
	if q.left -= int64(n); q.left <= 0 {
		r.drop(q)
		r.start()
	}
	return n, nil
}

// passed takes what came with the first answer off what is to be read of a piece.
func (r *Reader) passed(at int64, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, q := range r.pieces {
		if both := min(at+int64(n), q.end()) - max(at, q.at); both > 0 {
			if q.left -= both; q.left <= 0 {
				r.drop(q)
				r.start()
				return
			}
		}
	}
}

// Bound returns the reader for somebody who waits no longer than a context, and whose pieces are given
// up then. hold is as [Reader.Hold], of these; nil for none.
func (r *Reader) Bound(ctx context.Context, hold func(bytes int64)) *BoundReader {
	b := &BoundReader{r: r, hold: hold}
	var cancel context.CancelFunc
	b.ctx, cancel = context.WithCancel(ctx)
	stop := context.AfterFunc(r.ctx, cancel)
	context.AfterFunc(b.ctx, func() {
		stop()
		cancel()
		r.forget(b.ctx)
	})
	return b
}

// BoundReader is a [Reader] for as long as a context.
type BoundReader struct {
	r    *Reader
	ctx  context.Context
	hold func(bytes int64)
}

// ReadAt is [Reader.ReadAt].
func (b *BoundReader) ReadAt(p []byte, at int64) (int, error) { return b.r.readAt(b.ctx, p, at) }

// WillNeed is [Reader.WillNeed].
func (b *BoundReader) WillNeed(ranges []Range) { b.r.willNeed(b.ctx, ranges, b.hold) }
