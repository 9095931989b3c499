package arrowfile

import "github.com/segq/segq/lang/check"

// Numbers of the format: of the versions of its metadata, of kinds of messages, and of types
// (Schema.fbs and Message.fbs of Apache Arrow).
const (
	metadataV5 = int16(4)

	schemaHeader, recordBatchHeader = byte(1), byte(3)

	typeNull, typeInt, typeFloatingPoint, typeUtf8, typeBool = byte(1), byte(2), byte(3), byte(5), byte(6)
	typeTimestamp, typeList, typeStruct, typeMap             = byte(10), byte(12), byte(13), byte(17)

	double, millisecond = int16(2), int16(1)
)

// schemaOf returns the table Schema.
func schemaOf(fields []*check.Field) table {
	list := make(tables, len(fields))
	for i, f := range fields {
		list[i] = fieldOf(f.Name, f.Type, true)
	}
	return table{0: int16(0), 1: list} // little-endian
}

// fieldOf returns a table Field.
func fieldOf(name string, t *check.Type, nullable bool) table {
	kind, details, children := typeOf(t)
	return table{0: text(name), 1: nullable, 2: kind, 3: details, 5: children}
}

// typeOf returns the number of a type in the union of types, its table there, and the fields that
// are in it.
func typeOf(t *check.Type) (kind byte, details table, children tables) {
	switch t.Kind {
	case check.Any:
		return typeNull, table{}, nil
	case check.Bool:
		return typeBool, table{}, nil
	case check.Int:
		return typeInt, table{0: int32(64), 1: true}, nil
	case check.Float:
		return typeFloatingPoint, table{0: double}, nil
	case check.Timestamp:
		return typeTimestamp, table{0: millisecond, 1: text("UTC")}, nil
	case check.List:
		return typeList, table{}, tables{fieldOf("item", t.Elem, true)}
	case check.Map:
		entries := table{0: text("entries"), 1: false, 2: typeStruct, 3: table{}, 5: tables{
			fieldOf("key", check.StringType, false), fieldOf("value", t.Elem, true),
		}}
		return typeMap, table{0: false}, tables{entries}
	case check.Object:
		for _, f := range t.Fields {
			children = append(children, fieldOf(f.Name, f.Type, true))
		}
		return typeStruct, table{}, children
	}
	return typeUtf8, table{}, nil // an Interval is its start and its end, as text
}
