// Package vector evaluates expressions a block of rows at a time.
//
// The tour: a [Program] (program.go) holds expressions over one snapshot, which
// [Program.Add] checks for forms that are not supported (supported.go). An [Evaluator]
// (evaluator.go) is pointed at a block of rows, and returns conditions as bitmaps. Every
// expression becomes a vector (this file): typed slices and a bitmap of what is not null,
// one entry for each position of a frame (frame.go). The rows of the block are one frame;
// the elements of a list (list.go) of all of them, laid end to end, are another below it.
// The body of a lambda or a filter is thus evaluated once for all elements of the block
// (iterate.go), and the result is folded back by the lists' offsets (fold.go). What
// does not mention an element is evaluated in the frame above and repeated.
//
// In addition to its arguments an evaluation sees state that its parts change and put back;
// restore.go has the rule. The vectors of constants are in constant.go, comparisons with
// them in range.go, sets of them in constantset.go. Every other operation is in the file of
// its group: condition.go, arithmetic.go, compare.go, text.go, time.go, set.go, map.go,
// statistic.go, top.go, group.go, chain.go.
//
// The meaning is that of package eval, with which its tests compare it.
package vector

import (
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// vector is the values of an expression over a frame. Which slices count is up to
// the kind of its type. Slots of null hold anything.
type vector struct {
	kind check.Kind
	// valid has the positions that are not null; nil is all of them.
	valid []uint64
	bits  []uint64 // Bool
	ints  []int64  // Int, Timestamp; the start of an Interval
	ends  []int64  // the end of an Interval
	real  []float64
	// String: codes of dict, or rows of stored, or, when both are nil, texts.
	codes  []uint32
	dict   *column.Dict
	stored *column.Texts
	texts  []string
	// same says that texts has one entry, which all positions have.
	same bool
	// Object, and a String that is stored: rows of a column: those from start on, or, when
	// at is not nil, at[i].
	object *column.Struct
	start  int
	at     []uint32
	list   *list // List, Map
	// column is where ints or codes are still to be read from, from row start on: what
	// is compared with a constant never is.
	column column.Column
	// constant is the value of all positions that are not null, nil for none. A fold of
	// a constant has one, and is null all the same where there was nothing to fold.
	constant any
}

// null says whether position i has no value.
func (v *vector) null(i int) bool { return v.valid != nil && v.valid[i>>6]>>(i&63)&1 == 0 }

// bit returns position i of a Bool.
func (v *vector) bit(i int) bool { return v.bits[i>>6]>>(i&63)&1 != 0 }

// number returns position i of an Int or a Float.
func (v *vector) number(i int) float64 {
	if v.kind == check.Float {
		return v.real[i]
	}
	return float64(v.ints[i])
}

// numberOf is number, but for a null without a number.
func (v *vector) numberOf(i int) float64 {
	if v.null(i) {
		return 0
	}
	return v.number(i)
}

// text returns position i of a String.
func (v *vector) text(i int) string {
	switch {
	case v.dict != nil:
		return v.dict.At(v.codes[i])
	case v.stored != nil && v.at != nil:
		return v.stored.At(int(v.at[i]))
	case v.stored != nil:
		return v.stored.At(v.start + i)
	case v.same:
		return v.texts[0]
	}
	return v.texts[i]
}
