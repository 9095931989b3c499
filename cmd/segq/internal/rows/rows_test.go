package rows_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"
	"github.com/google/go-cmp/cmp"

	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

var now = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// nested is profiles with fields of every type, some of them missing at every depth.
func nested(t testing.TB, n int) *column.Snapshot {
	t.Helper()
	r := rand.New(rand.NewPCG(1, uint64(n)))
	var b strings.Builder
	some := func(text string) string {
		if r.IntN(3) == 0 {
			return "null"
		}
		return text
	}
	texts := []string{`""`, `"a"`, `"=1+1"`, `"x,y"`, `"say \"hi\""`, `"two\nlines"`, `" Zoë | *b* "`, `"日本"`, `"-5"`, `"tab\there"`}
	text := func() string { return texts[r.IntN(len(texts))] }
	list := func(elem func() string) string {
		var all []string
		for range r.IntN(4) {
			all = append(all, elem())
		}
		return "[" + strings.Join(all, ",") + "]"
	}
	for i := range n {
		event := func() string {
			return fmt.Sprintf(`{"eventType":%s,"timestamp":"2026-%02d-%02dT10:%02d:00Z","items":%s}`, some(text()), 1+r.IntN(10), 1+r.IntN(28), r.IntN(60),
				some(list(func() string { return fmt.Sprintf(`{"sku":%s,"n":%d}`, some(text()), r.IntN(9)) })))
		}
		unique := fmt.Sprintf(`"u-%d-%d"`, i, r.IntN(1000))
		fmt.Fprintf(&b, `{"_id":"p%06d","n":%s,"f":%s,"ok":%s,"s":%s,"u":%s,"at":%s,"o":%s,"tags":%s,"grid":%s,"xEvent":%s,"rare":%s,"same":"x","m":{"k%d":{"v":%s}},"never":null}`+"\n",
			i, some(fmt.Sprint(r.Int64N(1<<40)-(1<<39))), some(fmt.Sprint(r.NormFloat64())), some(fmt.Sprint(r.IntN(2) == 0)), some(text()), some(unique), some(fmt.Sprintf(`"2025-01-%02dT00:00:00.%03dZ"`, 1+r.IntN(28), r.IntN(1000))),
			some(fmt.Sprintf(`{"a":%s,"b":{"c":%s}}`, some(text()), some(fmt.Sprint(r.IntN(5))))), some(list(text)), some(list(func() string { return list(text) })), some(list(event)),
			map[bool]string{true: text(), false: "null"}[r.IntN(100) == 0], r.IntN(30), some(fmt.Sprint(i)))
	}
	snap, report, err := load.Reader(t.Context(), strings.NewReader(b.String()), "ndjson", "nested", load.Options{Types: map[string]string{"m": "map"}})
	if err != nil || len(report.Rejects) > 0 {
		t.Fatal(err, report.Rejects)
	}
	return snap
}

// expressions are asked for: fields as they are, and what is made of them.
var expressions = []string{
	"n", "f", "ok", "s", "u", "at", "o", "o.b.c", "tags", "grid", "xEvent", "m", "rare", "same", "never", "xEvent.count()", "xEvent[eventType = \"a\"]", "xEvent.items.sku", "today", "now", "[s, u]",
	"tags[this != \"a\"]", "m.get(\"k3\").v", "[]", "true",
}

// written is a question with what is right.
type written struct {
	snap   *column.Snapshot
	where  *check.Query
	fields []*check.Field
	typed  []*check.Query
	// rows are the values of the reference evaluator, as JSON.
	rows [][]string
}

func compile(t testing.TB, snap *column.Snapshot, text string) *check.Query {
	t.Helper()
	q, ds := lang.Compile(text, column.Catalog{Snapshot: snap}, check.Options{})
	if ds.Failed() {
		t.Fatal(text, ds)
	}
	return q
}

func question(t testing.TB, snap *column.Snapshot, where string) *written {
	t.Helper()
	w := &written{snap: snap, where: compile(t, snap, where)}
	name, id := resident.IDColumn(snap)
	w.fields = append(w.fields, &check.Field{Name: name, Type: id})
	values := []*eval.Evaluator{eval.New(compile(t, snap, "_id"), snap, now).Evaluator()}
	for _, text := range expressions {
		q := compile(t, snap, text)
		w.typed = append(w.typed, q)
		w.fields = append(w.fields, &check.Field{Name: text, Type: q.Root.Type()})
		values = append(values, eval.New(q, snap, now).Evaluator())
	}
	cond := eval.New(w.where, snap, now).Evaluator()
	for row := range snap.Rows() {
		if is, err := cond.Cond(row); err != nil {
			t.Fatal(err)
		} else if !is {
			continue
		}
		var texts []string
		for _, e := range values {
			v, err := e.Value(row)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, string(v.AppendJSON(nil)))
		}
		w.rows = append(w.rows, texts)
	}
	return w
}

// write writes the rows in a format.
func (w *written) write(t testing.TB, open rows.Open, o rows.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	o.Fields = w.fields
	out := open(&b, o)
	e := resident.New(w.snap, resident.Options{Threads: 4})
	defer e.Close()
	q := resident.Rows{Operation: exec.Operation{Now: now}, Where: w.where, IDs: true, Select: w.typed, Begin: func() resident.Stretch { return out.Begin() }}
	if _, err := e.Rows(t.Context(), q); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// questions are over tables of several sizes, whose columns are of all kinds.
func questions(t *testing.T, f func(t *testing.T, w *written)) {
	for _, n := range []int{0, 1, 700} {
		for kind, as := range map[string]func(*column.Snapshot) *column.Snapshot{
			"loaded": func(s *column.Snapshot) *column.Snapshot { return s }, "texts": exectest.AsTexts, "compact": exectest.AsCompact,
		} {
			t.Run(fmt.Sprint(n, kind), func(t *testing.T) {
				t.Parallel()
				snap := as(nested(t, max(n, 1)))
				where := "true"
				switch n {
				case 0:
					where = "false"
				case 700:
					where = "n > 0 or s = \"a\""
				}
				f(t, question(t, snap, where))
			})
		}
	}
}

// parsed returns JSON as values.
func parsed(t testing.TB, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err, text)
	}
	return v
}

// same compares the rows that were read, values by column, with those that are right.
func (w *written) same(t *testing.T, got [][]any) {
	t.Helper()
	if len(got) != len(w.rows) {
		t.Fatalf("%d rows, not %d", len(got), len(w.rows))
	}
	for i, row := range got {
		for k, v := range row {
			if want := parsed(t, w.rows[i][k]); !reflect.DeepEqual(v, want) {
				t.Fatalf("row %d, %s (-right +read):\n%s", i, w.fields[k].Name, cmp.Diff(want, v))
			}
		}
	}
}

// values returns rows as arrow-go has them: what is null in an object is left out, maps are
// objects, instants are text.
func values(t *testing.T, batches func(func(arrow.RecordBatch))) (out [][]any) {
	t.Helper()
	batches(func(b arrow.RecordBatch) {
		for i := range int(b.NumRows()) {
			row := make([]any, b.NumCols())
			for k := range row {
				row[k] = valueOf(t, b.Column(k), i)
			}
			out = append(out, row)
		}
	})
	return out
}

func valueOf(t *testing.T, a arrow.Array, i int) any {
	if a.IsNull(i) {
		return nil
	}
	items := func(elems arrow.Array, start, end int64) []any {
		out := []any{}
		for k := start; k < end; k++ {
			out = append(out, valueOf(t, elems, int(k)))
		}
		return out
	}
	switch a := a.(type) {
	case *array.Null:
		return nil
	case *array.Boolean:
		return a.Value(i)
	case *array.Int64:
		return json.Number(fmt.Sprint(a.Value(i)))
	case *array.Float64:
		return json.Number(column.AppendJSONFloat(nil, a.Value(i)))
	case *array.String:
		return strings.Clone(a.Value(i))
	case *array.Timestamp:
		return time.UnixMilli(int64(a.Value(i))).UTC().Format("2006-01-02T15:04:05.999Z07:00")
	case *array.Struct:
		out := map[string]any{}
		for k, f := range a.DataType().(*arrow.StructType).Fields() {
			if v := valueOf(t, a.Field(k), i); v != nil {
				out[f.Name] = v
			}
		}
		return out
	case *array.Map:
		start, end := a.ValueOffsets(i)
		out := map[string]any{}
		for k := start; k < end; k++ {
			out[a.Keys().(*array.String).Value(int(k))] = valueOf(t, a.Items(), int(k))
		}
		return out
	case *array.List:
		start, end := a.ValueOffsets(i)
		return items(a.ListValues(), start, end)
	}
	t.Fatalf("an array %T", a)
	return nil
}

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

func TestArrow(t *testing.T) {
	questions(t, func(t *testing.T, w *written) {
		r, err := ipc.NewFileReader(bytes.NewReader(w.write(t, rows.Arrow, rows.Options{})))
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		w.same(t, values(t, func(yield func(arrow.RecordBatch)) {
			for i := range r.NumRecords() {
				b, err := r.RecordBatch(i)
				if err != nil {
					t.Fatal(err)
				}
				yield(b)
			}
		}))
	})
}

func TestJSON(t *testing.T) {
	questions(t, func(t *testing.T, w *written) {
		var objects []any
		if err := json.Unmarshal(w.write(t, rows.JSON, rows.Options{}), &objects); err != nil {
			t.Fatal(err)
		}
		var got [][]any
		for line := range bytes.Lines(w.write(t, rows.NDJSON, rows.Options{})) {
			object := parsed(t, string(line)).(map[string]any)
			if len(object) != len(w.fields) {
				t.Fatalf("%d members, not %d: %s", len(object), len(w.fields), line)
			}
			row := make([]any, len(w.fields))
			for k, f := range w.fields {
				row[k] = object[f.Name]
			}
			got = append(got, row)
		}
		if w.same(t, got); len(objects) != len(got) {
			t.Errorf("the array has %d rows, not %d", len(objects), len(got))
		}
	})
}

func TestCSV(t *testing.T) {
	questions(t, func(t *testing.T, w *written) {
		for comma, open := range map[rune]rows.Open{',': rows.CSV, '\t': rows.TSV} {
			for _, safe := range []bool{false, true} {
				r := csv.NewReader(bytes.NewReader(w.write(t, open, rows.Options{Safe: safe})))
				r.Comma = comma
				all, err := r.ReadAll()
				if err != nil {
					t.Fatal(err)
				}
				if len(all) != len(w.rows)+1 {
					t.Fatalf("%d lines for %d rows", len(all), len(w.rows))
				}
				for k, f := range w.fields {
					if all[0][k] != f.Name {
						t.Errorf("column %d is called %q, not %q", k, all[0][k], f.Name)
					}
					for i, row := range all[1:] {
						if want := cellOf(t, w.rows[i][k], safe); row[k] != want {
							t.Fatalf("row %d, %s: %q, not %q", i, f.Name, row[k], want)
						}
					}
				}
			}
		}
	})
}

// cellOf is the text of a value, of which the reference evaluator gives the JSON.
func cellOf(t *testing.T, text string, safe bool) string {
	v := parsed(t, text)
	s, ok := v.(string)
	if !ok {
		if v == nil {
			return ""
		}
		return text
	}
	if safe && s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

// Null and the empty text are different, to readers who care.
func TestCSVTellsNullFromEmpty(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	out := rows.CSV(&b, rows.Options{Fields: []*check.Field{{Name: "a", Type: check.StringType}, {Name: "b", Type: check.StringType}}})
	p := out.Begin()
	text := &column.Texts{Valid: column.Bitmap{0b01}, Offsets: []uint32{0, 0, 0}}
	if err := p.Add(2, []column.Column{text, text}); err != nil {
		t.Fatal(err)
	}
	if err := p.Emit(); err != nil {
		t.Fatal(err)
	}
	if got, want := b.String(), "a,b\n\"\",\"\"\n,\n"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}

// A table takes its widths from the first thousand rows; on a terminal long texts are cut to the
// room that there is, and numbers never.
func TestTableFoldsOnATerminal(t *testing.T) {
	t.Parallel()
	w := question(t, nested(t, 1500), "true")
	w.fields, w.typed = w.fields[:6], w.typed[:5]
	whole := strings.Split(string(w.write(t, rows.Table, rows.Options{})), "\n")
	if len(whole) != 1503 {
		t.Fatalf("%d lines", len(whole))
	}
	folded := string(w.write(t, rows.Table, rows.Options{Width: 73}))
	lines := strings.Split(folded, "\n")
	if len(lines) != 1504 || !strings.Contains(lines[1502], "--format vertical") {
		t.Errorf("%d lines, the last %q", len(lines), lines[len(lines)-2])
	}
	for i, line := range lines[:1002] {
		if n := len([]rune(line)); n > 73 {
			t.Errorf("line %d has %d characters: %q", i, n, line)
		}
	}
}
