package load

import (
	"math"

	"github.com/segq/segq/exec/load/parquet"
)

// scalars are values on their way from a page to the lanes of a node; one of
// the slices is used. Texts are codes of the node's dictionary.
type scalars struct {
	bools  []bool
	ints   []int64
	floats []float64
	times  []int64
	codes  []uint32
	// holes says that some of the floats are NaN, which no expression of PQL can make
	// or test, or that some of the codes are noText: they are null.
	holes bool
	// large has, of whole numbers, the codes of the digits of those that are beyond
	// int64, noText for the others; nil for none.
	large []uint32
}

// noText is the code of bytes that are not the text that they are said to be.
const noText = math.MaxUint32

// addTo adds the values, or those of a dictionary at the indexes, to the node of
// f, one for each slot.
func (v *scalars) addTo(f *leafPlan, at, indexes []uint32, page *parquet.Page) {
	n := f.node
	switch {
	case len(at) == 0:
	case v.large != nil:
		v.addMixed(f, at, indexes)
	case v.bools != nil:
		addLane(&n.bools, v.bools, at, indexes, f.room)
	case v.ints != nil:
		addLane(&n.ints, v.ints, at, indexes, f.room)
	case v.times != nil:
		addLane(&n.times, v.times, at, indexes, f.room)
	case v.floats != nil && v.holes:
		addSome(&n.floats, v.floats, at, indexes, f.room, func(_ int, x float64) bool { return !math.IsNaN(x) })
	case v.floats != nil:
		addLane(&n.floats, v.floats, at, indexes, f.room)
	case v.codes != nil && v.holes:
		addSome(&n.texts, v.codes, at, indexes, f.room, func(i int, code uint32) bool {
			if code == noText {
				f.noText(page, i)
			}
			return code != noText
		})
	case v.codes != nil:
		addLane(&n.texts, v.codes, at, indexes, f.room)
	}
}

// addLane adds values, or those at the indexes, to a lane. One that is new gets
// room for so many values.
func addLane[T any](l *lane[T], values []T, at, indexes []uint32, room int) {
	l.reserve(len(at), room)
	l.slots = append(l.slots, at...)
	if indexes == nil {
		l.values = append(l.values, values[:len(at)]...)
		return
	}
	from := len(l.values)
	l.values = l.values[:from+len(at)]
	to := l.values[from:]
	for i, index := range indexes[:len(to)] {
		to[i] = values[index]
	}
}

// addSome is addLane for those values that keep says; it is told which of the
// page.
func addSome[T any](l *lane[T], values []T, at, indexes []uint32, room int, keep func(int, T) bool) {
	l.reserve(0, room)
	for i, slot := range at {
		k := i
		if indexes != nil {
			k = int(indexes[i])
		}
		if keep(i, values[k]) {
			l.add(slot, values[k])
		}
	}
}

// addMixed adds whole numbers, of which some are beyond int64.
func (v *scalars) addMixed(f *leafPlan, at, indexes []uint32) {
	for i, slot := range at {
		k := i
		if indexes != nil {
			k = int(indexes[i])
		}
		if v.large[k] == noText {
			f.node.ints.add(slot, v.ints[k])
			continue
		}
		f.node.oddities().large.add(slot, v.large[k])
		f.node.seen |= kindLarge
	}
}

// noText counts a value of a page that is not the text that it should be.
func (f *leafPlan) noText(page *parquet.Page, i int) {
	row := 0
	if len(f.node.misfits) == 0 {
		row = f.rowOf(page, i)
	}
	f.node.misfit("bytes that are no UTF-8 text", 0, row)
}

// rowOf returns the row, from 1, of value i of those of a page that are not null.
func (f *leafPlan) rowOf(page *parquet.Page, i int) int {
	row := f.count(0, 0) // at the end of the page
	for k := page.Count - 1; k >= 0; k-- {
		if len(page.Reps) == 0 || page.Reps[k] == 0 {
			row--
		}
	}
	for k := range page.Count {
		if f.maxRep == 0 || page.Reps[k] == 0 {
			row++
		}
		if f.maxDef == 0 || page.Defs[k] == f.maxDef {
			if i == 0 {
				break
			}
			i--
		}
	}
	return row
}
