package rows_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

func TestParquet(t *testing.T) {
	questions(t, func(t *testing.T, w *written) { w.same(t, parquetRows(t, w.write(t, rows.Parquet, rows.Options{}))) })
	t.Run("many pages", func(t *testing.T) {
		w := question(t, nested(t, 9000), "true")
		w.same(t, parquetRows(t, w.write(t, rows.Parquet, rows.Options{})))
	})
}

// parquetRows reads a file with arrow-go.
func parquetRows(t *testing.T, b []byte) [][]any {
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
	return values(t, func(yield func(arrow.RecordBatch)) {
		for batches := array.NewTableReader(all, 1000); batches.Next(); {
			yield(batches.RecordBatch())
		}
	})
}

// Row groups are made of several parts, and each has one dictionary, whatever parts have: texts of
// one, of another, of many, or as they are.
func TestParquetDictionaries(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(9, 9))
	var b bytes.Buffer
	out := rows.Parquet(&b, rows.Options{Fields: []*check.Field{{Name: "s", Type: check.StringType}}})
	dicts := []*column.Dict{nil, dictionary("a", 1), dictionary("b", 300), dictionary("c", 70_000), dictionary("d", 0)}
	var want []any
	for range 40 {
		p := out.Begin()
		for range r.IntN(6) {
			n := 1 + r.IntN(5000)
			d := dicts[r.IntN(len(dicts))]
			texts := &column.Texts{Valid: column.NewBitmap(n), Offsets: []uint32{0}}
			codes := &column.Strings{Valid: column.NewBitmap(n), Codes: column.Codes{U32: make([]uint32, n)}, Dict: d}
			for i := range n {
				switch {
				case r.IntN(5) == 0 || d != nil && d.Len() == 0:
					want = append(want, nil)
				case d == nil:
					text := fmt.Sprint("text ", r.IntN(1000))
					texts.Bytes, want = append(texts.Bytes, text...), append(want, text)
					texts.Valid.Set(i)
				default:
					codes.Codes.U32[i] = uint32(r.IntN(d.Len()))
					codes.Valid.Set(i)
					want = append(want, d.At(codes.Codes.U32[i]))
				}
				texts.Offsets = append(texts.Offsets, uint32(len(texts.Bytes)))
			}
			var c column.Column = codes
			if d == nil {
				c = texts
			}
			if err := p.Add(n, []column.Column{c}); err != nil {
				t.Fatal(err)
			}
		}
		if err := p.End(); err != nil {
			t.Fatal(err)
		}
		if err := p.Emit(); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	got := parquetRows(t, b.Bytes())
	if len(got) != len(want) || len(want) < 200_000 {
		t.Fatalf("%d rows, not %d", len(got), len(want))
	}
	for i, row := range got {
		if row[0] != want[i] {
			t.Fatalf("row %d: %v, not %v", i, row[0], want[i])
		}
	}
}

// Lists of texts that are in a dictionary are what they are, however long, whatever dictionary each part has.
func TestParquetLists(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 7))
	var b bytes.Buffer
	out := rows.Parquet(&b, rows.Options{Fields: []*check.Field{{Name: "s", Type: check.ListOf(check.StringType)}}})
	var want []any
	for range 60 {
		d := dictionary("x", []int{1, 2, 200, 1000, 60_000, 70_000}[r.IntN(6)])
		p := out.Begin()
		for range r.IntN(4) {
			n, most := 1+r.IntN(3000), []int{0, 1, 2, 30}[r.IntN(4)]
			codes := &column.Strings{Dict: d}
			lists := &column.List{Offsets: []uint32{0}, Elem: codes}
			for range n {
				one := []any{}
				for range r.IntN(most + 1) {
					code := r.IntN(d.Len())
					codes.Codes.U32 = append(codes.Codes.U32, uint32(code))
					one = append(one, d.At(uint32(code)))
				}
				want = append(want, one)
				lists.Offsets = append(lists.Offsets, uint32(len(codes.Codes.U32)))
			}
			if d.Len() <= 1<<16 && r.IntN(2) == 0 {
				for _, code := range codes.Codes.U32 {
					codes.Codes.U16 = append(codes.Codes.U16, uint16(code))
				}
				codes.Codes.U32 = nil
			}
			if err := p.Add(n, []column.Column{lists}); err != nil {
				t.Fatal(err)
			}
		}
		if err := cmp.Or(p.End(), p.Emit()); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	got := parquetRows(t, b.Bytes())
	if len(got) != len(want) || len(want) < 50_000 {
		t.Fatalf("%d rows, not %d", len(got), len(want))
	}
	for i, row := range got {
		if !reflect.DeepEqual(row[0], want[i]) {
			t.Fatalf("row %d: %v, not %v", i, row[0], want[i])
		}
	}
}

// What is written does not need the memory of the columns any more once it was added.
func TestMemoryOfColumnsIsLetGo(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]rows.Open{"parquet": rows.Parquet, "arrow": rows.Arrow, "csv": rows.CSV, "table": rows.Table, "json": rows.JSON, "lines": rows.Lines} {
		var outputs []string
		for _, clobber := range []bool{false, true} {
			var b bytes.Buffer
			out := open(&b, rows.Options{Fields: []*check.Field{{Name: "s", Type: check.StringType}, {Name: "t", Type: check.StringType}}})
			p, d := out.Begin(), dictionary("x", 3)
			texts := &column.Texts{Offsets: []uint32{0, 1, 3, 3, 4, 6}, Bytes: []byte("abcdef")}
			if err := p.Add(5, []column.Column{&column.Strings{Codes: column.Codes{U32: []uint32{0, 1, 2, 1, 0}}, Dict: d}, texts}); err != nil {
				t.Fatal(err)
			}
			if err := p.End(); err != nil {
				t.Fatal(err)
			}
			if clobber {
				clear(d.Bytes)
				clear(texts.Bytes)
			}
			if err := p.Emit(); err != nil {
				t.Fatal(err)
			}
			if err := out.Close(); err != nil {
				t.Fatal(err)
			}
			outputs = append(outputs, b.String())
		}
		if outputs[0] != outputs[1] {
			t.Errorf("%s reads columns after they were added", name)
		}
	}
}

func dictionary(prefix string, n int) *column.Dict {
	d := &column.Dict{Offsets: []uint32{0}}
	for i := range n {
		d.Bytes = fmt.Appendf(d.Bytes, "%s%06d", prefix, i)
		d.Offsets = append(d.Offsets, uint32(len(d.Bytes)))
	}
	return d
}

// What segq writes it reads: the rows, and the bounds of row groups by which some are left out.
func TestParquetIsReadBySegq(t *testing.T) {
	t.Parallel()
	w := question(t, nested(t, 3000), "true")
	again, _, err := load.Reader(t.Context(), bytes.NewReader(w.write(t, rows.Parquet, rows.Options{})), "parquet", "again", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range w.rows {
		for k, name := range []string{"_id", "n", "f", "ok", "s", "u", "at", "o", "o.b.c", "tags", "grid"} {
			f := again.Schema.Field(name)
			if got := string(column.AppendJSON(nil, again.Root.Fields[f.Index], i, f.Type)); got != row[k] {
				t.Fatalf("row %d, %s: %s, not %s", i, name, got, row[k])
			}
		}
	}
}
