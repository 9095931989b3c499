package load

import (
	"maps"
	"slices"

	"github.com/segq/segq/lang/check"
)

// needs is a set of units.
type needs map[*unit]bool

// needed returns the units of what is read. The mutex of the table is held.
func (t *Table) needed(r *check.Reads) needs {
	n := needs{}
	if r.All || len(r.Fields) > 0 {
		n.below(t.top, r)
	}
	return n
}

// withPresence returns units to read, and with them those that tell where objects and lists
// are in files that lack some of what is to be read.
func (t *Table) withPresence(units []*unit) []*unit {
	if len(t.files) < 2 {
		return units
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	n := needs{}
	for _, u := range units {
		n[u] = true
	}
	for i := range t.files {
		n.tell(t.top, i)
	}
	return slices.Collect(maps.Keys(n))
}

// below adds the units of what is read at a branch, and below.
func (n needs) below(b *branch, r *check.Reads) {
	if b.unit != nil {
		n[b.unit] = true
		return
	}
	if r.All {
		for _, u := range b.units {
			n[u] = true
		}
		return
	}
	some := false
	for name, f := range r.Fields {
		if c := b.fields[name]; c != nil {
			n.below(c, f)
			some = true
		}
	}
	if r.Elem != nil && b.elem != nil {
		n.below(b.elem, r.Elem)
		some = true
	}
	if !some {
		n.presence(b, func(*unit) bool { return true })
	}
}

// presence adds a unit that tells whether there is something at a branch, of those that
// fit: one that is there already, or else the smallest.
func (n needs) presence(b *branch, fits func(*unit) bool) {
	var best *unit
	for _, u := range b.units {
		switch {
		case !fits(u):
		case u.loaded || n[u]:
			n[u] = true
			return
		case best == nil || u.size < best.size:
			best = u
		}
	}
	if best != nil {
		n[best] = true
	}
}

// tell adds units that tell where the objects and lists below b are in a file, of which
// something is needed that the file does not have.
func (n needs) tell(b *branch, file int) {
	b.each(func(c *branch) {
		needed, has, told := false, false, false
		for _, u := range c.units {
			needed = needed || n[u]
			has = has || u.in(file)
			told = told || n[u] && u.in(file)
		}
		if !needed || c.unit != nil {
			return
		}
		if has && !told {
			n.presence(c, func(u *unit) bool { return u.in(file) })
		}
		n.tell(c, file)
	})
}
