package rows_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"testing"

	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// recorded returns the rows of a question after they have been in a record, as a client reads it.
func (w *written) recorded(t *testing.T) *record.Rows {
	t.Helper()
	var made, read record.Rows
	w.write(t, func(_ io.Writer, o rows.Options) rows.Writer { return rows.Record(&made, 1<<30, o) }, rows.Options{})
	text, err := json.Marshal(made)
	if err == nil {
		err = json.Unmarshal(text, &read)
	}
	if err != nil {
		t.Fatal(err)
	}
	return &read
}

// replayed writes the rows of a record in a format.
func replayed(t *testing.T, r *record.Rows, open rows.Open) []byte {
	t.Helper()
	fields, columns, err := rows.Recorded(r)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	out := open(&b, rows.Options{Fields: fields})
	if err := rows.Replay(out, len(r.Rows), columns); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// What comes out of a record is what would have been written without one: the values are those of
// the reference evaluator, and so is the output in every format.
func TestRecord(t *testing.T) {
	questions(t, func(t *testing.T, w *written) {
		r := w.recorded(t)
		if len(r.Rows) != len(w.rows) {
			t.Fatalf("%d rows, not %d", len(r.Rows), len(w.rows))
		}
		for i, row := range r.Rows {
			for k, v := range row {
				if string(v) != w.rows[i][k] {
					t.Fatalf("row %d, %s: %s, not %s", i, w.fields[k].Name, v, w.rows[i][k])
				}
			}
		}
		for name, open := range map[string]rows.Open{
			"table": rows.Table, "vertical": rows.Vertical, "markdown": rows.Markdown, "csv": rows.CSV, "tsv": rows.TSV,
			"json": rows.JSON, "ndjson": rows.NDJSON, "lines": rows.Lines,
		} {
			if got, want := replayed(t, r, open), w.write(t, open, rows.Options{}); !bytes.Equal(got, want) {
				t.Errorf("%s: %.300s, not %.300s", name, got, want)
			}
		}
		w.same(t, parquetRows(t, replayed(t, r, rows.Parquet)))
	})
}

// What is no finite number is what it was in every format, with and without a record, also within
// lists; there is one zero.
func TestInfinity(t *testing.T) {
	t.Parallel()
	floats := []float64{math.Inf(1), math.Inf(-1), math.Copysign(0, -1), math.NaN(), 1.5}
	list := &check.Type{Kind: check.List, Elem: check.FloatType}
	fields := []*check.Field{{Name: "x", Type: check.FloatType}, {Name: "l", Type: list, Index: 1}}
	columns := []column.Column{&column.Floats{V: floats}, &column.List{Offsets: []uint32{0, 2, 3, 3, 3, 5}, Elem: &column.Floats{V: floats}}}
	var r record.Rows
	if err := rows.Replay(rows.Record(&r, 1<<20, rows.Options{Fields: fields}), len(floats), columns); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct {
		open rows.Open
		text string
	}{
		"csv": {rows.CSV, "x,l\nInfinity,\"[\"\"Infinity\"\",\"\"-Infinity\"\"]\"\n-Infinity,[0]\n0,[]\n,[]\n1.5,\"[null,1.5]\"\n"},
		"ndjson": {rows.NDJSON, `{"x":"Infinity","l":["Infinity","-Infinity"]}
{"x":"-Infinity","l":[0]}
{"x":0,"l":[]}
{"x":null,"l":[]}
{"x":1.5,"l":[null,1.5]}
`},
		"lines": {rows.Lines, "Infinity\n-Infinity\n0\n\n1.5\n"},
	} {
		var b bytes.Buffer
		out := want.open(&b, rows.Options{Fields: fields})
		if err := errors.Join(rows.Replay(out, len(floats), columns), out.Close()); err != nil || b.String() != want.text {
			t.Errorf("%s: %s (%v)", name, b.String(), err)
		}
		if got := string(replayed(t, &r, want.open)); got != want.text {
			t.Errorf("%s from a record: %s", name, got)
		}
	}
	for _, open := range []rows.Open{rows.Parquet, rows.Arrow} {
		var b bytes.Buffer
		out := open(&b, rows.Options{Fields: fields})
		if err := errors.Join(rows.Replay(out, len(floats), columns), out.Close()); err != nil {
			t.Fatal(err)
		}
		direct := floatsOf(t, b.Bytes())
		again := floatsOf(t, replayed(t, &r, open))
		for i, want := range []float64{math.Inf(1), math.Inf(-1), 0} {
			if direct[i] != want || again[i] != want || math.Signbit(direct[i]) != math.Signbit(again[i]) {
				t.Errorf("%v is %v, and %v from a record", want, direct[i], again[i])
			}
		}
	}
}

// floatsOf returns the first column of a file of Parquet or Arrow, as arrow-go reads it.
func floatsOf(t *testing.T, b []byte) []float64 {
	t.Helper()
	if !bytes.HasPrefix(b, []byte("ARROW1")) {
		table, err := pqarrow.ReadTable(t.Context(), bytes.NewReader(b), nil, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
		if err != nil {
			t.Fatal(err)
		}
		return table.Column(0).Data().Chunk(0).(*array.Float64).Float64Values()
	}
	f, err := ipc.NewFileReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	batch, err := f.RecordBatch(0)
	if err != nil {
		t.Fatal(err)
	}
	return batch.Column(0).(*array.Float64).Float64Values()
}

// Instants of years that time.Parse does not read come back too.
func TestRecordOfFarInstants(t *testing.T) {
	t.Parallel()
	far := []int64{0, -1, -62135596800001, -99999999999999, 253402300800000, 1 << 50, -(1 << 50), 8_640_000_000_000_001}
	var made record.Rows
	w := rows.Record(&made, 1<<20, rows.Options{Fields: []*check.Field{{Name: "at", Type: check.TimestampType}}})
	if err := rows.Replay(w, len(far), []column.Column{&column.Timestamps{V: far}}); err != nil {
		t.Fatal(err)
	}
	_, columns, err := rows.Recorded(&made)
	if err != nil {
		t.Fatal(err)
	}
	for i, ms := range columns[0].(*column.Timestamps).V {
		if ms != far[i] {
			t.Errorf("%s: %d, not %d", made.Rows[i][0], ms, far[i])
		}
	}
}

// A record has room for so many bytes. What is no value of its column is an error, and no panic.
func TestRecordBounds(t *testing.T) {
	t.Parallel()
	var made record.Rows
	w := rows.Record(&made, 7, rows.Options{Fields: []*check.Field{{Name: "n", Type: check.IntType}}})
	var full *rows.FullError
	err := rows.Replay(w, 4, []column.Column{&column.Ints{I64: []int64{100, 200, 300, 400}}})
	if !errors.As(err, &full) || full.Rows != 2 || len(made.Rows) != 2 {
		t.Errorf("%v", err)
	}
	again := rows.Record(&made, 7, rows.Options{Fields: []*check.Field{{Name: "n", Type: check.IntType}}})
	for i, want := range []bool{true, true, false} { // the rows of several parts are one
		if err := rows.Replay(again, 1, []column.Column{&column.Ints{I64: []int64{100}}}); (err == nil) != want {
			t.Errorf("part %d: %v", i, err)
		}
	}
	for _, text := range []string{
		`{"columns":[{"name":"n","type":"int"}],"rows":[["x"]]}`, `{"columns":[{"name":"n","type":"int"}],"rows":[[]]}`,
		`{"columns":[{"name":"n","type":"what"}],"rows":[[1]]}`, `{"columns":[{"name":"n","type":"timestamp"}],"rows":[[""]]}`,
		`{"columns":[{"name":"n","type":"timestamp"}],"rows":[["-"]]}`, `{"columns":[{"name":"n","type":"bool"}],"rows":[[1]]}`,
		`{"columns":[{"name":"n","type":"list<int>"}],"rows":[[[1]]]}`, `{"columns":[{"name":"n","type":"string"}],"rows":[[{}]]}`,
		`{"columns":[{"name":"n","type":"list<int>","parts":{"kind":"list","elem":"int"}}],"rows":[[{"a":1}]]}`,
		`{"columns":[{"name":"n","type":"map<int>","parts":{"kind":"map","elem":"int"}}],"rows":[[[1]]]}`,
		`{"columns":[{"name":"n","type":"list<int>","parts":{"kind":"list"}}],"rows":[[[1]]]}`,
	} {
		var r record.Rows
		if err := json.Unmarshal([]byte(text), &r); err != nil {
			t.Fatal(err)
		}
		if _, _, err := rows.Recorded(&r); err == nil {
			t.Errorf("%s is read", text)
		}
	}
}
