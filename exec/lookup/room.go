package lookup

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/segq/segq/lang/check"
)

// MemoryError says that columns of lookups need more memory than there is for them.
type MemoryError struct {
	// Needs is what they hold, Limit what they may.
	Needs, Limit int64
}

// Error tells both.
func (e *MemoryError) Error() string {
	return fmt.Sprintf("the columns of lookups need %d bytes, and there are %d for them", e.Needs, e.Limit)
}

// ErrNoRoom is the error of [Table.LoadSpare] where other columns would have to go, or rows are far.
var ErrNoRoom = errors.New("there is no memory for these columns unless others are given up")

// admit keeps what is read of the lookups, once it is within the limit with all that is in use, and
// returns what is read below. Who needs nothing more than is resident does not wait.
func (t *Table) admit(ctx context.Context, r *check.Reads) (*needs, *check.Reads, error) {
	if need, inner := t.tryAdmit(r, false); need != nil {
		return need, inner, nil
	}
	select { // one after another, in the order in which they came
	case t.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, nil, context.Cause(ctx)
	}
	defer func() { <-t.turn }()
	for {
		t.mu.Lock()
		freed := t.freed
		t.mu.Unlock()
		if need, inner := t.tryAdmit(r, true); need != nil {
			return need, inner, nil
		}
		t.keepers.Yield()
		select {
		case <-freed:
		case <-ctx.Done():
			return nil, nil, context.Cause(ctx)
		}
	}
}

// tryAdmit is admit for those who do not wait; nil if they have to.
func (t *Table) tryAdmit(r *check.Reads, waited bool) (*needs, *check.Reads) {
	t.mu.Lock()
	defer t.mu.Unlock()
	need, inner := t.split(r)
	if !t.fits(need, waited) {
		return nil, nil
	}
	t.clock++
	for _, u := range need.units {
		u.used = t.clock
	}
	t.pin(need)
	return need, inner
}

// fits says whether what is needed is within the limit with what is in use, or nothing is in use. The mutex
// is held.
func (t *Table) fits(need *needs, waited bool) bool {
	inUse, own, more := int64(0), int64(0), int64(0)
	for _, u := range need.units {
		switch {
		case u.pins > 0 || u.of.stays:
		case u.column == nil:
			more += t.guess(u)
		default:
			own += u.bytes
		}
	}
	if t.options.Columns <= 0 || more == 0 {
		return true
	}
	for _, j := range t.joined {
		for _, u := range j.units {
			if u.pins > 0 && !j.stays {
				inUse += t.guess(u)
			}
		}
	}
	return (waited || len(t.turn) == 0) && (inUse == 0 || inUse+own+more <= t.limit())
}

// guess returns about what the column of a unit holds: what it held, or four bytes for each key.
func (t *Table) guess(u *unit) int64 {
	if u.bytes > 0 {
		return u.bytes
	}
	return 4 * int64(u.of.rows)
}

// pin keeps what is needed. The mutex is held.
func (t *Table) pin(need *needs) {
	for _, u := range need.units {
		u.pins++
	}
}

// release lets go of what was kept.
func (t *Table) release(need *needs) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, u := range need.units {
		u.pins--
	}
	close(t.freed)
	t.freed = make(chan struct{})
}

// settle gives up columns that nobody uses, those first that were not asked for for longest, until all are
// within the limit. Where what is needed is beyond it by itself, that is given up, and an error.
func (t *Table) settle(need *needs) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	limit := t.limit()
	if limit <= 0 || t.held <= limit {
		return nil
	}
	t.giveUp(limit, func(u *unit) bool { return u.pins == 0 })
	own := int64(0)
	for _, u := range need.units {
		if !u.of.stays {
			own += u.bytes
		}
	}
	if t.held <= limit || own <= limit {
		return nil // or soon, when those who use the others are done
	}
	err := &MemoryError{Needs: own, Limit: limit}
	t.giveUp(limit, func(u *unit) bool { return slices.Contains(need.units, u) && u.pins == 1 })
	return err
}

// GiveUp gives up the columns that nobody uses, and says whether there were any.
func (t *Table) GiveUp() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	before := t.evicted
	t.giveUp(0, func(u *unit) bool { return u.pins == 0 })
	return t.evicted > before
}

// giveUp gives up columns of which may says so until the others hold so many bytes at most. The mutex is held.
func (t *Table) giveUp(most int64, may func(*unit) bool) {
	var idle []*unit
	for _, j := range t.joined {
		if t.held > most {
			t.setMatches(j, nil)
		}
	}
	for _, j := range t.joined {
		for _, u := range j.units {
			if u.column != nil && !j.stays && may(u) {
				idle = append(idle, u)
			}
		}
	}
	slices.SortStableFunc(idle, func(a, b *unit) int { return cmp.Compare(a.used, b.used) })
	for _, u := range idle {
		if t.held <= most {
			return
		}
		t.held -= u.bytes
		u.column, t.below = nil, nil
		t.evicted++
	}
}

// matchesOf returns what is kept of the keys of a lookup, and keepMatches keeps what is by now.
func (t *Table) matchesOf(j *joined) *matches {
	t.mu.Lock()
	defer t.mu.Unlock()
	return j.found
}

func (t *Table) keepMatches(j *joined, m *matches) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.setMatches(j, m)
}

// setMatches charges the memory for them. The mutex is held.
func (t *Table) setMatches(j *joined, m *matches) {
	t.held += m.bytes() - j.found.bytes()
	j.found = m
}

// HasRoom says whether what is read of the lookups is resident, or may be without another column having to go.
func (t *Table) HasRoom(r *check.Reads) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	need, _ := t.split(r)
	bytes, more := t.held, false
	for _, u := range need.units {
		if u.column == nil {
			bytes += t.guess(u)
			more = true
		}
	}
	for j := range need.joined {
		if _, some := need.missing(j); some && j.Far {
			return false
		}
	}
	return !more || t.options.Columns <= 0 || bytes <= t.limit()
}

// LoadSpare makes what is read of the lookups resident if there is room, and the table below has the keys.
func (t *Table) LoadSpare(ctx context.Context, r *check.Reads) error {
	if !t.HasRoom(r) {
		return ErrNoRoom
	}
	t.mu.Lock()
	_, inner := t.split(r)
	t.mu.Unlock()
	release, ok := t.keepBelow(inner, func() {})
	if !ok {
		return ErrNoRoom
	}
	defer release()
	_, done, err := t.Load(ctx, r, nil)
	if err == nil {
		done()
	}
	return err
}

// LoadRest makes the columns that are not resident, as long as there is room, one after another. Before each
// it calls idle, which returns when nobody waits for anything, or ctx is done.
func (t *Table) LoadRest(ctx context.Context, idle func(context.Context) error) error {
	var failed error
	for _, j := range t.joined {
		for _, u := range j.units {
			reads := j.readsOf(u.field.Name)
			if j.Far || !t.HasRoom(reads) {
				continue
			}
			if idle(ctx) != nil {
				return failed
			}
			_, release, err := t.Load(ctx, reads, nil)
			if ctx.Err() != nil {
				return failed
			}
			if err == nil {
				release()
			}
			failed = errors.Join(failed, err)
		}
	}
	return failed
}
