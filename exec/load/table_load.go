package load

import (
	"context"
	"errors"
	"runtime"
	"sync"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// loading is units that are being read, for all who wait for one of them.
type loading struct {
	done   chan struct{}
	err    error // once done is closed
	cancel context.CancelFunc

	size int64
	// Guarded by the mutex of the table: how many wait for it, what it is loaded for, and whether it was ended
	// for somebody else's loading.
	waiting int
	purpose purpose
	putOff  bool
	fresh   []*unit // what of it was not resident before

	mu   sync.Mutex
	hear map[*waiter]bool
	read int64
}

// waiter waits for loadings.
type waiter struct {
	loads []*loading
	own   *loading // what it has begun itself; nil for nothing

	mu   sync.Mutex // guards what follows
	far  map[*loading]int64
	tell func(done, total int64) // nil for nobody
}

// Load makes what is read resident, as [column.Table] says. What several ask for is read
// once; it goes on as long as one of them waits for it.
func (t *Table) Load(ctx context.Context, r *check.Reads, tell func(done, total int64)) (*column.Snapshot, func(), error) {
	if t.files == nil {
		return t.Snapshot(), func() {}, nil
	}
	need, err := t.admit(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	release := sync.OnceFunc(func() { t.release(need) })
	s, err := t.load(ctx, need, forAsker, tell)
	if err != nil {
		release()
		return nil, nil, err
	}
	return s, release, nil
}

// load makes units resident, which are pinned unless they are spare.
func (t *Table) load(ctx context.Context, need needs, p purpose, tell func(done, total int64)) (*column.Snapshot, error) {
	for {
		s, w := t.join(need, p, tell)
		if w == nil {
			return s, nil
		}
		failed, err := t.wait(ctx, w)
		if err != nil && (ctx.Err() != nil || failed == w.own) {
			return nil, err
		}
		// Others have failed, or were cancelled, with what they asked for beside it.
	}
}

// join returns the table if all units are resident, else who waits for them: what nobody
// loads is begun, and then goes before what is spare.
func (t *Table) join(need needs, p purpose, tell func(done, total int64)) (*column.Snapshot, *waiter) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var missing []*unit
	w := &waiter{tell: tell, far: map[*loading]int64{}}
	joined := map[*loading]bool{}
	for _, u := range t.units { // in the order of the files
		switch {
		case !need[u] || u.loaded:
		case u.loading == nil:
			missing = append(missing, u)
		case !joined[u.loading]:
			joined[u.loading] = true
			w.loads = append(w.loads, u.loading)
		}
	}
	if p == forAsker {
		for _, l := range w.loads {
			l.purpose = p
		}
	}
	if missing != nil {
		if p == forAsker {
			t.putOff()
		}
		w.own = t.begin(missing, p)
		w.loads = append(w.loads, w.own)
	}
	if w.loads == nil {
		return t.now.Load(), nil
	}
	for _, l := range w.loads {
		l.waiting++
		l.mu.Lock()
		l.hear[w] = true
		l.mu.Unlock()
	}
	return nil, w
}

// begin reads units in a goroutine of its own. The mutex is held.
func (t *Table) begin(units []*unit, p purpose) *loading {
	ctx, cancel := context.WithCancel(context.Background())
	l := &loading{done: make(chan struct{}), cancel: cancel, hear: map[*waiter]bool{}, purpose: p}
	for _, u := range units {
		u.loading = l
		l.size += u.size
	}
	go func() {
		defer close(l.done)
		defer cancel()
		err := t.fetch(ctx, l, units)
		t.mu.Lock()
		defer t.mu.Unlock()
		if l.err = err; err != nil && l.putOff {
			l.err = ErrPutOff
		}
		for _, u := range units {
			u.loading = nil
		}
	}()
	return l
}

// fetch reads units and makes them part of the table.
func (t *Table) fetch(ctx context.Context, l *loading, units []*unit) (err error) {
	defer ast.Guard(func(f *ast.Fault) { err = f })
	end, err := t.readAlone(ctx)
	if err != nil {
		return err
	}
	defer end()
	units = t.withPresence(units)
	some, err := t.makeRoomFor(l, units)
	if err != nil {
		return err
	}
	if some {
		l.progress(0, 0) // whoever holds on to what was evicted lets go of it
		runtime.GC()
	}
	r, err := t.read(ctx, units, l.progress)
	if full := (*MemoryError)(nil); errors.As(err, &full) && t.mayEvict(l) && t.makeRoom(t.options.columnLimit()) {
		l.progress(0, 0)
		runtime.GC()
		r, err = t.read(ctx, units, l.progress) // beside nothing but what is in use
	}
	if err != nil {
		return err
	}
	if err := t.publish(r); err != nil {
		return err
	}
	return t.settled(l, units)
}

// wait waits until all is read, or until one reading fails, or ctx is done.
func (t *Table) wait(ctx context.Context, w *waiter) (failed *loading, err error) {
	defer t.leave(w)
	for _, l := range w.loads {
		l.progress(0, 0)
		select {
		case <-l.done:
			if l.err != nil {
				return l, l.err
			}
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
	return nil, nil
}

// leave waits no more. What nobody waits for is ended.
func (t *Table) leave(w *waiter) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, l := range w.loads {
		l.mu.Lock()
		delete(l.hear, w)
		l.mu.Unlock()
		if l.waiting--; l.waiting == 0 {
			l.cancel()
		}
	}
}

// progress tells those who wait how far the reading is.
func (l *loading) progress(done, _ int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.read = max(l.read, done)
	for w := range l.hear {
		if w.tell != nil {
			w.told(l, l.read)
		}
	}
}

// told tells of all that w waits for, when one of them got so far.
func (w *waiter) told(of *loading, done int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.far[of] = min(done, of.size)
	done, total := int64(0), int64(0)
	for _, l := range w.loads {
		done, total = done+w.far[l], total+l.size
	}
	w.tell(done, total)
}
