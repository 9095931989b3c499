package load

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/segq/segq/exec/load/parquet"
)

// texts returns the dictionary of the texts of f's node.
func (f *leafPlan) texts() *dict {
	if f.node.dict == nil {
		f.node.dict = newDict()
	}
	return f.node.dict
}

// convertTexts reads what the file calls a text. What is not UTF-8 is null.
func convertTexts(f *leafPlan, v *parquet.Values) *scalars {
	d := f.texts()
	out := &scalars{codes: make([]uint32, len(v.Bytes))}
	for i, b := range v.Bytes {
		if !utf8.Valid(b) {
			if f.key { // an entry has to have one
				out.codes[i], f.mended = d.add(bytes.ToValidUTF8(b, []byte("\uFFFD"))), true
				continue
			}
			out.codes[i], out.holes = noText, true
			continue
		}
		out.codes[i] = d.add(b)
	}
	return out
}

// convertBinary reads bytes of which the file does not say what they are, as
// they are. Whether they are texts is known when all were read.
func convertBinary(f *leafPlan, v *parquet.Values) *scalars {
	d := f.texts()
	f.node.binary = true
	out := &scalars{codes: make([]uint32, len(v.Bytes))}
	for i, b := range v.Bytes {
		out.codes[i] = d.add(b)
		if len(f.bad) < d.len() {
			f.bad = append(f.bad, !readableText(b))
		}
	}
	return out
}

// readableText says whether bytes are UTF-8 without control characters but for
// those of white space.
func readableText(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7f {
			return false
		}
	}
	return utf8.Valid(b)
}

// noteBytes notes whether some value of f's node is no text.
func (f *leafPlan) noteBytes() {
	for _, code := range f.node.texts.values {
		if f.bad != nil && f.bad[code] {
			f.node.nonText = true
			return
		}
	}
}

// hexadecimal makes hexadecimal digits of all bytes of binary columns, if some
// of them are no text.
func hexadecimal(parts []part) {
	some := false
	for _, p := range parts {
		some = some || p.node.nonText
	}
	for _, p := range parts {
		if n := p.node; some && n.binary && n.dict != nil {
			d := &dict{ends: make([]uint32, 0, n.dict.len())}
			for code := range n.dict.len() {
				d.bytes = hex.AppendEncode(d.bytes, n.dict.at(uint32(code)))
				d.ends = append(d.ends, uint32(len(d.bytes)))
			}
			n.dict, n.binary = d, false
		}
	}
}

// textConverter reads values as the texts that form appends.
func textConverter(form func(to, value []byte) []byte) converter {
	return func(f *leafPlan, v *parquet.Values) *scalars {
		d := f.texts()
		out := &scalars{codes: make([]uint32, len(v.Bytes))}
		var text []byte
		for i, b := range v.Bytes {
			text = form(text[:0], b)
			out.codes[i] = d.add(text)
		}
		return out
	}
}

func appendUUID(to, b []byte) []byte { return append(to, uuid.UUID(b).String()...) }

// appendInterval writes months, days and milliseconds as a duration of ISO 8601.
func appendInterval(to, b []byte) []byte {
	months, days, ms := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:]), binary.LittleEndian.Uint32(b[8:])
	to = append(to, 'P')
	if months > 0 {
		to = append(strconv.AppendUint(to, uint64(months), 10), 'M')
	}
	if days > 0 {
		to = append(strconv.AppendUint(to, uint64(days), 10), 'D')
	}
	if ms > 0 || months == 0 && days == 0 {
		to = append(to, 'T')
		to = append(strconv.AppendFloat(to, float64(ms)/1000, 'f', -1, 64), 'S')
	}
	return to
}

// keyConverter makes texts of the keys of a map, which convert has read.
func keyConverter(e *element, convert converter) converter {
	return func(f *leafPlan, v *parquet.Values) *scalars {
		d := f.texts()
		n := max(len(v.Bools), len(v.Ints), len(v.Floats), len(v.Bytes))
		out := &scalars{codes: make([]uint32, n)}
		var text []byte
		if e.Logical == parquet.Decimal {
			for i := range n {
				out.codes[i] = d.add(appendDecimal(text[:0], v, i, int(e.Scale)))
			}
			return out
		}
		values := convert(f, v)
		for i := range n {
			text = values.appendKey(text[:0], i, e.Logical == parquet.Date)
			out.codes[i] = d.add(text)
		}
		return out
	}
}

func appendDecimal(to []byte, v *parquet.Values, i, scale int) []byte {
	if v.Ints != nil {
		return append(to, withPoint(strconv.FormatInt(v.Ints[i], 10), scale)...)
	}
	return append(to, withPoint(bigOf(v.Bytes[i]).String(), scale)...)
}

// appendKey writes a value as the key of a map: as in JSON, and a date without a
// time.
func (v *scalars) appendKey(to []byte, i int, date bool) []byte {
	switch {
	case v.bools != nil:
		return strconv.AppendBool(to, v.bools[i])
	case v.large != nil && v.large[i] != noText:
		return strconv.AppendUint(to, uint64(v.ints[i]), 10)
	case v.ints != nil:
		return strconv.AppendInt(to, v.ints[i], 10)
	case v.times != nil && date:
		return time.UnixMilli(v.times[i]).UTC().AppendFormat(to, time.DateOnly)
	case v.times != nil:
		return time.UnixMilli(v.times[i]).UTC().AppendFormat(to, "2006-01-02T15:04:05.999Z")
	case v.floats != nil:
		return strconv.AppendFloat(to, v.floats[i], 'g', -1, 64)
	}
	return to
}
