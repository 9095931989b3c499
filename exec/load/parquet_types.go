package load

import (
	"encoding/binary"
	"slices"
	"strconv"

	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/exec/load/parquet"
)

// converter makes scalars of the values of a page, or of a dictionary. They may
// be those of the page itself: they are copied when they are added to a node.
type converter func(f *leafPlan, v *parquet.Values) *scalars

// leafConverter chooses by physical and logical type.
func leafConverter(e *element) (kinds, converter) {
	if e.decimal() {
		if e.Scale == 0 {
			return kindInt, convertWholeDecimals
		}
		return kindFloat, convertDecimals
	}
	switch e.Type {
	case parquet.Boolean:
		return kindBool, func(_ *leafPlan, v *parquet.Values) *scalars { return &scalars{bools: v.Bools} }
	case parquet.Int32, parquet.Int64:
		return integerConverter(e)
	case parquet.Int96:
		return kindInstant, convertInt96
	case parquet.Float, parquet.Double:
		return kindFloat, func(_ *leafPlan, v *parquet.Values) *scalars { return floatScalars(v.Floats) }
	}
	return bytesConverter(e)
}

// saysText says whether the file calls the bytes of a leaf texts.
func (e *element) saysText() bool {
	return e.Logical == parquet.String || e.Logical == parquet.Enum || e.Logical == parquet.JSON
}

// text says whether a leaf has texts as they are.
func (e *element) text() bool { return e.Type == parquet.ByteArray && e.saysText() }

// bytesConverter reads byte arrays of any and of fixed length.
func bytesConverter(e *element) (kinds, converter) {
	fixed := e.Type == parquet.FixedLenByteArray
	switch {
	case e.Logical == parquet.Null:
		return 0, func(*leafPlan, *parquet.Values) *scalars { return &scalars{} }
	case e.Logical == parquet.UUID && fixed && e.Length == 16:
		return kindString, textConverter(appendUUID)
	case e.Logical == parquet.Interval && fixed && e.Length == 12:
		return kindString, textConverter(appendInterval)
	case e.Logical == parquet.Float16 && fixed && e.Length == 2:
		return kindFloat, convertFloat16
	case e.saysText():
		return kindString, convertTexts
	}
	return kindString, convertBinary
}

// integerConverter reads whole numbers, dates and timestamps. A time of day is
// a whole number in the unit of the file.
func integerConverter(e *element) (kinds, converter) {
	switch {
	case e.Logical == parquet.Null:
		return 0, func(*leafPlan, *parquet.Values) *scalars { return &scalars{} }
	case e.Logical == parquet.Date && e.Type == parquet.Int32:
		return kindInstant, instantsOf(dayMillis, 1)
	case e.Logical == parquet.Timestamp && e.Type == parquet.Int64:
		return kindInstant, instantsOf(1, map[parquet.Unit]int64{parquet.Millis: 1, parquet.Micros: 1e3, parquet.Nanos: 1e6}[e.Unit])
	case e.Logical == parquet.Integer && e.Unsigned && e.Type == parquet.Int32:
		return kindInt, convertUnsigned32
	case e.Logical == parquet.Integer && e.Unsigned:
		return kindInt, convertUnsigned64
	}
	return kindInt, func(_ *leafPlan, v *parquet.Values) *scalars { return &scalars{ints: v.Ints} }
}

const dayMillis = 24 * 60 * 60 * 1000

// instantsOf reads integers as milliseconds times a factor, over a divisor,
// rounded down.
func instantsOf(factor, divisor int64) converter {
	if factor == 1 && divisor == 1 {
		return func(_ *leafPlan, v *parquet.Values) *scalars { return &scalars{times: v.Ints} }
	}
	return func(_ *leafPlan, v *parquet.Values) *scalars {
		for i, x := range v.Ints {
			q := x * factor / divisor
			if x < 0 && x*factor%divisor != 0 {
				q--
			}
			v.Ints[i] = q
		}
		return &scalars{times: v.Ints}
	}
}

func convertUnsigned32(_ *leafPlan, v *parquet.Values) *scalars {
	for i, x := range v.Ints {
		v.Ints[i] = int64(uint32(x))
	}
	return &scalars{ints: v.Ints}
}

func convertUnsigned64(f *leafPlan, v *parquet.Values) *scalars {
	out := &scalars{ints: v.Ints}
	for i, x := range v.Ints {
		if x < 0 {
			out.setLarge(i, f.texts().add(strconv.AppendUint(nil, uint64(x), 10)))
		}
	}
	return out
}

// setLarge makes a whole number one beyond int64, with the code of its digits.
func (v *scalars) setLarge(i int, code uint32) {
	if v.large == nil {
		v.large = slices.Repeat([]uint32{noText}, len(v.ints))
	}
	v.large[i] = code
}

func floatScalars(floats []float64) *scalars {
	return &scalars{floats: floats, holes: kernel.SomeNaN(floats)}
}

// convertInt96 reads the timestamps of old writers: nanoseconds of the day, and
// the Julian day, of which 2440588 is the first of 1970.
func convertInt96(_ *leafPlan, v *parquet.Values) *scalars {
	out := make([]int64, len(v.Bytes))
	for i, b := range v.Bytes {
		nanos, day := int64(binary.LittleEndian.Uint64(b)), int64(binary.LittleEndian.Uint32(b[8:]))
		out[i] = (day-2440588)*dayMillis + nanos/1e6
	}
	return &scalars{times: out}
}

// convertFloat16 reads IEEE 754 half precision.
func convertFloat16(_ *leafPlan, v *parquet.Values) *scalars {
	out := make([]float64, len(v.Bytes))
	for i, b := range v.Bytes {
		out[i] = halfFloat(binary.LittleEndian.Uint16(b))
	}
	return floatScalars(out)
}
