package load

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"

	"github.com/segq/segq/exec/load/arrow"
)

var errTooManyElements = errors.New("the lists of a column have more elements than a table can hold; load fewer files together")

// scalars adds values that have nothing below them.
func (f *arrowFill) scalars(t *typedLeaf, a *arrow.Array, at arrowPlaces) {
	kind := a.Field.Type
	switch kind.Kind {
	case arrow.Bool:
		each(at, func(slot uint32, i int) { t.addBool(slot, a.Bool(i)) })
	case arrow.Int:
		t.arrowInts(a, at)
	case arrow.Time, arrow.Duration:
		each(at, func(slot uint32, i int) { t.addInt(slot, a.Int(i)) })
	case arrow.Float:
		if kind.Bits == 16 {
			each(at, func(slot uint32, i int) { t.addFloat(slot, halfFloat(binary.LittleEndian.Uint16(a.Fixed(i)))) })
			return
		}
		each(at, func(slot uint32, i int) { t.addFloat(slot, a.Float(i)) })
	case arrow.Date:
		unit := int64(perDay)
		if kind.Unit != arrow.DateDays {
			unit = 1000
		}
		each(at, func(slot uint32, i int) { t.addInstant(slot, a.Int(i), unit, true) })
	case arrow.Timestamp:
		unit := [...]int64{1, 1e3, 1e6, 1e9}[kind.Unit]
		each(at, func(slot uint32, i int) { t.addInstant(slot, a.Int(i), unit, false) })
	case arrow.Decimal:
		t.arrowDecimals(a, at)
	case arrow.Interval:
		each(at, func(slot uint32, i int) { t.arrowInterval(slot, kind.Unit, a.Fixed(i)) })
	case arrow.FixedSizeBinary:
		if a.Field.Extension == "arrow.uuid" && kind.Size == 16 {
			each(at, func(slot uint32, i int) { t.addUUID(slot, a.Bytes(i)) })
			return
		}
		f.texts(t, a, at, t.binaryCode)
	case arrow.Binary, arrow.LargeBinary, arrow.BinaryView:
		f.texts(t, a, at, t.binaryCode)
	default:
		f.texts(t, a, at, t.textCode)
	}
}

func each(at arrowPlaces, add func(slot uint32, i int)) {
	for k, i := range at.in {
		add(at.slots[k], int(i))
	}
}

// texts adds texts, whose codes code returns.
func (f *arrowFill) texts(t *typedLeaf, a *arrow.Array, at arrowPlaces, code func([]byte) uint32) {
	known := f.textCodes(t.node, a, len(at.in))
	each(at, func(slot uint32, i int) {
		if known == nil {
			t.addText(slot, code(a.Bytes(i)))
			return
		}
		if known[i] == unasked {
			known[i] = code(a.Bytes(i))
		}
		t.addText(slot, known[i])
	})
}

func (t *typedLeaf) arrowInts(a *arrow.Array, at arrowPlaces) {
	switch {
	case a.Field.Extension == "arrow.bool8":
		each(at, func(slot uint32, i int) { t.addBool(slot, a.Int(i) != 0) })
	case a.Field.Type.Unsigned:
		each(at, func(slot uint32, i int) { t.addUnsigned(slot, uint64(a.Int(i))) })
	default:
		each(at, func(slot uint32, i int) { t.addInt(slot, a.Int(i)) })
	}
}

// arrowDecimals adds decimals, whose bytes are little-endian.
func (t *typedLeaf) arrowDecimals(a *arrow.Array, at arrowPlaces) {
	var room [32]byte
	each(at, func(slot uint32, i int) {
		b := append(room[:0], a.Fixed(i)...)
		slices.Reverse(b)
		t.addDecimal(slot, b, a.Field.Type.Scale)
	})
}

func (t *typedLeaf) arrowInterval(slot uint32, unit arrow.Unit, b []byte) {
	part := func(at int) int64 { return int64(int32(binary.LittleEndian.Uint32(b[at:]))) }
	switch unit {
	case arrow.YearMonth:
		t.addInterval(slot, part(0), 0, 0)
	case arrow.DayTime:
		t.addInterval(slot, 0, part(0), part(4)*1e6)
	default:
		t.addInterval(slot, part(0), part(4), int64(binary.LittleEndian.Uint64(b[8:])))
	}
}

// halfFloat reads IEEE 754 half precision.
func halfFloat(h uint16) (v float64) {
	exponent, fraction := int(h>>10&0x1f), float64(h&0x3ff)
	switch exponent {
	case 0:
		v = math.Ldexp(fraction, -24)
	case 0x1f:
		if v = math.Inf(1); fraction != 0 {
			v = math.NaN()
		}
	default:
		v = math.Ldexp(1024+fraction, exponent-25)
	}
	if h&0x8000 != 0 {
		v = -v
	}
	return v
}
