package load

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/big"
	"slices"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding"
	"github.com/parquet-go/parquet-go/format"
)

// scalars are values on their way from a page to the lanes of a node; one of
// the slices is used. Texts are codes of the node's dictionary.
type scalars struct {
	bools  []bool
	ints   []int64
	floats []float64
	times  []int64
	codes  []uint32
}

// converter reads the values of a page, or of a dictionary, for a node.
type converter func(n *node, v encoding.Values) (*scalars, error)

// pick gives the values at the indexes.
func (v *scalars) pick(indexes []int32) *scalars {
	return &scalars{
		bools: gather(v.bools, indexes), ints: gather(v.ints, indexes), floats: gather(v.floats, indexes),
		times: gather(v.times, indexes), codes: gather(v.codes, indexes),
	}
}

func gather[T any](from []T, indexes []int32) []T {
	if from == nil {
		return nil
	}
	out := make([]T, len(indexes))
	for i, at := range indexes {
		out[i] = from[at]
	}
	return out
}

// addTo adds the values to n, one for each slot. A lane that is new gets room
// for that many values.
func (v *scalars) addTo(n *node, at []uint32, room int) error {
	if v.floats != nil && len(v.floats) == len(at) {
		v.floats, at = numbersOnly(v.floats, at)
	}
	if !addLane(&n.bools, v.bools, at, room) && !addLane(&n.ints, v.ints, at, room) && !addLane(&n.floats, v.floats, at, room) &&
		!addLane(&n.times, v.times, at, room) && !addLane(&n.texts, v.codes, at, room) && len(at) > 0 {
		return fmt.Errorf("the file is damaged: %d values by the levels, another number in the page", len(at))
	}
	return nil
}

// numbersOnly leaves out NaN, which no expression of PQL can make or test: it is
// null here.
func numbersOnly(values []float64, at []uint32) ([]float64, []uint32) {
	if !slices.ContainsFunc(values, math.IsNaN) {
		return values, at
	}
	kept, slots := make([]float64, 0, len(values)), make([]uint32, 0, len(at))
	for i, f := range values {
		if !math.IsNaN(f) {
			kept, slots = append(kept, f), append(slots, at[i])
		}
	}
	return kept, slots
}

func addLane[T any](l *lane[T], values []T, at []uint32, room int) bool {
	if values == nil || len(values) < len(at) {
		return false
	}
	if l.values == nil {
		room = max(room, len(at))
		l.slots, l.values = make([]uint32, 0, room), make([]T, 0, room)
	}
	l.slots = append(l.slots, at...)
	l.values = append(l.values, values[:len(at)]...)
	return true
}

// leafConverter chooses by physical and logical type.
func leafConverter(e *element) (kinds, converter, error) {
	if scale, ok := decimal(e); ok {
		return kindFloat, decimals(e.Type.V, scale), nil
	}
	switch e.Type.V {
	case format.Boolean:
		return kindBool, convertBools, nil
	case format.Int32, format.Int64:
		return integerConverter(e)
	case format.Int96:
		return kindInstant, convertInt96, nil
	case format.Float, format.Double:
		return kindFloat, convertFloats, nil
	case format.FixedLenByteArray:
		switch e.LogicalType.Value.(type) {
		case *format.UUIDType:
			return kindString, convertTexts(func(b []byte) []byte { return []byte(uuid.UUID(b).String()) }), nil
		case *format.Float16Type:
			return kindFloat, convertFloat16, nil
		}
		if e.converted(deprecated.Interval) {
			return 0, nil, fmt.Errorf("the type INTERVAL is not supported")
		}
	}
	switch e.LogicalType.Value.(type) {
	case *format.BsonType, *format.GeometryType, *format.GeographyType:
		return 0, nil, fmt.Errorf("the type %s is not supported", e.LogicalType.Value)
	}
	if e.converted(deprecated.Bson) {
		return 0, nil, fmt.Errorf("the type BSON is not supported")
	}
	return kindString, convertTexts(func(b []byte) []byte { return b }), nil
}

func decimal(e *element) (scale int32, ok bool) {
	if d, ok := e.LogicalType.Value.(*format.DecimalType); ok {
		return d.Scale, true
	}
	return e.Scale.V, e.converted(deprecated.Decimal)
}

// integerConverter reads whole numbers, dates and timestamps. A time of day is
// a whole number in the unit of the file.
func integerConverter(e *element) (kinds, converter, error) {
	switch t := e.LogicalType.Value.(type) {
	case *format.DateType:
		return kindInstant, instantsOf(dayMillis, 1), nil
	case *format.TimestampType:
		switch t.Unit.Value.(type) {
		case *format.MilliSeconds:
			return kindInstant, instantsOf(1, 1), nil
		case *format.MicroSeconds:
			return kindInstant, instantsOf(1, 1e3), nil
		case *format.NanoSeconds:
			return kindInstant, instantsOf(1, 1e6), nil
		}
		return 0, nil, fmt.Errorf("the unit of the timestamps is not known")
	case *format.IntType:
		if !t.IsSigned {
			return kindInt, convertUnsigned, nil
		}
	}
	switch {
	case e.converted(deprecated.Date):
		return kindInstant, instantsOf(dayMillis, 1), nil
	case e.converted(deprecated.TimestampMillis):
		return kindInstant, instantsOf(1, 1), nil
	case e.converted(deprecated.TimestampMicros):
		return kindInstant, instantsOf(1, 1e3), nil
	case e.converted(deprecated.Uint8, deprecated.Uint16, deprecated.Uint32, deprecated.Uint64):
		return kindInt, convertUnsigned, nil
	}
	return kindInt, func(_ *node, v encoding.Values) (*scalars, error) { return &scalars{ints: whole(v)}, nil }, nil
}

const dayMillis = 24 * 60 * 60 * 1000

// whole gives 32-bit or 64-bit integers as int64.
func whole(v encoding.Values) []int64 {
	if v.Kind() != encoding.Int32 {
		return append(make([]int64, 0, len(v.Int64())), v.Int64()...)
	}
	out := make([]int64, len(v.Int32()))
	for i, x := range v.Int32() {
		out[i] = int64(x)
	}
	return out
}

// instantsOf reads integers as milliseconds times a factor, over a divisor,
// rounded down.
func instantsOf(factor, divisor int64) converter {
	return func(_ *node, v encoding.Values) (*scalars, error) {
		out := whole(v)
		for i, x := range out {
			q := x * factor / divisor
			if x < 0 && x*factor%divisor != 0 {
				q--
			}
			out[i] = q
		}
		return &scalars{times: out}, nil
	}
}

// convertUnsigned reads unsigned integers: as fractions where one of them is
// beyond int64.
func convertUnsigned(n *node, v encoding.Values) (*scalars, error) {
	out := &scalars{}
	switch v.Kind() {
	case encoding.Int32:
		out.ints = make([]int64, len(v.Int32()))
		for i, x := range v.Int32() {
			out.ints[i] = int64(uint32(x))
		}
		return out, nil
	}
	large := false
	for _, x := range v.Int64() {
		large = large || x < 0
	}
	if !large {
		out.ints = whole(v)
		return out, nil
	}
	out.floats = make([]float64, len(v.Int64()))
	for i, x := range v.Int64() {
		out.floats[i] = float64(uint64(x))
	}
	n.seen |= kindFloat
	return out, nil
}

func convertBools(_ *node, v encoding.Values) (*scalars, error) {
	bits := v.Boolean()
	out := make([]bool, 8*len(bits))
	for i := range out {
		out[i] = bits[i>>3]>>(i&7)&1 != 0
	}
	return &scalars{bools: out}, nil
}

func convertFloats(_ *node, v encoding.Values) (*scalars, error) {
	if v.Kind() == encoding.Double {
		return &scalars{floats: append(make([]float64, 0, len(v.Double())), v.Double()...)}, nil
	}
	out := make([]float64, len(v.Float()))
	for i, x := range v.Float() {
		out[i] = float64(x)
	}
	return &scalars{floats: out}, nil
}

// convertInt96 reads the timestamps of old writers: nanoseconds of the day, and
// the Julian day, of which 2440588 is the first of 1970.
func convertInt96(_ *node, v encoding.Values) (*scalars, error) {
	out := make([]int64, len(v.Int96()))
	for i, x := range v.Int96() {
		nanos := int64(x[1])<<32 | int64(x[0])
		out[i] = (int64(x[2])-2440588)*dayMillis + nanos/1e6
	}
	return &scalars{times: out}, nil
}

// convertFloat16 reads IEEE 754 half precision.
func convertFloat16(_ *node, v encoding.Values) (*scalars, error) {
	data, _ := v.FixedLenByteArray()
	out := make([]float64, len(data)/2)
	for i := range out {
		h := binary.LittleEndian.Uint16(data[2*i:])
		exponent, fraction := int(h>>10&0x1f), float64(h&0x3ff)
		switch exponent {
		case 0:
			out[i] = math.Ldexp(fraction, -24)
		case 0x1f:
			out[i] = math.Inf(1)
			if fraction != 0 {
				out[i] = math.NaN()
			}
		default:
			out[i] = math.Ldexp(1024+fraction, exponent-25)
		}
		if h&0x8000 != 0 {
			out[i] = -out[i]
		}
	}
	return &scalars{floats: out}, nil
}

// decimals reads integers, or big-endian two's complement, as fractions with
// scale digits after the point.
func decimals(t format.Type, scale int32) converter {
	unit := math.Pow10(int(scale))
	return func(_ *node, v encoding.Values) (*scalars, error) {
		out := &scalars{floats: []float64{}}
		if t == format.Int32 || t == format.Int64 {
			for _, x := range whole(v) {
				out.floats = append(out.floats, float64(x)/unit)
			}
			return out, nil
		}
		each(v, func(b []byte) {
			n := new(big.Int).SetBytes(b)
			if len(b) > 0 && b[0]&0x80 != 0 {
				n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
			}
			f, _ := new(big.Rat).SetFrac(n, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)).Float64()
			out.floats = append(out.floats, f)
		})
		return out, nil
	}
}

// convertTexts adds texts to the node's dictionary, in the form that form gives.
func convertTexts(form func([]byte) []byte) converter {
	return func(n *node, v encoding.Values) (*scalars, error) {
		if n.dict == nil {
			n.dict = newDict()
		}
		out := &scalars{codes: []uint32{}}
		var bad []byte
		each(v, func(b []byte) {
			s := form(b)
			if !utf8.Valid(s) {
				bad = s
			}
			out.codes = append(out.codes, n.dict.add(s))
		})
		if bad != nil {
			return nil, fmt.Errorf("the bytes %s are not UTF-8 text", quoted(bad))
		}
		return out, nil
	}
}

// each calls f for every byte array of v.
func each(v encoding.Values, f func([]byte)) {
	if v.Kind() == encoding.FixedLenByteArray {
		data, size := v.FixedLenByteArray()
		for i := 0; i+size <= len(data); i += size {
			f(data[i : i+size])
		}
		return
	}
	data, offsets := v.ByteArray()
	for i := 1; i < len(offsets); i++ {
		f(data[offsets[i-1]:offsets[i]])
	}
}
