package load_test

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"
)

// writing is a Parquet file that arrow-go writes of structs. Their tags give names and
// options, as in `parquet:"at,optional,dict,timestamp(millisecond)"`: a pointer is always
// optional, and a slice is a LIST with the option list, a MAP of its elements, which are keys
// and values, with the option map, else a repeated field.
type writing struct {
	properties []parquet.WriterProperty
	leaves     []*written
}

// written is a column chunk as it is written: levels, and the values that are there.
type written struct {
	def, rep   int16
	values     reflect.Value
	defs, reps []int16
}

// groupsOf says how many rows a row group has at most; other options are those of arrow-go.
type groupsOf int

// writeParquet returns a file of rows. Fields without the option dict have no dictionary.
func writeParquet[T any](t testing.TB, rows []T, options ...any) []byte {
	t.Helper()
	w := &writing{properties: []parquet.WriterProperty{parquet.WithDictionaryDefault(false)}}
	most := max(len(rows), 1)
	for _, o := range options {
		switch o := o.(type) {
		case groupsOf:
			most = int(o)
		case parquet.WriterProperty:
			w.properties = append(w.properties, o)
		}
	}
	typ := reflect.TypeFor[T]()
	fields, add := w.group(nil, typ, 0, 0)
	root, err := schema.NewGroupNode("root", parquet.Repetitions.Required, fields, -1)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	f := file.NewParquetWriter(&b, root, file.WithWriterProps(parquet.NewWriterProperties(w.properties...)))
	for part := range slices.Chunk(rows, most) {
		for _, l := range w.leaves {
			l.values, l.defs, l.reps = l.values.Slice(0, 0), nil, nil
		}
		for i := range part {
			add(reflect.ValueOf(part[i]), 0, 0)
		}
		if err := w.write(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// write writes a row group.
func (w *writing) write(f *file.Writer) error {
	g, err := f.AppendRowGroupChecked()
	if err != nil {
		return err
	}
	for _, l := range w.leaves {
		c, err := g.NextColumn()
		if err != nil {
			return err
		}
		// The method is that of the type of the column.
		out := reflect.ValueOf(c).MethodByName("WriteBatch").Call([]reflect.Value{l.values, reflect.ValueOf(l.defs), reflect.ValueOf(l.reps)})
		if err, failed := out[1].Interface().(error); failed {
			return err
		}
		if err := c.Close(); err != nil {
			return err
		}
	}
	return g.Close()
}

// adder adds a value to its columns, which begins at a repetition level, in something of
// a definition level.
type adder func(v reflect.Value, rep, def int16)

func (w *writing) group(path []string, t reflect.Type, rep, def int16) (fields schema.FieldList, add adder) {
	adders := make([]adder, t.NumField())
	for i := range adders {
		tag := strings.Split(t.Field(i).Tag.Get("parquet"), ",")
		n, a := w.field(path, tag[0], t.Field(i).Type, tag[1:], rep, def)
		fields, adders[i] = append(fields, n), a
	}
	return fields, func(v reflect.Value, rep, def int16) {
		for i, a := range adders {
			a(v.Field(i), rep, def)
		}
	}
}

func (w *writing) field(path []string, name string, t reflect.Type, options []string, rep, def int16) (schema.Node, adder) {
	first := len(w.leaves)
	switch {
	case t.Kind() == reflect.Pointer:
		n, add := w.content(path, name, parquet.Repetitions.Optional, t.Elem(), options, rep, def+1)
		end := len(w.leaves)
		return n, func(v reflect.Value, rep, def int16) {
			if v.IsNil() {
				w.absent(first, end, rep, def)
				return
			}
			add(v.Elem(), rep, def+1)
		}
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8 && !slices.Contains(options, "list") && !slices.Contains(options, "map"):
		n, add := w.content(path, name, parquet.Repetitions.Repeated, t.Elem(), options, rep+1, def+1)
		return n, w.each(first, rep+1, add)
	}
	return w.content(path, name, parquet.Repetitions.Required, t, options, rep, def)
}

func (w *writing) absent(first, end int, rep, def int16) {
	for _, l := range w.leaves[first:end] {
		l.defs, l.reps = append(l.defs, def), append(l.reps, rep)
	}
}

// each adds the elements of a slice to the columns from first to the last one now.
func (w *writing) each(first int, level int16, add adder) adder {
	end := len(w.leaves)
	return func(v reflect.Value, rep, def int16) {
		if v.Len() == 0 {
			w.absent(first, end, rep, def)
		}
		for i := range v.Len() {
			add(v.Index(i), rep, def+1)
			rep = level
		}
	}
}

func (w *writing) content(path []string, name string, r parquet.Repetition, t reflect.Type, options []string, rep, def int16) (schema.Node, adder) {
	path = append(slices.Clip(path), name)
	first := len(w.leaves)
	switch {
	case t.Kind() == reflect.Struct && t != reflect.TypeFor[time.Time]():
		fields, add := w.group(path, t, rep, def)
		return schema.MustGroup(schema.NewGroupNode(name, r, fields, -1)), add
	case t.Kind() == reflect.Slice && slices.Contains(options, "map"):
		fields, add := w.group(append(path, "key_value"), t.Elem(), rep+1, def+1)
		inner := schema.MustGroup(schema.NewGroupNode("key_value", parquet.Repetitions.Repeated, fields, -1))
		return schema.MustGroup(schema.NewGroupNodeLogical(name, r, schema.FieldList{inner}, schema.MapLogicalType{}, -1)), w.each(first, rep+1, add)
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8:
		n, add := w.field(append(path, "list"), "element", t.Elem(), nil, rep+1, def+1)
		inner := schema.MustGroup(schema.NewGroupNode("list", parquet.Repetitions.Repeated, schema.FieldList{n}, -1))
		list := schema.MustGroup(schema.NewGroupNodeLogical(name, r, schema.FieldList{inner}, schema.NewListLogicalType(), -1))
		return list, w.each(first, rep+1, add)
	case t.Kind() == reflect.Map:
		key, addKey := w.field(append(path, "key_value"), "key", t.Key(), nil, rep+1, def+1)
		value, addValue := w.field(append(path, "key_value"), "value", t.Elem(), nil, rep+1, def+1)
		inner := schema.MustGroup(schema.NewGroupNode("key_value", parquet.Repetitions.Repeated, schema.FieldList{key, value}, -1))
		entries := w.each(first, rep+1, func(k reflect.Value, rep, def int16) {
			pair := k.Interface().([2]reflect.Value)
			addKey(pair[0], rep, def)
			addValue(pair[1], rep, def)
		})
		return schema.MustGroup(schema.NewGroupNodeLogical(name, r, schema.FieldList{inner}, schema.MapLogicalType{}, -1)),
			func(v reflect.Value, rep, def int16) {
				var pairs [][2]reflect.Value
				for _, k := range v.MapKeys() {
					pairs = append(pairs, [2]reflect.Value{k, v.MapIndex(k)})
				}
				entries(reflect.ValueOf(pairs), rep, def)
			}
	}
	w.choose(strings.Join(path, "."), t, options)
	return w.leaf(name, r, t, options, rep, def)
}

// choose chooses the encoding of a leaf.
func (w *writing) choose(path string, t reflect.Type, options []string) {
	if slices.Contains(options, "dict") {
		w.properties = append(w.properties, parquet.WithDictionaryFor(path, true))
	}
	if slices.Contains(options, "delta") {
		e := parquet.Encodings.DeltaBinaryPacked
		if t.Kind() == reflect.String {
			e = parquet.Encodings.DeltaLengthByteArray
		}
		w.properties = append(w.properties, parquet.WithEncodingFor(path, e))
	}
}

func (w *writing) leaf(name string, r parquet.Repetition, t reflect.Type, options []string, rep, def int16) (schema.Node, adder) {
	l := &written{def: def, rep: rep}
	w.leaves = append(w.leaves, l)
	physical, length, logical, to := leafType(t, options)
	sample := to(reflect.Zero(t))
	l.values = reflect.MakeSlice(reflect.SliceOf(sample.Type()), 0, 0)
	n := schema.MustPrimitive(schema.NewPrimitiveNodeLogical(name, r, logical, physical, length, -1))
	return n, func(v reflect.Value, rep, def int16) {
		l.values = reflect.Append(l.values, to(v))
		l.defs, l.reps = append(l.defs, def), append(l.reps, rep)
	}
}

// leafType returns the types of a leaf and what makes of a value one that arrow-go writes.
func leafType(t reflect.Type, options []string) (physical parquet.Type, length int, logical schema.LogicalType, to func(reflect.Value) reflect.Value) {
	as := func(sample any) func(reflect.Value) reflect.Value {
		return func(v reflect.Value) reflect.Value { return v.Convert(reflect.TypeOf(sample)) }
	}
	length = -1
	switch t.Kind() {
	case reflect.Bool:
		physical, to = parquet.Types.Boolean, as(false)
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Uint8, reflect.Uint16, reflect.Uint32:
		physical, to, logical = parquet.Types.Int32, as(int32(0)), schema.NewIntLogicalType(int8(t.Bits()), t.Kind() < reflect.Uint8)
	case reflect.Int, reflect.Int64, reflect.Uint64:
		physical, to, logical = parquet.Types.Int64, as(int64(0)), schema.NewIntLogicalType(64, t.Kind() != reflect.Uint64)
	case reflect.Float32:
		physical, to = parquet.Types.Float, as(float32(0))
	case reflect.Float64:
		physical, to = parquet.Types.Double, as(float64(0))
	case reflect.String:
		physical, logical = parquet.Types.ByteArray, schema.StringLogicalType{}
		to = func(v reflect.Value) reflect.Value { return reflect.ValueOf(parquet.ByteArray(v.String())) }
	case reflect.Slice:
		physical, to = parquet.Types.ByteArray, as(parquet.ByteArray{})
	case reflect.Array:
		physical, length, logical = parquet.Types.FixedLenByteArray, t.Len(), schema.UUIDLogicalType{}
		to = func(v reflect.Value) reflect.Value {
			b := v.Interface().([16]byte)
			return reflect.ValueOf(parquet.FixedLenByteArray(b[:]))
		}
	case reflect.Struct: // a time
		physical, to, logical = timestampType(options)
	}
	for _, o := range options {
		switch o {
		case "date":
			logical = schema.DateLogicalType{}
		case "enum":
			logical = schema.EnumLogicalType{}
		case "decimal(2:18)":
			logical = schema.NewDecimalLogicalType(18, 2)
		}
	}
	if logical == nil {
		logical = schema.NoLogicalType{}
	}
	return physical, length, logical, to
}

func timestampType(options []string) (parquet.Type, func(reflect.Value) reflect.Value, schema.LogicalType) {
	unit, count := schema.TimeUnitMillis, time.Time.UnixMilli
	switch {
	case slices.Contains(options, "timestamp(microsecond)"):
		unit, count = schema.TimeUnitMicros, time.Time.UnixMicro
	case slices.Contains(options, "timestamp(nanosecond)"):
		unit, count = schema.TimeUnitNanos, time.Time.UnixNano
	}
	return parquet.Types.Int64, func(v reflect.Value) reflect.Value {
		return reflect.ValueOf(count(v.Interface().(time.Time)))
	}, schema.NewTimestampLogicalType(true, unit)
}
