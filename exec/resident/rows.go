package resident

import (
	"context"
	"errors"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/plan"
	"github.com/segq/segq/exec/vector"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// Rows asks for the profiles that match, in the order of the data, with the values of
// expressions. The table is cut into stretches (stretch.go), of which those of a small window
// are made at the same time and emitted one after another: however many profiles match, only
// so many are in memory.
type Rows struct {
	exec.Operation
	// Where is the query whose profiles are asked for.
	Where *check.Query
	// IDs asks for a column of ids, see [IDColumn], before those of Select: one for the value of
	// each expression.
	IDs    bool
	Select []*check.Query
	// Limit is how many profiles to give at most, 0 for all.
	Limit int
	// Sample is how many of them to give, 0 for all: those that [exec.Query].Sample chooses with
	// the same Seed, in the order of the data. They are chosen among all rows of the table, which
	// therefore must not be a part of another.
	Sample int
	Seed   uint64
	// Chosen is which of the Sample are given, from 0 on and in order; nil for all.
	Chosen []int
	// First is the number of the first row, where the table is a part of another.
	First int
	// Begin returns who takes the rows of a stretch.
	Begin func() Stretch
}

// Stretch takes rows that follow each other.
type Stretch interface {
	// Add takes the columns of the next n rows, which are valid until it returns. It is called
	// by one goroutine at a time, beside the Add of other stretches.
	Add(n int, columns []column.Column) error
	// End is called after the last Add, by the same goroutine.
	End() error
	// Emit is called after End, in the order of the stretches, by who has called
	// [Engine.Rows]. A stretch that is not needed does not hear of it.
	Emit() error
}

// RowsResult tells of rows that were given.
type RowsResult struct {
	Rows int
	// Matched is how many profiles match, where they were counted: for a Sample.
	Matched int
	// Limited says that there may be more, which Limit has left out.
	Limited bool
	// Overflowed says that some number was too large for its type, and became null.
	Overflowed bool
	// Nameless is how many of them have no id, in a table that has such a field: it is null.
	Nameless int
}

// reads returns what is read of a profile whose id is a field, nil for none.
func (q *Rows) reads(id *check.Field) *check.Reads {
	reads := check.ReadsOf(q.Where.Cond)
	for _, s := range q.Select {
		reads.Add(check.ReadsOf(s.Root))
	}
	if q.IDs && id != nil {
		reads.Field(id.Name).All = true
	}
	return reads
}

// Reads returns what the query reads of a profile of a table.
func (q *Rows) Reads(s *column.Snapshot) *check.Reads { return q.reads(s.ID) }

// Rows gives the profiles that match. The error is that of an evaluation, of who takes the
// rows, or says that ctx was done or that the data could not be read; some rows may have been
// emitted by then.
func (e *Engine) Rows(ctx context.Context, q Rows) (RowsResult, error) {
	r := &rows{Rows: q}
	if err := e.give(ctx, q.Reads, r); err != nil {
		return RowsResult{}, err
	}
	return r.result, nil
}

// give gives the rows of a question, which reads something of a profile.
func (e *Engine) give(ctx context.Context, reads func(*column.Snapshot) *check.Reads, r *rows) error {
	if e.closing.Err() != nil {
		return exec.ErrClosed
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer context.AfterFunc(e.closing, func() { cancel(exec.ErrClosed) })()
	defer e.begun(r.Class)()
	snap, release, err := e.loaded(ctx, reads, r.Operation)
	if err == nil {
		defer release()
		r.engine, r.snap, r.batch = e, snap, &run{}
		if err = r.prepare(ctx); err == nil {
			defer r.end()
			err = r.emit(ctx)
		}
		if err == nil {
			return nil
		}
	}
	if ctx.Err() != nil {
		err = stopped("query", context.Cause(ctx))
	}
	return err
}

// loaded returns a snapshot that has what is read.
func (e *Engine) loaded(ctx context.Context, reads func(*column.Snapshot) *check.Reads, q exec.Operation) (*column.Snapshot, func(), error) {
	snap := e.table.Snapshot()
	if !snap.Partial {
		return snap, func() {}, nil
	}
	read := reads(snap)
	columns := snap.Missing(read)
	return e.table.Load(ctx, read, func(done, total int64) {
		e.views.forget(e.table.Snapshot().Epoch)
		if q.Sink != nil {
			q.Sink.Load(q.ID, exec.Loading{Done: done, Total: total, Columns: columns})
		}
	})
}

// rows is a question for rows under way.
type rows struct {
	Rows
	engine *Engine
	snap   *column.Snapshot
	batch  *run // by which the scheduler knows that its jobs belong together
	result RowsResult

	// members are asked for instead of Where, nil for none.
	members *members
	plan    *plan.Plan
	values  []value
	vector  *vector.Program

	// sampled says that the rows are known: those of each stretch are pending, and left is none.
	sampled   bool
	stretches []*stretch
	// last is the number of the last stretch that is wanted.
	last atomic.Int64
	stop atomic.Bool

	mu   sync.Mutex // guards what follows
	next int        // the first stretch that nobody has begun
	open int        // the first that may not be begun yet
	busy int        // lanes that are not done
	jobs []*job
	idle []*rowWorker
}

// value is an expression that is asked for: over vectors, or by the reference evaluator.
type value struct {
	root      check.Node
	reference *eval.Program // nil where vectors have a form of it
	id        bool          // it is that of the profile
}

// prepare plans the condition and the expressions, and makes the stretches.
func (r *rows) prepare(ctx context.Context) (err error) {
	if r.members != nil {
		return r.members.prepare(ctx, r)
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // the data may lie in a file
	defer ast.Guard(func(f *ast.Fault) { err = r.lost(f) })
	if r.plan, err = r.engine.views.of(r.snap).planned(ctx, []*check.Query{r.Where}, r.snap, r.Now, true); err != nil {
		return err
	}
	r.vector = vector.New(r.snap, r.Now)
	if r.IDs {
		if err := r.prepareIDs(); err != nil {
			return err
		}
	}
	for _, q := range r.Select {
		v := value{root: q.Root}
		if r.vector.Add(q.Root, q.Slots) != nil {
			v.reference = eval.New(q, r.snap, r.Now)
		}
		r.values = append(r.values, v)
	}
	if r.Sample > 0 {
		return r.sample(ctx)
	}
	r.cut(stretchRows)
	return nil
}

// emit emits the stretches in their order.
func (r *rows) emit(ctx context.Context) error {
	for i, s := range r.stretches {
		r.begin(i)
		if err := r.wait(ctx, s); err != nil {
			return err
		}
		if r.Limit > 0 && r.result.Rows+s.found >= r.Limit {
			return r.emitLast(ctx, s)
		}
		if err := r.emitOne(s); err != nil {
			return err
		}
		r.stretches[i] = nil
	}
	return nil
}

// emitLast emits the stretch that reaches the limit. One that has more is made again.
func (r *rows) emitLast(ctx context.Context, s *stretch) error {
	r.last.Store(int64(s.index))
	left := r.Limit - r.result.Rows
	r.result.Limited = s.found > left || s.more || !s.whole() || s.index+1 < len(r.stretches)
	if s.found > left {
		again := newStretch(s.index, s.all)
		again.limit = left
		r.mu.Lock()
		r.next = len(r.stretches) // the others are not needed
		r.enter(&lane{rows: r, stretch: again, alone: true})
		r.mu.Unlock()
		if err := r.wait(ctx, again); err != nil {
			return err
		}
		s = again
	}
	return r.emitOne(s)
}

func (r *rows) emitOne(s *stretch) error {
	if s.to != nil {
		if err := s.to.Emit(); err != nil {
			return err
		}
	}
	r.result.Rows += s.found
	r.result.Overflowed = r.result.Overflowed || s.overflowed
	r.result.Nameless += s.nameless
	if r.members != nil {
		r.members.take(s)
	}
	return nil
}

// wait waits for a stretch, and gives its error.
func (r *rows) wait(ctx context.Context, s *stretch) error {
	select {
	case <-s.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	if s.err != nil {
		return s.err
	}
	return r.lost(nil)
}

// lost returns the error of a fault, nil for none; if the data is not what it was, that is the
// error.
func (r *rows) lost(f *ast.Fault) error {
	if err := gone(r.snap, f); err != nil || f == nil {
		return err
	}
	return f
}

// end takes the rest of the work away, and waits until nobody works for the question.
func (r *rows) end() {
	r.stop.Store(true)
	r.mu.Lock()
	jobs := r.jobs
	r.mu.Unlock()
	for _, j := range jobs {
		r.engine.scheduler.drop(j)
	}
	for _, j := range jobs {
		<-j.done
	}
}

// errStoppedRows is the error of an evaluation that was told to stop, of which nobody hears.
var errStoppedRows = errors.New("the evaluation of rows was stopped")
