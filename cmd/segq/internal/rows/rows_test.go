package rows_test

import (
	"bytes"
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
