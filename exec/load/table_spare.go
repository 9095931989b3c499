package load

import (
	"context"
	"errors"
	"slices"
	"sync"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// What nobody has asked for, but somebody may soon, takes nothing from those who ask: it is loaded where
// there is memory for it beside all that is resident, ends as soon as somebody has something else
// loaded, and is the first to go, since it does not count as asked for. Who asks for what is being loaded like this
// joins, and from then on it is loaded for him.

// ErrNoRoom is the error of [Table.LoadSpare] where other columns would have to go.
var ErrNoRoom = errors.New("there is memory for these columns only if others are given up")

// ErrPutOff is the error of [Table.LoadSpare] when somebody loads what he waits for.
var ErrPutOff = errors.New("others load what they wait for")

// purpose is why something is loaded.
type purpose uint8

const (
	forAsker purpose = iota // somebody waits for it
	forRest                 // nobody waits for anything
	forSpare                // it may be asked for soon
)

// HasRoom says whether what is read is resident, or may be without another column having to go.
func (t *Table) HasRoom(r *check.Reads) bool {
	if t.files == nil {
		return true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.roomBeside(t.needed(r))
}

// roomBeside says whether units are within the limit beside all that is resident or being loaded. The
// mutex is held.
func (t *Table) roomBeside(need needs) bool {
	if t.options.Columns <= 0 {
		return true
	}
	bytes, more := t.held, false
	for _, u := range t.units {
		if !u.loaded && (need[u] || u.loading != nil) {
			bytes += t.guess(u)
			more = more || need[u]
		}
	}
	return !more || bytes <= t.options.columnLimit()
}

// LoadSpare makes what is read resident if there is room. It is not kept: who comes for it later
// may find that it had to go.
func (t *Table) LoadSpare(ctx context.Context, r *check.Reads) error {
	if t.files == nil {
		return nil
	}
	t.mu.Lock()
	need := t.needed(r)
	room := t.roomBeside(need)
	t.mu.Unlock()
	if !room {
		return ErrNoRoom
	}
	_, err := t.load(ctx, need, forSpare, nil)
	return err
}

// putOff ends the loadings of what nobody has asked for. The mutex is held.
func (t *Table) putOff() {
	for _, u := range t.units {
		if l := u.loading; l != nil && l.purpose == forSpare {
			l.putOff = true
			l.cancel()
		}
	}
}

// makeRoomFor gives up columns for units that are to be read, unless nobody has asked for them. It says
// whether it has given up any.
func (t *Table) makeRoomFor(l *loading, units []*unit) (some bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	bytes, limit, need := int64(0), t.options.columnLimit(), needs{}
	for _, u := range units {
		bytes += t.guess(u)
		need[u] = true
		if !u.loaded {
			l.fresh = append(l.fresh, u)
		}
	}
	switch {
	case l.purpose == forSpare && !t.roomBeside(need):
		return false, ErrNoRoom
	case l.purpose == forSpare, limit <= 0, t.held+bytes <= limit:
		return false, nil
	}
	return t.evict(func() bool { return t.held+bytes <= limit }), nil
}

// mayEvict says whether others may have to give up columns for a loading.
func (t *Table) mayEvict(l *loading) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return l.purpose != forSpare
}

// giveUpFresh gives up what was loaded without anybody asking, and is more than there is room for. The mutex is
// held.
func (t *Table) giveUpFresh(l *loading) {
	own := slices.DeleteFunc(l.fresh, func(u *unit) bool { return u.pins > 0 })
	t.giveUp(own...)
}

// Keep returns what is resident, as [column.Keeper] says. Nothing is kept while somebody waits for
// memory.
func (t *Table) Keep(r *check.Reads, yield func()) (*column.Snapshot, func(), bool) {
	if t.files == nil {
		return t.Snapshot(), func() {}, true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	need := t.needed(r)
	for u := range need {
		if !u.loaded {
			return nil, nil, false
		}
	}
	if len(t.turn) > 0 {
		return nil, nil, false
	}
	for u := range need {
		u.pins++
	}
	leave := t.keepers.Add(yield)
	return t.now.Load(), sync.OnceFunc(func() {
		leave()
		t.release(need)
	}), true
}
