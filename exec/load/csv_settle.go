package load

import (
	"strconv"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
	"golang.org/x/sync/errgroup"
)

// cellColumns are the leaves of all files of cells, by path, until the types of
// their columns are decided: by all cells of all files.
type cellColumns struct {
	all    []*cellPath
	byPath map[string]*cellPath
	chunks []*chunk
}

// cellPath is a column, with its leaves in the chunks that have it.
type cellPath struct {
	path   []string
	leaves []*node
	text   bool // it is text, since nobody can tell what its numbers are
}

func (c *cellPath) key() string { return strings.Join(c.path, "\x00") }

func (c *cellColumns) add(chunk *chunk, paths [][]string, leaves []*node) {
	if c.byPath == nil {
		c.byPath = map[string]*cellPath{}
	}
	c.chunks = append(c.chunks, chunk)
	for i, n := range leaves {
		key := (&cellPath{path: paths[i]}).key()
		if c.byPath[key] == nil {
			c.byPath[key] = &cellPath{path: paths[i]}
			c.all = append(c.all, c.byPath[key])
		}
		c.byPath[key].leaves = append(c.byPath[key].leaves, n)
	}
}

// settle decides what the columns are, and moves the cells where they belong.
func (l *loader) settle() error {
	var g errgroup.Group
	g.SetLimit(l.options.Threads)
	beside := l.beside()
	l.separators()
	for _, c := range l.cells.all {
		g.Go(func() error {
			want, _ := l.options.typeOf(c.path)
			grown, err := enlarged(c.leaves, &l.meter)
			if err == nil {
				settleColumn(c.leaves, want, c.text, scalarsOf(beside[c.key()]))
			}
			l.meter.used.Add(-grown)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	l.noteWritten()
	for _, chunk := range l.cells.chunks {
		for _, c := range chunk.root.children {
			if len(c.children) > 0 {
				c.markObjects(chunk.rows)
			}
		}
	}
	l.cells = cellColumns{}
	return nil
}

// enlarged gives the values of a column the room that its settling takes, many times that of
// small numbers, and says how much it has charged for.
func enlarged(leaves []*node, m *meter) (grown int64, err error) {
	for _, n := range leaves {
		before := n.own()
		n.enlarge()
		more := n.own() - before
		grown += more
		if err := m.charge(more); err != nil {
			return grown, err
		}
	}
	return grown, nil
}

// settleColumn decides the type of a column by what all its cells may be: booleans,
// numbers, numbers with decimal commas, timestamps, else texts. Beside is what other
// formats have there: if the field is a text with it, so are the cells.
//
// Whole numbers beyond 64 bits are rounded where others have fractions. Else they
// are null and counted, unless they are more than those within: then the column is
// text, or of rounded numbers if numbers are wanted. The leaves are enlarged.
func settleColumn(leaves []*node, want string, text bool, beside []piece) {
	if want == "number" {
		settleGroups(leaves)
	}
	t := countLeaves(leaves)
	text = text || !t.values || t.kinds == 0 || t.ids() && t.kinds&cellNumber != 0 || t.natural(beside).Kind == check.String
	for _, n := range leaves {
		switch {
		case want == "number":
			n.toNumbers(t.fractions || t.ids())
		case want != "" && want != "text":
		case want == "text" || text:
			n.toTexts()
		case t.kinds&cellBool != 0:
			n.toBools()
		case t.kinds&cellNumber != 0:
			n.toNumbers(t.fractions)
			if t.whole+t.large+t.rest == 0 {
				n.seen |= kindFloat // all are beyond the range of it
			}
		case t.kinds&cellComma != 0:
			n.fromCommas()
		default:
			n.toTimes()
		}
		if (want == "" || want == "text") && len(n.texts.values) > 0 && n.seen&kindText != 0 {
			n.counts = n.countCells()
		}
		n.seen |= seenWanted(want)
		n.cells = nil
		n.shrinkValues()
	}
}

// toNumbers leaves the numbers, and drops what spells null. Where none is to be
// rounded, a whole number beyond 64 bits is null.
func (n *node) toNumbers(rounded bool) {
	n.dropTexts()
	n.dropBeyond()
	if large := n.cells.large; !rounded && large.count > 0 {
		n.misfits = append(n.misfits, misfit{"a whole number beyond 64 bits", large.count, large.line, large.row})
		n.floats = lane[float64]{}
	}
	n.noteNumbers()
}

// dropBeyond makes the numbers beyond the range of a float null.
func (n *node) dropBeyond() {
	m := n.cells.beyond
	if m.count == 0 {
		return
	}
	n.misfits = append(n.misfits, misfit{"a number beyond the range of a 64-bit float", m.count, m.line, m.row})
	at, kept := n.cells.beyondAt, lane[float64]{}
	for slot, v := range n.floats.all() {
		if len(at) > 0 && at[0] == slot {
			at = at[1:]
			continue
		}
		kept.add(slot, v)
	}
	n.floats = kept
}

func (n *node) noteNumbers() {
	if len(n.ints.values) > 0 {
		n.seen |= kindInt
	}
	if len(n.floats.values) > 0 {
		n.seen |= kindFloat
	}
}

func (n *node) dropTexts() { n.texts, n.dict = lane[uint32]{}, nil }

// toBools moves the booleans to their lane.
func (n *node) toBools() {
	const no, yes = 1, 2
	var values []byte // of the texts of the dictionary; 0 for none
	if n.dict != nil {
		values = make([]byte, n.dict.len())
	}
	for code := range values {
		if b := n.dict.at(uint32(code)); wordKinds(b, false) == cellBool {
			if values[code] = no; isTrue(b) {
				values[code] = yes
			}
		}
	}
	roomFor(&n.bools, len(n.texts.values))
	for slot, code := range n.texts.all() {
		if values[code] > 0 {
			n.bools.add(slot, values[code] == yes)
		}
	}
	n.dropTexts()
	n.bools.seal(n.cells.rows)
	n.seen |= kindBool
}

// fromCommas moves the numbers with decimal commas to the lane of fractions.
func (n *node) fromCommas() {
	for slot, code := range n.texts.all() {
		if v, ok := parseComma(n.dict.at(code)); ok {
			n.floats.add(slot, v)
		}
	}
	n.dropTexts()
	n.floats.seal(n.cells.rows)
	n.noteNumbers()
}

// toTimes drops what spells null. The timestamps stay texts, as those of JSON.
func (n *node) toTimes() {
	n.noteNumbers()
	if len(n.isos.values) > 0 {
		n.seen |= kindISO
	}
	if n.dict == nil {
		return
	}
	d, kept := newDict(), lane[uint32]{}
	recode := make([]uint32, n.dict.len())
	for code := range recode {
		if b := n.dict.at(uint32(code)); wordKinds(b, false) == cellTime {
			recode[code] = d.add(trimCell(b)) + 1
		}
	}
	for slot, code := range n.texts.all() {
		if recode[code] > 0 {
			kept.add(slot, recode[code]-1)
		}
	}
	n.dict, n.texts = d, kept
	n.sealValues(n.cells.rows)
	if len(kept.values) > 0 {
		n.seen |= kindISO
	}
}

// toTexts writes the numbers as they were.
func (n *node) toTexts() {
	n.seen |= kindText
	n.spellDates()
	if len(n.ints.values)+len(n.floats.values) == 0 {
		return
	}
	d, written := newDict(), n.cells.written
	codes, valid := make([]uint32, n.cells.rows), column.NewBitmap(n.cells.rows)
	set := func(slot uint32, b []byte) {
		codes[slot] = d.add(b)
		valid.Set(int(slot))
	}
	for slot, code := range n.texts.all() {
		set(slot, n.dict.at(code))
	}
	for i, slot := range written.slots {
		set(slot, written.at(i))
	}
	var buf [64]byte
	for slot, v := range n.ints.all() {
		if !valid.Get(int(slot)) {
			set(slot, strconv.AppendInt(buf[:0], v, 10))
		}
	}
	i := 0
	for slot, v := range n.floats.all() {
		if digits := n.cells.digits[i]; digits != asWritten {
			set(slot, strconv.AppendFloat(buf[:0], v, 'f', int(digits), 64))
		}
		i++
	}
	n.ints, n.floats, n.texts = lane[int64]{}, lane[float64]{}, lane[uint32]{}
	for slot, code := range codes {
		if valid.Get(slot) {
			n.texts.add(uint32(slot), code)
		}
	}
	n.dict = d
	n.sealValues(n.cells.rows)
}

// markObjects notes where the objects at n and below have something, and gives
// where n has.
func (n *node) markObjects(rows int) column.Bitmap {
	has := column.NewBitmap(rows)
	for _, c := range n.children {
		for i, word := range c.markObjects(rows) {
			has[i] |= word
		}
	}
	if len(n.children) == 0 {
		n.enlarge()
		setValues(has, n, 0)
		return has
	}
	for row := range rows {
		if has.Get(row) {
			n.present.put(uint32(row), 0)
		}
	}
	return has
}
