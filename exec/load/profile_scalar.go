package load

import (
	"math"
	"unsafe"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Values that are of the type of their field are read here; all others are what a table with a schema
// makes of them (other).

func intoBool(w *walker, v *vessel, pos, _ int) (int, error) {
	c := w.buf[pos]
	if c != 't' && c != 'f' {
		return w.other(v, pos)
	}
	word := "false"
	if c == 't' {
		word = "true"
	}
	end, err := w.fixed(pos, word)
	if v.value(); c == 't' {
		v.col.(*column.Bools).Bits.Set(v.rows - 1)
	}
	return end, err
}

func intoNumber(w *walker, v *vessel, pos, _ int) (int, error) {
	switch c := w.buf[pos]; {
	case c == '"':
		return w.namedOr(v, pos)
	case !number(c):
		return w.other(v, pos)
	}
	if i, end, ok := shortInt(w.buf, pos); ok {
		v.value()
		if c, ok := v.col.(*column.Ints); ok {
			c.I64[v.rows-1] = i
		} else {
			v.col.(*column.Floats).V[v.rows-1] = float64(i)
		}
		return end, nil
	}
	c, fractions := v.col.(*column.Floats)
	if p, ok := plainNumber(w.buf, pos); ok && fractions && p.decimals >= 0 {
		v.value()
		c.V[v.rows-1] = p.fraction
		return p.end, nil
	}
	return w.other(v, pos)
}

// namedOr reads a text into a vessel of numbers: it may name one that JSON cannot write.
func (w *walker) namedOr(v *vessel, pos int) (int, error) {
	w.pos = pos
	s, err := w.text()
	if err != nil {
		return 0, err
	}
	f, named := namedNumber(s)
	switch c, fractions := v.col.(*column.Floats); {
	case named && math.IsNaN(f):
		w.nan = true
		v.null()
	case named && fractions:
		v.value()
		c.V[v.rows-1] = f
	default:
		return w.other(v, pos)
	}
	return w.pos, nil
}

func intoTime(w *walker, v *vessel, pos, _ int) (int, error) {
	if w.buf[pos] == '"' {
		w.pos = pos
		s, err := w.text()
		if err != nil {
			return 0, err
		}
		if ms, _, ok := parseDate(s); ok {
			v.value()
			v.col.(*column.Timestamps).V[v.rows-1] = ms
			return w.pos, nil
		}
	}
	return w.other(v, pos)
}

func intoText(w *walker, v *vessel, pos, _ int) (int, error) {
	var text []byte
	var end int
	if w.buf[pos] == '"' {
		w.pos = pos
		s, err := w.text()
		if err != nil {
			return 0, err
		}
		text, end = s, w.pos
	} else if p, ok := plainNumber(w.buf, pos); ok && number(w.buf[pos]) {
		text, end = w.buf[pos:p.end], p.end
	} else {
		return w.other(v, pos)
	}
	v.addText(textOfBytes(text))
	return end, nil
}

// addText adds a row with a text.
func (v *vessel) addText(s string) {
	v.value()
	c := v.col.(*column.Texts)
	c.Bytes = append(c.Bytes, s...)
	c.Offsets[v.rows] = uint32(len(c.Bytes))
}

// other reads a value into a vessel of single values whose type is another, as a table with a schema
// does: it is read as a table of one value, and brought into the lanes of the type.
func (w *walker) other(v *vessel, pos int) (int, error) {
	if c := w.buf[pos]; c == '{' || c == '[' {
		w.unfit = true
		return w.pass(v, pos)
	}
	n := newNode("", nil, nil)
	w.base, w.journal = unsafe.Pointer(unsafe.SliceData(w.wide)), w.journal[:0]
	end, err := w.value(n, 0, pos)
	if err != nil {
		return 0, err
	}
	if !v.add(n) {
		w.unfit = true
	}
	return end, nil
}

// add adds the only value of a node, or null where it does not fit, and says whether it does.
func (v *vessel) add(n *node) bool {
	pieces, lost := []piece{{node: n}}, &tallies{}
	if surveyOf(pieces).natural().Kind != v.t.Kind {
		recastAs(v.t, pieces, lost)
	}
	if v.t.Kind == check.String {
		n.spellDates()
	}
	if v.t.Kind == check.Int || v.t.Kind == check.Float {
		n.settleLarge(v.t.Kind == check.Float, pieces[0], lost)
	}
	if n.len() == 0 {
		v.null()
		return false
	}
	one, err := leaf(v.t, []part{{node: n}}, 1, 1)
	if err != nil || one.Null(0) {
		v.null()
		return false
	}
	v.copy(one, 0)
	return true
}

// copy adds the value, which is none of several, that a column has in a row.
func (v *vessel) copy(one column.Column, row int) {
	switch c := one.(type) {
	case *column.Texts:
		v.addText(c.At(row))
		return
	case *column.Strings:
		v.addText(c.At(row))
		return
	}
	v.value()
	switch c := v.col.(type) {
	case *column.Bools:
		if one.(*column.Bools).Bits.Get(row) {
			c.Bits.Set(v.rows - 1)
		}
	case *column.Ints:
		c.I64[v.rows-1] = one.(*column.Ints).At(row)
	case *column.Floats:
		c.V[v.rows-1] = one.(*column.Floats).V[row]
	case *column.Timestamps:
		c.V[v.rows-1] = one.(*column.Timestamps).V[row]
	}
}
