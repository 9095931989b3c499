package load_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/segq/segq/exec/load"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/ipc"
)

// filesOfFields are files with n fields called c0, c1, ..., by format: those of text with one row,
// the others with none.
func filesOfFields(t *testing.T, n int) map[string][]byte {
	t.Helper()
	var row, avro, footer []string
	var fields []arrow.Field
	for i := range n {
		name := fmt.Sprintf("c%d", i)
		row = append(row, fmt.Sprintf("%q:1", name))
		avro = append(avro, fmt.Sprintf(`{"name":%q,"type":"int"}`, name))
		footer = append(footer, "\x15\x02\x25\x02\x18"+string(rune(len(name)))+name+"\x00")
		fields = append(fields, arrow.Field{Name: name, Type: arrow.PrimitiveTypes.Int32})
	}
	object := "{" + strings.Join(row, ",") + "}"
	schema := []byte(`{"type":"record","name":"r","fields":[` + strings.Join(avro, ",") + `]}`)
	var stream bytes.Buffer
	if err := ipc.NewWriter(&stream, ipc.WithSchema(arrow.NewSchema(fields, nil))).Close(); err != nil {
		t.Fatal(err)
	}
	return map[string][]byte{
		"ndjson": []byte(object + "\n" + `{"c1":2}` + "\n"), "json": []byte("[" + object + `,{"c1":2}]`),
		"avro":    avroOf(schema),
		"arrow":   stream.Bytes(),
		"parquet": parquetOf(n, strings.Join(footer, "")),
	}
}

// avroOf makes a file of a schema without blocks.
func avroOf(schema []byte) []byte {
	out := binary.AppendVarint([]byte("Obj\x01\x02\x16avro.schema"), int64(len(schema)))
	return append(append(out, schema...), "\x00SSSSSSSSSSSSSSSS"...)
}

// parquetOf makes a file without row groups whose schema has n leaves.
func parquetOf(n int, leaves string) []byte {
	footer := binary.AppendUvarint([]byte("\x15\x02\x19\xfc"), uint64(n+1))
	footer = binary.AppendVarint(append(footer, "\x48\x01r\x15"...), int64(n))
	footer = append(append(footer, "\x00"+leaves...), "\x16\x00\x19\x0c\x00"...)
	out := append([]byte("PAR1"), footer...)
	return append(binary.LittleEndian.AppendUint32(out, uint32(len(footer))), "PAR1"...)
}

// TestManyFields reads files with as many fields as a table can have, and with one more: that is
// an error, or a row that is left out, at once.
func TestManyFields(t *testing.T) {
	t.Parallel()
	read := func(format string, data []byte) (*load.Report, error) {
		_, r, err := load.Reader(context.Background(), bytes.NewReader(data), format, "in", load.Options{Threads: 1})
		return r, err
	}
	for format, data := range filesOfFields(t, 1000) {
		if r, err := read(format, data); err != nil || r.Rejected > 0 {
			t.Errorf("%s with 1000 fields: %v", format, err)
		}
	}
	for format, data := range filesOfFields(t, 100_001) {
		r, err := read(format, data)
		if format == "json" || format == "ndjson" {
			if err != nil || r.Rows != 1 || r.Rejected != 1 || !strings.Contains(r.Rejects[0].String(), "expected at most 100000 fields, found more") {
				t.Errorf("%s: %+v, %v", format, r, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), "more than 100000") || !strings.Contains(err.Error(), "which are more than a table can have") {
			t.Errorf("%s: %v", format, err)
		}
	}
}
