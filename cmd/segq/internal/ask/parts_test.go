package ask_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/schema"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/redisx/record"
)

// rawFile writes a file of bytes, some row groups of so many rows each: the number of each row.
func rawFile(t *testing.T, groups, rows int, last parquet.ByteArray) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "raw.parquet")
	out, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	leaf := schema.NewByteArrayNode("raw", parquet.Repetitions.Required, -1)
	root, err := schema.NewGroupNode("root", parquet.Repetitions.Required, schema.FieldList{leaf}, -1)
	if err != nil {
		t.Fatal(err)
	}
	w := file.NewParquetWriter(out, root, file.WithWriterProps(parquet.NewWriterProperties(parquet.WithDictionaryDefault(false))))
	for g := range groups {
		values := make([]parquet.ByteArray, rows)
		for i := range values {
			values[i] = fmt.Appendf(nil, "%08d", g*rows+i)
		}
		if g == groups-1 {
			values[rows-1] = last
		}
		group, err := w.AppendRowGroupChecked()
		if err != nil {
			t.Fatal(err)
		}
		column, err := group.NextColumn()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := column.(*file.ByteArrayColumnChunkWriter).WriteBatch(values, nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestBytesFarInside: whether bytes are texts is decided by all row groups, also where the others
// were answered by the time that one has something else.
func TestBytesFarInside(t *testing.T) {
	t.Parallel()
	const groups, rows = 5, 100_000
	for _, test := range []struct {
		last  string
		query string
		count int
	}{
		{"\xff\xfe", `raw.endsWith("3737")`, groups * rows / 100}, // the digits of two bytes 7
		{"\xff\xfe", `raw = "fffe"`, 1},
		{"fine", `raw.endsWith("77")`, groups * rows / 100},
		{"fine", `raw.endsWith("3737")`, groups * rows / 10_000},
	} {
		name := rawFile(t, groups, rows, parquet.ByteArray(test.last))
		a, err := ask.Open(t.Context(), ask.Place{Paths: []string{name}, Threads: 2}, ask.Options{Notes: t.Output()})
		if err != nil {
			t.Fatal(err)
		}
		asked := a.Prepare(rules.Statements(rules.Source{Name: "x", Text: test.query}), time.Now())
		var got []*record.Record
		if err := a.Answer(t.Context(), asked, func(r *record.Record) { got = append(got, r) }); err != nil {
			t.Error(err)
		}
		if len(got) != 1 || got[0].Error != nil || *got[0].Count != test.count || *got[0].Total != groups*rows {
			t.Errorf("%q, %s: %+v, and not %d", test.last, test.query, got, test.count)
		}
		a.Close()
	}
}
