package load

import (
	"context"

	"github.com/segq/segq/exec/load/parquet"
	"github.com/segq/segq/lang/check"
)

// What is asked for is kept as long as it is in use, so that what several ask for together may be
// more than there is memory for. Then the one who comes later waits until there is room: what
// fits by itself never fails for its neighbours.

// admit pins the units of what is read, once they are within the limit with all that is in use.
// Those who need nothing more than is resident do not wait.
func (t *Table) admit(ctx context.Context, r *check.Reads) (needs, error) {
	if need := t.tryAdmit(r, false); need != nil {
		return need, nil
	}
	select { // one after another, in the order in which they came
	case t.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	defer func() { <-t.turn }()
	for {
		t.mu.Lock()
		freed := t.freed
		t.mu.Unlock()
		if need := t.tryAdmit(r, true); need != nil {
			return need, nil
		}
		t.keepers.Yield()
		select {
		case <-freed:
		case <-t.shrinking():
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// tryAdmit is admit for those who do not wait; nil if they have to. Who has waited goes before
// those who have not.
func (t *Table) tryAdmit(r *check.Reads, waited bool) needs {
	t.mu.Lock()
	defer t.mu.Unlock()
	need := t.needed(r)
	if !t.fits(need, waited) {
		return nil
	}
	t.clock++
	for u := range need {
		u.used = t.clock
		u.pins++
	}
	return need
}

// fits says whether units are within the limit with those that are in use, or nothing is in use.
// The mutex is held.
func (t *Table) fits(need needs, waited bool) bool {
	if limit := t.options.columnLimit(); limit <= 0 || mostGrowth*t.size <= limit {
		return true
	}
	inUse, own, more := t.options.beside(), int64(0), int64(0)
	for _, u := range t.units {
		switch {
		case u.pins > 0:
			inUse += t.guess(u)
		case need[u] && !u.loaded:
			more += t.guess(u)
		case need[u]:
			own += u.bytes
		}
	}
	return more == 0 || (waited || len(t.turn) == 0) && (inUse == 0 || inUse+own+more <= t.options.Columns)
}

// mostGrowth is how much larger columns are than what they take in a file, as a rule at most.
const mostGrowth = 8

// guess returns about what the column of a unit holds: what it held, or what the footers say. The
// mutex is held.
func (t *Table) guess(u *unit) int64 {
	if u.bytes > 0 || u.guessed > 0 {
		return max(u.bytes, u.guessed)
	}
	for i, f := range t.files {
		for _, column := range u.columns[i] {
			var chunks []parquet.Column
			chunks, _ = f.file.Meta.Column(column) // the reading will tell
			for g := range chunks {
				u.guessed += max(f.leaves[column].kept(&chunks[g]), 0)
			}
		}
	}
	return u.guessed
}

// release lets go of units that were pinned.
func (t *Table) release(need needs) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for u := range need {
		u.pins--
	}
	close(t.freed)
	t.freed = make(chan struct{})
}

// readAlone waits until nobody else reads, if there is not memory for all columns, and returns what is to be
// called at the end.
func (t *Table) readAlone(ctx context.Context) (end func(), err error) {
	if limit := t.options.columnLimit(); limit <= 0 || mostGrowth*t.size <= limit {
		return func() {}, nil
	}
	select {
	case t.reading <- struct{}{}:
		return func() { <-t.reading }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// Weight returns about how many bytes the columns take that are read, resident or not, as far as
// that is known: nothing is, of what was read at once.
func (t *Table) Weight(reads *check.Reads) (bytes int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for u := range t.needed(reads) {
		bytes += t.guess(u)
	}
	return bytes
}
