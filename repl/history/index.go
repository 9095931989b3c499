package history

import (
	"slices"
	"time"
)

// index is a history without its repetitions: of each key the newest entry.
type index struct {
	list    []*slot // oldest first, with empty slots where a newer entry has the same key
	byPlace map[string]*slot
	byID    map[string]*slot
	newest  time.Time
	// sorted says that list is in the order of time, and packed is it without empty slots, if not nil.
	sorted bool
	packed []*Entry
}

type slot struct{ entry *Entry }

func newIndex() *index {
	return &index{byPlace: map[string]*slot{}, byID: map[string]*slot{}, sorted: true}
}

// add takes an entry, unless it is there or a newer one is in its place.
func (x *index) add(e *Entry) {
	if x.byID[e.ID] != nil {
		return
	}
	if old := x.byPlace[e.place()]; old != nil {
		if !e.Time.After(old.entry.Time) {
			return
		}
		delete(x.byID, old.entry.ID)
		old.entry = nil
	}
	s := &slot{e}
	x.list = append(x.list, s)
	x.byPlace[e.place()], x.byID[e.ID] = s, s
	x.packed = nil
	if e.Time.Before(x.newest) {
		x.sorted = false
	} else {
		x.newest = e.Time
	}
}

// end notes what became of an entry, if it is still there.
func (x *index) end(id, snapshot string, o Outcome) {
	s := x.byID[id]
	if s == nil {
		return
	}
	e := *s.entry
	e.Outcome = o
	if snapshot != "" {
		e.Snapshot = snapshot
	}
	s.entry, x.packed = &e, nil
}

// take takes what a record of a file holds.
func (x *index) take(r record) {
	if e := r.entry(); e != nil {
		x.add(e)
	} else if r.Of != "" {
		x.end(r.Of, r.Snapshot, r.outcome())
	}
}

// entries returns at most limit entries, the newest, oldest first. The others are dropped. The list
// is never changed.
func (x *index) entries(limit int) []*Entry {
	if x.packed != nil {
		return x.packed
	}
	x.list = slices.DeleteFunc(x.list, func(s *slot) bool { return s.entry == nil })
	if !x.sorted {
		slices.SortStableFunc(x.list, func(a, b *slot) int { return a.entry.Time.Compare(b.entry.Time) })
		x.sorted = true
	}
	for len(x.list) > limit {
		old := x.list[0].entry
		delete(x.byPlace, old.place())
		delete(x.byID, old.ID)
		x.list = x.list[1:]
	}
	x.packed = make([]*Entry, len(x.list))
	for i, s := range x.list {
		x.packed[i] = s.entry
	}
	return x.packed
}
