package parquetfile

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"

	"github.com/segq/segq/exec/column"
)

// leafPages is the pages of a leaf as they are made.
type leafPages struct {
	*leaf
	done          []byte // complete pages
	unpacked      int64
	values, nulls int64
	bounds        bounds
	added         span[string] // of what is added, whose memory is the column's
	dict          *encodedDict // that the pages need, nil for none
	encode        func(*column.Dict) *encodedDict

	// Of the page that is being made:
	page
	codes []uint32
	of    *column.Dict // which codes are of
	bools int
}

// Of a dictionary that is written there are at most so many texts. A page in which there are fewer
// values than half of them has the texts themselves, and so has one whose texts are in another
// dictionary than those of pages before.
const mostCodes = 1 << 16

// pageBytes is about how many bytes a page has at most.
const pageBytes = 1 << 20

// add adds the values of slots.
func (l *leafPages) add(n *node, c column.Column, s slots) {
	defer l.settle()
	if dict := dictOf(c); l.of != dict {
		l.end() // the texts of a page are of one kind
		l.of = dict
	}
	switch c := c.(type) {
	case *column.Bools:
		l.addEach(n, c.Valid, s, func(row int) { l.bool(c.Bits.Get(row)) })
	case *column.Ints:
		l.addInts(n, c.Valid, c.I64, c.At, s)
	case *column.Timestamps:
		l.addInts(n, c.Valid, c.V, nil, s)
	case *column.Floats:
		l.addEach(n, c.Valid, s, func(row int) {
			x := c.V[row] + 0 // there is one zero, as in the text formats
			l.body = binary.LittleEndian.AppendUint64(l.body, math.Float64bits(x))
			l.bounds.floats.add(x)
		})
	case *column.Strings:
		l.addEach(n, c.Valid, s, func(row int) { l.codes = append(l.codes, c.Codes.At(row)) })
	case *column.Texts:
		if c.Valid == nil && s.at == nil {
			l.levels(n, s.n)
			for i := range s.n {
				l.text(c.At(i))
			}
			return
		}
		l.addEach(n, c.Valid, s, func(row int) { l.text(c.At(row)) })
	case *column.Struct: // without fields
		l.addEach(n, c.Valid, s, func(int) { l.text("{}") })
	default:
		l.addEach(n, make(column.Bitmap, (c.Len()+63)/64), s, nil)
	}
}

// dictOf returns the dictionary of a column, nil for none.
func dictOf(c column.Column) *column.Dict {
	if c, ok := c.(*column.Strings); ok {
		return c.Dict
	}
	return nil
}

// addEach adds the levels of slots, and calls value for each that has one.
func (l *leafPages) addEach(n *node, valid column.Bitmap, s slots, value func(row int)) {
	l.page.values += s.n
	if l.maxRep > 0 {
		l.reps = append(l.reps, s.reps...)
		if s.reps == nil {
			l.reps = append(l.reps, make([]byte, s.n)...)
		}
	}
	first := len(l.defs)
	l.defs = slices.Grow(l.defs, s.n)[:first+s.n]
	defs := l.defs[first:]
	for i := range defs {
		row := s.row(i)
		if row >= 0 && valid.Valid(row) {
			defs[i] = n.def
			value(row)
			continue
		}
		l.missing++
		if defs[i] = 0; s.defs != nil {
			defs[i] = s.defs[i]
		}
	}
}

// levels adds those of values that are all there, and in no list.
func (l *leafPages) levels(n *node, count int) {
	l.page.values += count
	first := len(l.defs)
	l.defs = slices.Grow(l.defs, count)[:first+count]
	for i := range l.defs[first:] {
		l.defs[first+i] = n.def
	}
}

// addInts adds integers: those of v, if it is not nil, else those that at gives.
func (l *leafPages) addInts(n *node, valid column.Bitmap, v []int64, at func(int) int64, s slots) {
	if v == nil {
		l.addEach(n, valid, s, func(row int) { l.int(at(row)) })
		return
	}
	if valid != nil || s.at != nil {
		l.addEach(n, valid, s, func(row int) { l.int(v[row]) })
		return
	}
	l.levels(n, s.n)
	first := len(l.body)
	l.body = slices.Grow(l.body, 8*s.n)[:first+8*s.n]
	body := l.body[first:]
	for i, x := range v[:s.n] {
		binary.LittleEndian.PutUint64(body[8*i:], uint64(x))
	}
	if s.n > 0 {
		l.bounds.ints.add(slices.Min(v[:s.n]))
		l.bounds.ints.add(slices.Max(v[:s.n]))
	}
}

func (l *leafPages) int(x int64) {
	l.body = binary.LittleEndian.AppendUint64(l.body, uint64(x))
	l.bounds.ints.add(x)
}

func (l *leafPages) bool(x bool) {
	if l.bools%8 == 0 {
		l.body = append(l.body, 0)
	}
	b := int64(0)
	if x {
		b = 1
	}
	l.body[l.bools/8] |= byte(b) << (l.bools % 8)
	l.bools++
	l.bounds.ints.add(b)
}

func (l *leafPages) text(s string) {
	l.body = append(binary.LittleEndian.AppendUint32(l.body, uint32(len(s))), s...)
	l.added.add(s)
}

// settle takes over the bounds of the texts that were added, whose memory goes.
func (l *leafPages) settle() {
	if l.added.some {
		l.bounds.text(l.added.least)
		l.bounds.text(l.added.most)
		l.added = span[string]{}
	}
}

// endRows ends n rows, and the page if it has at least so many values, or many bytes.
func (l *leafPages) endRows(n int32, least int) {
	if l.rows += n; l.page.values >= least || len(l.body) >= pageBytes {
		l.end()
	}
}

// end ends the page, if there is one. It begins with a row, and so does the next.
func (l *leafPages) end() {
	p := &l.page
	if p.values == 0 {
		return
	}
	p.encoding = plain
	if len(l.codes) > 0 {
		l.endCodes()
	}
	l.settle()
	done, unpacked := p.append(l.done, l.leaf)
	l.done, l.unpacked = done, l.unpacked+unpacked
	l.values, l.nulls = l.values+int64(p.values), l.nulls+int64(p.missing)
	p.reps, p.defs, p.body, l.codes = p.reps[:0], p.defs[:0], p.body[:0], l.codes[:0]
	l.of, l.bools, p.values, p.rows, p.missing = nil, 0, 0, 0, 0
}

// endCodes makes the body of a page of texts that are in a dictionary.
func (l *leafPages) endCodes() {
	d, n := l.of, l.of.Len()
	if n > mostCodes || n > 2*len(l.codes) || l.dict != nil && l.dict.of != d {
		for _, code := range l.codes {
			l.text(d.At(code))
		}
		return
	}
	least, most := l.codes[0], l.codes[0]
	for _, code := range l.codes {
		least, most = min(least, code), max(most, code)
	}
	l.added.add(d.At(least))
	l.added.add(d.At(most))
	width := bits.Len(uint(n - 1))
	l.encoding, l.dict = rleDictionary, l.encode(d)
	l.body = appendRuns(append(l.body, byte(width)), l.codes, width)
}

// plainDict returns the texts of a dictionary as they are in its page.
func plainDict(d *column.Dict) []byte {
	body := make([]byte, 0, len(d.Bytes)+4*d.Len())
	for code := range uint32(d.Len()) {
		text := d.At(code)
		body = append(binary.LittleEndian.AppendUint32(body, uint32(len(text))), text...)
	}
	return body
}

// addTo adds the pages to a chunk, and begins anew.
func (l *leafPages) addTo(c *chunk) {
	if len(l.done) > 0 {
		c.pages = append(c.pages, l.done)
		c.unpacked, c.values, c.nulls = c.unpacked+l.unpacked, c.values+l.values, c.nulls+l.nulls
		c.bounds.merge(&l.bounds)
	}
	l.done, l.unpacked, l.values, l.nulls, l.bounds, l.dict = make([]byte, 0, len(l.done)), 0, 0, 0, bounds{}, nil
}
