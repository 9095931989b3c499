package peek

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/explanation"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// patience is that of a counter: what takes longer is shown when it is asked.
const patience = 200 * time.Millisecond

// Counter counts over one dataset. It is safe for concurrent use.
type Counter struct {
	ctx     context.Context
	catalog column.Catalog
	data    data
	engine  engine
	// patience is how long a count may take once its columns are there.
	patience time.Duration
	// why says why nothing matches; nil where nobody wants to know.
	why func(context.Context, explanation.Answer) record.Note

	mu     sync.Mutex
	recent recent
	// next is what is to be loaded after what is being loaded, nil for nothing.
	next    *draft
	loading bool
}

// data is where the columns come from.
type data interface {
	Resides(*check.Reads) bool
	HasRoom(*check.Reads) bool
	LoadSpare(context.Context, *check.Reads) error
}

// engine counts.
type engine interface {
	exec.Runner
	// Busy says whether somebody waits for an answer, and Idle waits until nobody does.
	Busy() bool
	Idle(ctx context.Context) error
}

// New returns the counter of a dataset. What it does in the background ends with ctx.
func New(ctx context.Context, d *dataset.Dataset) *Counter {
	return &Counter{ctx: ctx, catalog: d.Catalog, data: d, engine: d.Engine, patience: patience, why: whyNothing(d)}
}

// Count answers a question; ctx is done as soon as nobody waits for the answer any more. It does not wait for
// columns: where some are missing, it says so, and they are loaded meanwhile if there is room. Nor does it wait
// longer than its time for queries under way, which have the processors.
func (c *Counter) Count(ctx context.Context, q Question) (out Result) {
	defer ast.Guard(func(*ast.Fault) { out = Result{} }) // who runs the query is told
	d := c.draft(q)
	if d == nil {
		return Result{}
	}
	if known, ok := c.known(d); ok {
		return known
	}
	if !c.data.Resides(d.reads) {
		return c.load(d)
	}
	return c.count(ctx, d)
}

// count counts what is resident.
func (c *Counter) count(ctx context.Context, d *draft) Result {
	ctx, cancel := context.WithTimeoutCause(ctx, c.patience, errSlow)
	defer cancel()
	b := exec.Batch{Now: d.now, Class: exec.Idle}
	for i, typed := range d.queries {
		b.Queries = append(b.Queries, exec.Query{ID: strconv.Itoa(i), Typed: typed})
	}
	busy := c.engine.Busy()
	results, err := c.engine.Run(ctx, b)
	counts := make([]int64, len(results))
	for i, r := range results {
		err = errors.Join(err, r.Err)
		counts[i] = int64(r.Count)
	}
	if err == nil {
		a := answer{counts: counts, total: int64(results[0].Total)}
		known := c.explain(ctx, d, &a)
		if known {
			c.remember(d, a)
		}
		return d.result(a)
	}
	slow := errors.Is(context.Cause(ctx), errSlow)
	switch {
	case slow && (busy || c.engine.Busy()), ctx.Err() == nil && errors.Is(err, exec.ErrGaveWay):
		return Result{Counted: Span(d.whole), Loading: true}
	case slow, ctx.Err() == nil && !errors.Is(err, exec.ErrClosed):
		c.remember(d, answer{})
	}
	return Result{}
}

// explain finds out why nothing matches, in what is left of the time for the count. It says whether asking again
// would find the same.
func (c *Counter) explain(ctx context.Context, d *draft, a *answer) (whole bool) {
	if c.why == nil || a.counts[0] > 0 || a.total == 0 {
		return true
	}
	a.why = c.why(ctx, explanation.Answer{
		Typed: d.queries[0], Text: d.text[d.whole.Start:d.whole.End], Now: d.now, Class: exec.Idle, Total: int(a.total),
	})
	return ctx.Err() == nil
}

// whyNothing returns what explains an answer of a dataset that is none.
func whyNothing(data *dataset.Dataset) func(context.Context, explanation.Answer) record.Note {
	return func(ctx context.Context, a explanation.Answer) (first record.Note) {
		x := explanation.New(data)
		if !x.Wants(a) {
			return first
		}
		for _, n := range x.Notes(ctx, a) {
			return n
		}
		return first
	}
}

// errSlow is why a count was ended that took too long.
var errSlow = errors.New("the count takes too long for something that nobody has asked for")

// load has the columns of a draft loaded if there is room, after what is being loaded, and instead of what waits
// for that.
func (c *Counter) load(d *draft) Result {
	if !c.data.HasRoom(d.reads) {
		return Result{}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next = d
	if !c.loading {
		c.loading = true
		go c.loadAll()
	}
	return Result{Counted: Span(d.whole), Loading: true}
}

// loadAll loads what is wanted, until that is nothing.
func (c *Counter) loadAll() {
	for {
		idle := c.engine.Idle(c.ctx)
		c.mu.Lock()
		d := c.next
		if c.next = nil; d == nil || idle != nil {
			c.loading = false
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		c.loadOne(d)
	}
}

// loadOne loads the columns of a draft. What cannot be read is not tried again.
func (c *Counter) loadOne(d *draft) {
	defer ast.Guard(func(*ast.Fault) { c.remember(d, answer{}) })
	err := c.data.LoadSpare(c.ctx, d.reads)
	if err != nil && c.ctx.Err() == nil && !errors.Is(err, load.ErrPutOff) && !errors.Is(err, load.ErrNoRoom) {
		c.remember(d, answer{})
	}
}
