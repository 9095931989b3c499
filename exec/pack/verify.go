package pack

import (
	"context"
	"encoding/binary"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/segq/segq/lang/ast"
)

// chunkSize is how much of a vector has a checksum of its own: enough for it to cost little,
// and little enough for the cores to share a column and for what is read to stay in the cache.
// It is a part of the format.
const chunkSize = 1 << 20

// chunks is the number of checksums of a vector.
func chunks(length int64) int { return int((length + chunkSize - 1) / chunkSize) }

// task is a part of a vector that is to be verified.
type task struct {
	x      *examination
	vector int
	at     int64 // of the vector in the file
	lo, hi int64 // the part
	sum    uint32
}

// verification verifies columns, on all cores.
type verification struct {
	table *Table
	tasks []task
	of    []*examination
	valid [][]byte // by examination
	total int64
	next  atomic.Int64
	stop  atomic.Bool

	mu   sync.Mutex
	done int64
	err  error
	tell func(done, total int64)
}

// verify looks through columns that were not verified yet, and returns the vectors of each,
// without what pads them.
func (t *Table) verify(ctx context.Context, columns []*shape, tell func(done, total int64)) ([][][]byte, error) {
	v := &verification{table: t, tell: tell}
	exact := make([][][]byte, len(columns))
	for i, s := range columns {
		exact[i] = v.add(s)
	}
	if t.trusted {
		return exact, t.mapped.lost(nil)
	}
	defer context.AfterFunc(ctx, func() { v.stop.Store(true) })()
	workers := min(runtime.GOMAXPROCS(0), len(v.tasks))
	if v.total < 2*chunkSize {
		workers = 1
	}
	var others sync.WaitGroup
	for range workers - 1 {
		others.Go(v.work)
	}
	v.work()
	others.Wait()
	if v.err == nil {
		v.err = guarded(t.mapped.lost, v.finish)
	}
	if v.err == nil {
		v.err = ctx.Err()
	}
	if err := t.mapped.lost(nil); err != nil {
		v.err = err // and this is why
	}
	return exact, v.err
}

// add makes the tasks for a column.
func (v *verification) add(s *shape) (exact [][]byte) {
	x := &examination{shape: s}
	at, sum := s.at, s.sum
	for i, length := range s.vectors(&lengths{}) {
		padded := v.table.mapped.data[at : at+aligned(length)]
		exact = append(exact, padded[:length:length])
		x.v = append(x.v, padded)
		for lo := int64(0); lo < length; lo += chunkSize {
			hi := min(lo+chunkSize, aligned(length))
			v.tasks = append(v.tasks, task{x: x, vector: i, at: at, lo: lo, hi: hi, sum: binary.LittleEndian.Uint32(v.table.index.sums[4*sum:])})
			v.total += hi - lo
			sum++
		}
		at += aligned(length)
	}
	var valid []byte
	if s.valid {
		valid, x.v = x.v[0], x.v[1:]
	}
	if s.sparse {
		x.before, x.v = x.v[0], x.v[1:]
	}
	v.of, v.valid = append(v.of, x), append(v.valid, valid)
	return exact
}

// intact looks at the checksums of the columns that were verified once more.
func (t *Table) intact() error {
	var columns []*shape
	t.mu.Lock()
	t.index.root.each(func(s *shape) {
		if s.column != nil {
			columns = append(columns, s)
		}
	})
	t.mu.Unlock()
	v := &verification{table: t}
	for _, s := range columns {
		v.add(s)
	}
	return guarded(nil, func() error {
		for i := range v.tasks {
			if err := v.damage(&v.tasks[i]); err != nil {
				return err
			}
		}
		return nil
	})
}

// work does tasks until there are none left.
func (v *verification) work() {
	for !v.stop.Load() {
		i := int(v.next.Add(1)) - 1
		if i >= len(v.tasks) {
			return
		}
		err := guarded(v.table.mapped.lost, func() error { return v.do(&v.tasks[i]) })
		v.mu.Lock()
		v.done += v.tasks[i].hi - v.tasks[i].lo
		if err != nil && v.err == nil {
			v.err = err
			v.stop.Store(true)
		}
		if v.tell != nil && v.err == nil {
			v.tell(v.done, v.total)
		}
		v.mu.Unlock()
	}
}

func (v *verification) do(t *task) error {
	if err := v.damage(t); err != nil {
		return err
	}
	return v.wrong(t.x, t.x.part(t.vector, t.lo, t.hi))
}

// damage is an error where a part has another checksum than it had.
func (v *verification) damage(t *task) error {
	if checksum(v.table.mapped.data[t.at+t.lo:t.at+t.hi]) == t.sum {
		return nil
	}
	return fmt.Errorf("%s: the column %s is damaged: the bytes %d to %d of the file are not those that were packed", v.table.mapped.name, t.x.path(), t.at+t.lo, t.at+t.hi-1)
}

// wrong says of what is wrong with a column where that is. What is in one vector is compared
// with another, so that damage to that may be why.
func (v *verification) wrong(x *examination, err error) error {
	if err == nil {
		return nil
	}
	for i := range v.tasks {
		if v.tasks[i].x == x {
			if damaged := v.damage(&v.tasks[i]); damaged != nil {
				return damaged
			}
		}
	}
	return fmt.Errorf("%s: the column %s is not as segq packs it: %w", v.table.mapped.name, x.path(), err)
}

// finish looks at what is left when all parts were verified.
func (v *verification) finish() error {
	if v.stop.Load() {
		return nil
	}
	for i, x := range v.of {
		if err := v.wrong(x, x.whole(v.valid[i])); err != nil {
			return err
		}
	}
	return nil
}

// guarded does what reads columns, and gives a panic as an error: lost, which may be nil, says
// whether it is that of a file, else it is a fault of segq.
func guarded(lost func(fault any) error, work func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		fault := recover()
		if fault == nil {
			return
		}
		err = ast.Caught(fault)
		if lost == nil {
			return
		}
		if why := lost(fault); why != nil {
			err = why
		}
	}()
	return work()
}
