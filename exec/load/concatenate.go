package load

import (
	"bytes"
	"container/heap"
	"fmt"
	"math"
	"slices"

	"github.com/segq/segq/exec/column"
)

// concatenated joins parts of columns of one kind, as several files have.
func concatenated(parts []part, n, values int) (column.Column, error) {
	valid := validParts(parts, n, values)
	switch parts[0].node.whole.kind {
	case kindBool:
		bits := column.NewBitmap(n)
		for _, p := range parts {
			c, from, end := p.of()
			copySlots(bits, p.base, c.(*column.Bools).Bits, from, end)
		}
		return &column.Bools{Valid: valid, Bits: bits, N: n}, nil
	case kindInt:
		return joinInts(parts, n, valid), nil
	case kindFloat:
		out := make([]float64, n)
		for _, p := range parts {
			c, from, end := p.of()
			copy(out[p.base:], c.(*column.Floats).V[from:end])
		}
		return &column.Floats{Valid: valid, V: out}, nil
	case kindInstant:
		out := make([]int64, n)
		for _, p := range parts {
			c, from, end := p.of()
			copy(out[p.base:], c.(*column.Timestamps).V[from:end])
		}
		return &column.Timestamps{Valid: valid, V: out}, nil
	}
	return joinTextKinds(parts, n, valid)
}

// of returns the column of a part, and which of its slots are its own.
func (p part) of() (c column.Column, from, end int) {
	w := p.node.whole
	return w.dense(), w.bases[p.node.group], w.bases[p.node.group+1]
}

func validParts(parts []part, n, values int) column.Bitmap {
	if values == n {
		return nil
	}
	valid := column.NewBitmap(n)
	for _, p := range parts {
		c, from, end := p.of()
		if of := column.Validity(c); of == nil {
			setBits(valid, p.base, end-from)
		} else {
			copySlots(valid, p.base, of, from, end)
		}
	}
	return valid
}

// copySlots copies some bits of another bitmap.
func copySlots(b column.Bitmap, to int, of column.Bitmap, from, end int) {
	for i := from; i < end; i++ {
		if of.Get(i) {
			b.Set(to + i - from)
		}
	}
}

func joinInts(parts []part, n int, valid column.Bitmap) *column.Ints {
	c := &column.Ints{Valid: valid}
	for _, p := range parts {
		of := p.node.whole.dense().(*column.Ints)
		c.Low, c.High = min(c.Low, of.Low), max(c.High, of.High)
	}
	switch intBytes(c.Low, c.High) {
	case 1:
		c.I8 = intsOf[int8](parts, n)
	case 2:
		c.I16 = intsOf[int16](parts, n)
	case 4:
		c.I32 = intsOf[int32](parts, n)
	default:
		c.I64 = intsOf[int64](parts, n)
	}
	return c
}

func intsOf[T integer](parts []part, n int) []T {
	out := make([]T, n)
	for _, p := range parts {
		c, from, end := p.of()
		of, to := c.(*column.Ints), out[p.base:]
		for i := from; i < end; i++ {
			to[i-from] = T(of.At(i))
		}
	}
	return out
}

// joinTexts merges the dictionaries of columns of strings.
func joinTexts(parts []part, n int, valid column.Bitmap) (*column.Strings, error) {
	var dicts []*column.Dict
	index := map[*whole]int{}
	for _, p := range parts {
		w := p.node.whole
		if _, ok := index[w]; !ok {
			index[w] = len(dicts)
			dicts = append(dicts, w.dense().(*column.Strings).Dict)
		}
	}
	dict, recode, err := mergeDicts(dicts)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path(parts[0].node), err)
	}
	codes := column.NewCodes(n, dict.Len())
	for _, p := range parts {
		c, from, end := p.of()
		s, to := c.(*column.Strings), recode[index[p.node.whole]]
		for i := from; i < end; i++ {
			if !s.Null(i) {
				codes.Set(p.base+i-from, to[s.Codes.At(i)])
			}
		}
	}
	return &column.Strings{Valid: valid, Codes: codes, Dict: dict}, nil
}

// mergeDicts makes one dictionary of several, which are in order, and gives what becomes
// of the codes of each.
func mergeDicts(dicts []*column.Dict) (*column.Dict, [][]uint32, error) {
	m := &dictMerge{dicts: dicts}
	recode := make([][]uint32, len(dicts))
	size, strings := 0, 0
	for k, d := range dicts {
		recode[k] = make([]uint32, d.Len())
		size, strings = max(size, len(d.Bytes)), max(strings, d.Len())
		if d.Len() > 0 {
			m.heads = append(m.heads, mergeHead{text: stringAt(d, 0), dict: k})
		}
	}
	heap.Init(m)
	out := &column.Dict{Bytes: make([]byte, 0, size), Offsets: make([]uint32, 1, strings+1)}
	var last []byte
	for len(m.heads) > 0 {
		h := &m.heads[0]
		if out.Len() == 0 || !bytes.Equal(last, h.text) {
			if len(out.Bytes)+len(h.text) > math.MaxUint32 {
				return nil, nil, fmt.Errorf("more bytes of different texts than a dictionary can hold (%d)", uint32(math.MaxUint32))
			}
			out.Bytes = append(out.Bytes, h.text...)
			out.Offsets = append(out.Offsets, uint32(len(out.Bytes)))
			last = h.text
		}
		recode[h.dict][h.code] = uint32(out.Len() - 1)
		if h.code++; int(h.code) == dicts[h.dict].Len() {
			heap.Pop(m)
			continue
		}
		h.text = stringAt(dicts[h.dict], h.code)
		heap.Fix(m, 0)
	}
	out.Bytes, out.Offsets = slices.Clip(out.Bytes), slices.Clip(out.Offsets)
	return out, recode, nil
}

// dictMerge is a heap of what comes next of each dictionary, the least string first.
type dictMerge struct {
	dicts []*column.Dict
	heads []mergeHead
}

// mergeHead is the next string of a dictionary.
type mergeHead struct {
	text []byte
	dict int
	code uint32
}

// Len is part of [heap.Interface], as are the others.
func (m *dictMerge) Len() int { return len(m.heads) }

// Less compares the strings.
func (m *dictMerge) Less(i, j int) bool { return bytes.Compare(m.heads[i].text, m.heads[j].text) < 0 }

// Swap swaps two dictionaries.
func (m *dictMerge) Swap(i, j int) { m.heads[i], m.heads[j] = m.heads[j], m.heads[i] }

// Push is not used.
func (m *dictMerge) Push(any) {}

// Pop takes away a dictionary that is at its end.
func (m *dictMerge) Pop() any {
	m.heads = m.heads[:len(m.heads)-1]
	return nil
}
