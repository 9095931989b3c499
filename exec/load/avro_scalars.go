package load

import (
	"encoding/binary"
	"fmt"

	"github.com/segq/segq/exec/load/avro"
)

// scalar returns what reads values that have nothing below them.
func (f *avroFill) scalar(field *avroField, t *typedLeaf) avroReader {
	switch field.Kind {
	case avro.Boolean:
		t.declare(kindBool)
		return func(slot uint32) { t.addBool(slot, f.Bool()) }
	case avro.Int, avro.Long:
		return f.whole(field, t)
	case avro.Float:
		t.declare(kindFloat)
		return func(slot uint32) { t.addFloat(slot, f.Float()) }
	case avro.Double:
		t.declare(kindFloat)
		return func(slot uint32) { t.addFloat(slot, f.Double()) }
	case avro.Enum:
		return f.enum(field, t)
	case avro.Fixed:
		return f.bytes(field, t, func() []byte { return f.Fixed(field.Size) })
	}
	return f.bytes(field, t, func() []byte { return f.Bytes() })
}

// instants are the logical types of numbers of units since 1970, and how many of these are a
// second. Local ones, which say nothing of a zone, are read as if in UTC.
var instantsOfAvro = map[string]int64{
	"timestamp-millis": 1e3, "timestamp-micros": 1e6, "timestamp-nanos": 1e9,
	"local-timestamp-millis": 1e3, "local-timestamp-micros": 1e6, "local-timestamp-nanos": 1e9,
}

// whole reads whole numbers, and what is written as such.
func (f *avroFill) whole(field *avroField, t *typedLeaf) avroReader {
	perSecond, instant := instantsOfAvro[field.Logical]
	switch {
	case field.Kind == avro.Int && field.Logical == "date":
		t.declare(kindInstant)
		return func(slot uint32) { t.addInstant(slot, f.Long(), perDay, true) }
	case field.Kind == avro.Long && instant:
		t.declare(kindInstant)
		return func(slot uint32) { t.addInstant(slot, f.Long(), perSecond, false) }
	}
	t.declare(kindInt)
	t.clock |= avroClocks[field.Logical]
	return func(slot uint32) { t.addInt(slot, f.Long()) }
}

func (f *avroFill) enum(field *avroField, t *typedLeaf) avroReader {
	t.declare(kindString)
	codes := make([]uint32, len(field.Symbols))
	for i := range codes {
		codes[i] = unasked
	}
	return func(slot uint32) {
		i := f.Long()
		switch {
		case f.Err != nil:
		case i < 0 || i >= int64(len(codes)):
			f.Err = fmt.Errorf("the file is damaged: %s has symbol %d of %d", t.name, i, len(codes))
		default:
			if codes[i] == unasked {
				codes[i] = t.textCode([]byte(field.Symbols[i]))
			}
			t.addText(slot, codes[i])
		}
	}
}

// bytes reads texts, bytes, and what is written as such. Next reads one.
func (f *avroFill) bytes(field *avroField, t *typedLeaf, next func() []byte) avroReader {
	add := func(slot uint32, b []byte) { t.addText(slot, t.binaryCode(b)) }
	kind := kindString
	switch fixed := field.Kind == avro.Fixed; {
	case field.Kind == avro.String:
		add = func(slot uint32, b []byte) { t.addText(slot, t.textCode(b)) }
	case field.Logical == "decimal":
		kind = 0
		t.declareDecimal(field.Scale)
		add = func(slot uint32, b []byte) { t.addDecimal(slot, b, field.Scale) }
	case fixed && field.Logical == "uuid" && field.Size == 16:
		add = t.addUUID
	case fixed && field.Logical == "duration" && field.Size == 12:
		add = func(slot uint32, b []byte) {
			part := func(at int) int64 { return int64(binary.LittleEndian.Uint32(b[at:])) }
			t.addInterval(slot, part(0), part(4), part(8)*1e6)
		}
	}
	t.declare(kind)
	return func(slot uint32) {
		if b := next(); f.Err == nil {
			add(slot, b)
		}
	}
}
