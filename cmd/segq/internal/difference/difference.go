// Package difference compares two tables by the ids of their rows: what each row is in before and after, which
// entered, left and stayed. Both come in batches, side by side and in any order; in the same order hardly
// anything of them is held, in another what waits for its counterpart, up to a limit, beyond which it waits on disk.
//
// The tour: a [Batch] is rows with the sets of what they are in, as codes (batch.go). A [Comparison] is given
// batches of both sides, and tells of each row that differs (this file, pending.go). What has found no counterpart
// by the end, and all where an id may be in several rows, waits in parts by a hash of the ids (parts.go), which are joined
// one by one (join.go).
package difference

import (
	"errors"
	"hash/maphash"
	"runtime"
	"sync"
)

// Side is one of the tables.
type Side int

// The sides.
const (
	Before Side = iota
	After
)

// Options are those of a comparison.
type Options struct {
	// Unordered says that an id may be there in several rows, which are not next to each other: it is in
	// what any of them is in. Otherwise each id is in one row.
	Unordered bool
	// Each is called for each id of after that is in anything, with all of that, where they are unordered; nil for nobody.
	Each func(after []uint32)
	// Memory is about how many bytes may wait in memory, for their counterpart or for the end; 0 for a default.
	Memory int64
	// Threads is how many threads compare what waits for the end; 0 for one a core.
	Threads int
	// Joined is called at the end, as often as all: so many parts of what waits are compared. An error ends the
	// comparison. nil for nobody.
	Joined func(done, all int) error
	// Changed is called for each row that differs, by one goroutine at a time: with what it was in before
	// and is in after, in ascending order, which are valid until it returns.
	Changed func(Change) error
}

// Change is a row that differs: one side may not have it at all.
type Change struct {
	ID            string
	Before, After []uint32
	New, Gone     bool
}

// Rows counts the rows of two tables.
type Rows struct {
	// Before and After are all; Same are in both and in the same, Changed are in both, New and Gone in one.
	Before, After, Same, Changed, New, Gone int
}

// defaultMemory is what may wait in memory where nobody says otherwise; a side waits when so many batches
// of it are ahead.
const (
	defaultMemory = 256 << 20
	mostAhead     = 16
)

// Comparison is a comparison under way.
type Comparison struct {
	Options
	rows Rows

	mu      sync.Mutex // guards what follows
	moved   sync.Cond
	queue   [2][]*Batch // the first is looked at from at on
	at      [2]int
	ended   [2]bool
	err     error
	pending [2]map[string]string // set by id
	held    int64
	waiting [2]*waiting
	before  []uint32
	after   []uint32
}

// New begins a comparison. Who has begun it calls [Comparison.Close].
func New(o Options) *Comparison {
	if o.Memory <= 0 {
		o.Memory = defaultMemory
	}
	if o.Threads <= 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	c := &Comparison{Options: o, pending: [2]map[string]string{{}, {}}}
	seed := maphash.MakeSeed()
	each := o.Memory / 4 // beside what waits for its counterpart
	if o.Unordered {
		each = o.Memory / 2
	}
	for s := range c.waiting {
		c.waiting[s] = &waiting{limit: each, seed: seed}
	}
	c.moved.L = &c.mu
	return c
}

// Push adds rows of a side, after those that were added before. It waits when the other side is far
// behind, so that rows in the same order meet.
func (c *Comparison) Push(s Side, b *Batch) error {
	if c.Unordered {
		return c.gather(s, b)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if b.Len() > 0 && c.err == nil {
		c.queue[s] = append(c.queue[s], b)
		c.count(s, b.Len())
		c.fail(c.compare())
		c.moved.Broadcast()
	}
	for c.err == nil && len(c.queue[s]) > mostAhead && !c.ended[1-s] {
		c.moved.Wait()
	}
	return c.err
}

// gather lets rows wait for the end, since there may be more of their ids.
func (c *Comparison) gather(s Side, b *Batch) error {
	err := c.waiting[s].add(b)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count(s, b.Len())
	c.fail(err)
	return c.err
}

func (c *Comparison) count(s Side, n int) {
	if s == Before {
		c.rows.Before += n
	} else {
		c.rows.After += n
	}
}

// End says that a side has no more rows, because of an error if there is one.
func (c *Comparison) End(s Side, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended[s] = true
	c.fail(err)
	if c.err == nil {
		c.fail(c.compare())
	}
	c.moved.Broadcast()
}

func (c *Comparison) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// Finish waits for the end of both sides, compares what is left, and counts.
func (c *Comparison) Finish() (Rows, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.err == nil && !(c.ended[Before] && c.ended[After]) {
		c.moved.Wait()
	}
	if c.err == nil {
		c.fail(c.spill())
	}
	if c.err == nil {
		c.fail(c.join())
	}
	return c.rows, c.err
}

// Close lets go of what the comparison holds. Sides that still push have an error.
func (c *Comparison) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fail(errClosed)
	c.moved.Broadcast()
	return errors.Join(c.waiting[Before].remove(), c.waiting[After].remove())
}

var errClosed = errors.New("the comparison is closed")
