package gen_test

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
)

// entry is one of a map.
type entry struct{ key, value any }

// readParquet returns the rows of a file as arrow-go reads them: objects are maps by
// name, maps are their entries, and timestamps are milliseconds.
func readParquet(t *testing.T, b []byte) (rows []any) {
	t.Helper()
	f, err := file.NewParquetReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r, err := pqarrow.NewFileReader(f, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	if err != nil {
		t.Fatal(err)
	}
	all, err := r.ReadTable(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	batches := array.NewTableReader(all, 100)
	for batches.Next() {
		s := array.RecordToStructArray(batches.RecordBatch())
		for i := range s.Len() {
			rows = append(rows, valueOf(s, i))
		}
	}
	return rows
}

func valueOf(a arrow.Array, i int) any {
	if a.IsNull(i) {
		return nil
	}
	switch a := a.(type) {
	case *array.Struct:
		out := map[string]any{}
		for k, f := range a.DataType().(*arrow.StructType).Fields() {
			out[f.Name] = valueOf(a.Field(k), i)
		}
		return out
	case *array.Map:
		out := []entry{}
		for k, end := a.ValueOffsets(i); k < end; k++ {
			out = append(out, entry{valueOf(a.Keys(), int(k)), valueOf(a.Items(), int(k))})
		}
		return out
	case *array.List:
		out := []any{}
		for k, end := a.ValueOffsets(i); k < end; k++ {
			out = append(out, valueOf(a.ListValues(), int(k)))
		}
		return out
	case *array.Timestamp:
		return int64(a.Value(i))
	case *array.Int64:
		return a.Value(i)
	case *array.Float64:
		return a.Value(i)
	case *array.Boolean:
		return a.Value(i)
	case *array.String:
		return a.Value(i)
	}
	panic(fmt.Sprintf("%T", a))
}

// expected is what is to be read of a value with tags of Parquet.
func expected(v reflect.Value) any {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return nil
		}
		return expected(v.Elem())
	case reflect.Struct:
		out := map[string]any{}
		for i := range v.NumField() {
			f := v.Type().Field(i)
			name, options, _ := strings.Cut(f.Tag.Get("parquet"), ",")
			if out[name] = expected(v.Field(i)); strings.Contains(options, "optional") && v.Field(i).IsZero() {
				out[name] = nil
			}
		}
		return out
	case reflect.Map:
		out := []entry{}
		for _, k := range v.MapKeys() {
			out = append(out, entry{k.String(), expected(v.MapIndex(k))})
		}
		slices.SortFunc(out, func(a, b entry) int { return strings.Compare(a.key.(string), b.key.(string)) })
		return out
	case reflect.Slice:
		out := []any{}
		for i := range v.Len() {
			out = append(out, expected(v.Index(i)))
		}
		return out
	case reflect.Int64:
		return v.Int()
	}
	return v.Interface()
}
