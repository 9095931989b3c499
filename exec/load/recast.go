package load

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// recast brings the scalars of a path into the lanes of the type that was asked
// for, and counts those that cannot be read as it.
func recast(kind string, pieces []piece, lost *tallies) *check.Type {
	if kind == "text" {
		return check.StringType
	}
	fractions := 0
	for _, p := range pieces {
		r := recaster{p, lost}
		switch kind {
		case "number":
			r.numbers()
		case "timestamp":
			r.instants()
		case "boolean":
			r.booleans()
		}
		fractions += len(p.node.floats.values)
	}
	switch {
	case kind == "timestamp":
		return check.TimestampType
	case kind == "boolean":
		return check.BoolType
	case fractions > 0:
		return check.FloatType
	}
	s := surveyOf(pieces)
	if s.whole > s.ints || s.all() == 0 {
		return check.FloatType
	}
	return check.IntType
}

// recaster moves the scalars of a piece between its lanes.
type recaster struct {
	piece
	lost *tallies
}

// dropLane counts all of a lane as lost, and empties it.
func dropLane[T any](r recaster, found string, l *lane[T]) {
	countLane(r.lost, found, r.piece, l)
	*l = lane[T]{}
}

func dropDates(r recaster) {
	countLane(r.lost, "a text", r.piece, &r.node.isos.lane)
	r.node.isos = dates{}
}

func (r recaster) lose(found string, slot uint32) { r.lost.add(found, r.piece, slot, 1) }

// numbers reads texts as numbers; instants are milliseconds since 1970.
func (r recaster) numbers() {
	n := r.node
	dropLane(r, "a boolean", &n.bools)
	for slot, v := range n.times.all() {
		n.ints.add(slot, v)
	}
	n.times = lane[int64]{}
	dropDates(r)
	texts := n.texts
	n.texts = lane[uint32]{}
	for slot, code := range texts.all() {
		if b, whole, ok := numberText(n.dict.at(code)); ok {
			n.addNumber(slot, b, whole)
		} else {
			r.lose("a text", slot)
		}
	}
}

// numberText returns a text that is a number as JSON writes it: also +5, .5, 5. and 007,
// with spaces around.
func numberText(b []byte) (number []byte, whole, ok bool) {
	s := string(withoutZeros(bytes.TrimSpace(b)))
	sign := ""
	if rest, found := strings.CutPrefix(s, "-"); found {
		sign, s = "-", rest
	} else {
		s = strings.TrimPrefix(s, "+")
	}
	if strings.HasPrefix(s, ".") {
		s = "0" + s
	}
	s = strings.TrimSuffix(s, ".")
	w := &walker{buf: []byte(sign + s)}
	if s == "" || s[0] < '0' || s[0] > '9' {
		return nil, false, false
	}
	whole, err := w.number()
	return w.buf, whole, err == nil && w.pos == len(w.buf)
}

// instants reads whole numbers as milliseconds since 1970, whatever their size, and dates with dots.
func (r recaster) instants() {
	n := r.node
	dropLane(r, "a boolean", &n.bools)
	dropLane(r, "a number", &n.floats)
	if n.odd != nil {
		dropLane(r, "a number", &n.odd.large)
	}
	texts := n.texts
	n.texts = lane[uint32]{}
	for slot, code := range texts.all() {
		b := n.dict.at(code)
		if n.dict.iso.Get(int(code)) {
			n.texts.add(slot, code)
		} else if ms, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64); err == nil {
			n.times.add(slot, ms)
		} else if ms, ok := parseDotted(bytes.TrimSpace(b)); ok {
			n.times.add(slot, ms)
		} else {
			r.lose("a text", slot)
		}
	}
}

// booleans reads true and false in any case, and 1 and 0.
func (r recaster) booleans() {
	n := r.node
	dropLane(r, "a number", &n.floats)
	dropLane(r, "a timestamp", &n.times)
	if n.odd != nil {
		dropLane(r, "a number", &n.odd.large)
	}
	ints, texts := n.ints, n.texts
	n.ints, n.texts = lane[int64]{}, lane[uint32]{}
	for slot, v := range ints.all() {
		if v == 0 || v == 1 {
			n.bools.add(slot, v == 1)
		} else {
			r.lose("a number", slot)
		}
	}
	dropDates(r)
	for slot, code := range texts.all() {
		if v, ok := boolText(n.dict.at(code)); ok {
			n.bools.add(slot, v)
		} else {
			r.lose("a text", slot)
		}
	}
}

// boolText reads a text as a boolean.
func boolText(b []byte) (v, ok bool) {
	switch strings.ToLower(strings.TrimSpace(string(b))) {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}

// settleLarge brings the numbers that no lane can hold among the fractions, or
// counts them as lost.
func (n *node) settleLarge(fractions bool, p piece, lost *tallies) {
	if n.odd == nil {
		return
	}
	large := n.odd.large
	n.odd.large = lane[uint32]{}
	for slot, code := range large.all() {
		b := n.dict.at(code)
		f, err := strconv.ParseFloat(string(b), 64)
		switch {
		case err != nil:
			lost.add("a number beyond the range of a 64-bit float", p, slot, 1)
		case !fractions:
			lost.add("a whole number beyond 64 bits", p, slot, 1)
		default:
			n.floats.add(slot, f)
			n.digits = append(n.digits, asSpelled)
			n.odd.spelled.add(slot, code)
		}
	}
}

// inexact counts the numbers of a field of fractions that a float cannot tell from
// its neighbours.
func (n *node) inexact(p piece, rounded *tallies) {
	const found = "a number"
	for slot, v := range n.ints.all() {
		if (v > 1<<53 || v < -1<<53) && int64(float64(v)) != v {
			rounded.add(found, p, slot, 1)
		}
	}
	if n.odd == nil {
		return
	}
	for slot, code := range n.odd.spelled.all() {
		s := string(n.dict.at(code))
		if f, err := strconv.ParseFloat(s, 64); err == nil && !exact(s, f) {
			rounded.add(found, p, slot, 1)
		}
	}
}

// spell turns all scalars of n into texts, as they were spelled.
func (n *node) spell() {
	spelled := map[uint32]uint32{}
	if n.odd != nil {
		for slot, code := range n.odd.spelled.all() {
			spelled[slot] = code
		}
		for slot, code := range n.odd.large.all() {
			n.texts.add(slot, code)
		}
		n.odd = nil
	}
	var buf []byte
	add := func(slot uint32) {
		code, ok := spelled[slot]
		if !ok {
			code = n.code(buf)
		}
		n.texts.add(slot, code)
	}
	for slot, v := range n.bools.all() {
		buf = strconv.AppendBool(buf[:0], v)
		add(slot)
	}
	for slot, v := range n.ints.all() {
		buf = strconv.AppendInt(buf[:0], v, 10)
		add(slot)
	}
	for i, v := range n.floats.values {
		slot, digits := uint32(i), byte(asSpelled)
		if n.floats.slots != nil {
			slot = n.floats.slots[i]
		}
		if n.digits != nil {
			digits = n.digits[i]
		}
		buf = appendFloat(buf[:0], v, digits)
		add(slot)
	}
	for slot, v := range n.times.all() {
		buf = column.AppendJSONTime(buf[:0], v)
		add(slot)
	}
	n.bools, n.ints, n.floats, n.times, n.digits = lane[bool]{}, lane[int64]{}, lane[float64]{}, lane[int64]{}, nil
}
