package load

import (
	"bytes"
	"math"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// typedLeaf adds values of a typed format to the node of a field that has no others below it.
// What it makes of them is what is made of Parquet (parquet_types.go).
type typedLeaf struct {
	node *node
	name string
	key  bool // of the keys of a map: they are texts, and each has to be there
	row  *int // in the chunk, where it is known; else nil, and the slots tell

	// What is to be noted.
	bytes, interval, mended bool
	inexact                 int
	clock                   clockUnits
	keys                    []byte // where a key is written
}

func newTypedLeaf(n *node) *typedLeaf {
	if n.parent != nil && n.parent.keys == n {
		return &typedLeaf{node: n, name: path(n.parent) + "{key}", key: true}
	}
	return &typedLeaf{node: n, name: path(n)}
}

func (t *typedLeaf) dict() *dict {
	if t.node.dict == nil {
		t.node.dict = newDict()
	}
	return t.node.dict
}

// declare says what kind of values there may be, though there may be none.
func (t *typedLeaf) declare(kind kinds) {
	if t.key {
		kind = kindString
	}
	t.node.seen |= kind
}

func (t *typedLeaf) addCode(slot, code uint32) {
	t.node.texts.add(slot, code)
	t.node.seen |= kindString | kindText
}

// addPlain adds a text that is right.
func (t *typedLeaf) addPlain(slot uint32, s []byte) { t.addCode(slot, t.dict().add(s)) }

// textCode returns the code of a text; noText for one that is not UTF-8, which is null.
func (t *typedLeaf) textCode(s []byte) uint32 {
	switch {
	case utf8.Valid(s):
		return t.dict().add(s)
	case t.key:
		t.mended = true
		return t.dict().add(bytes.ToValidUTF8(s, []byte("\uFFFD")))
	}
	return noText
}

// binaryCode returns the code of bytes of which nobody says what they are.
func (t *typedLeaf) binaryCode(s []byte) uint32 {
	t.node.binary = true
	if !t.node.nonText && !readableText(s) {
		t.node.nonText = true
	}
	return t.dict().add(s)
}

// addText adds what textCode or binaryCode returned.
func (t *typedLeaf) addText(slot, code uint32) {
	if code != noText {
		t.addCode(slot, code)
		return
	}
	t.misfit("bytes that are no UTF-8 text", slot)
}

// misfit counts a value that is null because nothing can be made of it.
func (t *typedLeaf) misfit(found string, slot uint32) {
	row := 0
	if !slices.ContainsFunc(t.node.misfits, func(m misfit) bool { return m.found == found }) {
		if t.row != nil {
			row = *t.row + 1
		} else {
			row = t.node.rowOf(slot) + 1
		}
	}
	t.node.misfit(found, 0, row)
}

func (t *typedLeaf) addBool(slot uint32, v bool) {
	if t.key {
		t.addPlain(slot, strconv.AppendBool(t.keys[:0], v))
		return
	}
	t.node.seen |= kindBool
	t.node.bools.add(slot, v)
}

func (t *typedLeaf) addInt(slot uint32, v int64) {
	if t.key {
		t.addPlain(slot, strconv.AppendInt(t.keys[:0], v, 10))
		return
	}
	t.node.seen |= kindInt
	t.node.ints.add(slot, v)
}

// addUnsigned adds a whole number without a sign.
func (t *typedLeaf) addUnsigned(slot uint32, v uint64) {
	if v <= math.MaxInt64 {
		t.addInt(slot, int64(v))
		return
	}
	t.addLarge(slot, strconv.AppendUint(nil, v, 10))
}

// addLarge adds a whole number beyond int64.
func (t *typedLeaf) addLarge(slot uint32, digits []byte) {
	if t.key {
		t.addPlain(slot, digits)
		return
	}
	t.node.seen |= kindLarge
	t.node.oddities().large.add(slot, t.dict().add(digits))
}

// addFloat adds a number; NaN is null.
func (t *typedLeaf) addFloat(slot uint32, v float64) {
	switch {
	case t.key:
		t.addPlain(slot, strconv.AppendFloat(t.keys[:0], v, 'g', -1, 64))
	case !math.IsNaN(v):
		t.node.seen |= kindFloat
		t.node.floats.add(slot, v)
	}
}

// addInstant adds a number of units since 1970, of which so many are a second.
func (t *typedLeaf) addInstant(slot uint32, v, perSecond int64, date bool) {
	ms, ok := toMillis(v, perSecond)
	switch {
	case !ok && t.key:
		t.addPlain(slot, strconv.AppendInt(t.keys[:0], v, 10))
	case !ok:
		t.misfit("an instant beyond 64 bits of milliseconds", slot)
	case t.key && date:
		t.addPlain(slot, time.UnixMilli(ms).UTC().AppendFormat(t.keys[:0], time.DateOnly))
	case t.key:
		t.addPlain(slot, time.UnixMilli(ms).UTC().AppendFormat(t.keys[:0], "2006-01-02T15:04:05.999Z"))
	default:
		t.node.seen |= kindInstant
		t.node.times.add(slot, ms)
	}
}

// perDay is the unit of dates: less than one a second.
const perDay = 0

// toMillis returns milliseconds, rounded down.
func toMillis(v, perSecond int64) (ms int64, ok bool) {
	switch {
	case perSecond == 1000:
		return v, true
	case perSecond == perDay:
		ms = v * dayMillis
		return ms, ms/dayMillis == v
	case perSecond < 1000:
		factor := 1000 / perSecond
		ms = v * factor
		return ms, ms/factor == v
	}
	divisor := perSecond / 1000
	ms = v / divisor
	if v%divisor < 0 {
		ms--
	}
	return ms, true
}

// addDecimal adds a decimal whose digits are a big-endian number in two's complement.
func (t *typedLeaf) addDecimal(slot uint32, b []byte, scale int) {
	x, small := int64Of(b)
	switch {
	case t.key || t.node.want.is("text"):
		t.addPlain(slot, decimalText(x, small, b, scale))
	case scale == 0 && small:
		t.addInt(slot, x)
	case scale == 0:
		t.addLarge(slot, bigOf(b).Append(nil, 10))
	default:
		v, exact := nearestDecimal(x, small, b, scale)
		if !exact {
			t.inexact++
		}
		t.addFloat(slot, v)
	}
}

// declareDecimal says that there may be decimals.
func (t *typedLeaf) declareDecimal(scale int) {
	switch {
	case t.node.want.is("text"):
		t.declare(kindString)
	case scale == 0:
		t.declare(kindInt)
	default:
		t.declare(kindFloat)
	}
}

func (t *typedLeaf) addUUID(slot uint32, b []byte) { t.addPlain(slot, []byte(uuid.UUID(b).String())) }

// addInterval adds months, days and nanoseconds as a duration of ISO 8601.
func (t *typedLeaf) addInterval(slot uint32, months, days, nanos int64) {
	t.interval = true
	b := []byte{'P'}
	if months != 0 {
		b = append(strconv.AppendInt(b, months, 10), 'M')
	}
	if days != 0 {
		b = append(strconv.AppendInt(b, days, 10), 'D')
	}
	if nanos != 0 || months == 0 && days == 0 {
		b = append(b, 'T')
		b = append(appendSeconds(b, nanos), 'S')
	}
	t.addPlain(slot, b)
}

// appendSeconds writes nanoseconds as seconds, with as many digits as that takes.
func appendSeconds(to []byte, nanos int64) []byte {
	text := withPoint(strconv.FormatInt(nanos, 10), 9)
	for text[len(text)-1] == '0' {
		text = text[:len(text)-1]
	}
	if text[len(text)-1] == '.' {
		text = text[:len(text)-1]
	}
	return append(to, text...)
}

// noteTyped says what of the values of leaves is not as in the file. Leaves of one field are
// those of several chunks.
func (l *loader) noteTyped(leaves []*typedLeaf) {
	var order []string
	all := map[string]*typedLeaf{}
	for _, t := range leaves {
		sum := all[t.name]
		if sum == nil {
			sum = &typedLeaf{}
			all[t.name] = sum
			order = append(order, t.name)
		}
		sum.bytes = sum.bytes || t.node.nonText
		sum.interval = sum.interval || t.interval
		sum.mended = sum.mended || t.mended
		sum.inexact += t.inexact
		sum.clock |= t.clock
	}
	for _, name := range order {
		l.noteLeaf(name, all[name])
		l.clock(name, all[name].clock, l.name)
	}
}

// noteLeaf says what of the values of a leaf is not as in the file.
func (l *loader) noteLeaf(name string, t *typedLeaf) {
	if t.bytes {
		l.note("%s is bytes that are no UTF-8 text: they are read as hexadecimal digits", name)
	}
	if t.mended {
		l.note("%s: some keys are no UTF-8 text: what is wrong in them is read as U+FFFD", name)
	}
	if t.interval {
		l.note(`%s is an interval: it is read as a text like "P1M2DT3.5S"`, name)
	}
	if t.inexact > 0 {
		l.note("%s", l.options.inexactNote(name, t.inexact))
	}
}
