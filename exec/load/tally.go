package load

import (
	"strconv"

	"github.com/segq/segq/lang/check"
)

// tally counts values of one kind that a path cannot hold, with the place of the
// first.
type tally struct {
	found string
	count int
	first piece
	slot  uint32
}

// tallies are the tallies of a path, in the order in which their kinds were met.
type tallies struct{ all []*tally }

// add counts values of a piece, of which the first is at slot. Pieces come in the
// order of their chunks.
func (t *tallies) add(found string, p piece, slot uint32, count int) {
	for _, m := range t.all {
		if m.found != found {
			continue
		}
		m.count += count
		if m.first.node == p.node {
			m.slot = min(m.slot, slot)
		}
		return
	}
	t.all = append(t.all, &tally{found, count, p, slot})
}

// form counts values of a piece at these slots.
func (t *tallies) form(found string, p piece, slots []uint32) {
	if len(slots) > 0 {
		t.add(found, p, slots[0], len(slots))
	}
}

// scalars counts all scalars of a piece.
func (t *tallies) scalars(p piece) {
	n := p.node
	countLane(t, "a boolean", p, &n.bools)
	countLane(t, "a number", p, &n.ints)
	countLane(t, "a number", p, &n.floats)
	if n.odd != nil {
		countLane(t, "a number", p, &n.odd.large)
	}
	countLane(t, "a timestamp", p, &n.times)
	countLane(t, "a text", p, &n.isos.lane)
	countLane(t, "a text", p, &n.texts)
}

func countLane[T any](t *tallies, found string, p piece, l *lane[T]) {
	if len(l.values) == 0 {
		return
	}
	slot := uint32(0)
	if l.slots != nil {
		slot = l.slots[0]
	}
	t.add(found, p, slot, len(l.values))
}

// typeName names a type in a report, with its article.
func typeName(t *check.Type) string {
	return [...]string{
		check.Any: "nothing", check.Bool: "a boolean", check.Int: "a whole number", check.Float: "a number",
		check.String: "a text", check.Timestamp: "a timestamp", check.List: "a list", check.Map: "a map", check.Object: "an object",
	}[t.Kind]
}

// counted returns a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return thousands(n) + " " + thing + "s"
}

// thousands writes a count with commas.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
