package load_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// TestScripts loads the text of each command and compares the schema, the rows
// and the rejects. Arguments: bom, crlf and strict.
func TestScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/script", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			in := d.Input + "\n"
			if d.HasArg("crlf") {
				in = strings.ReplaceAll(in, "\n", "\r\n")
			}
			if d.HasArg("bom") {
				in = "\ufeff" + in
			}
			o := load.Options{Strict: d.HasArg("strict"), Threads: 2}
			s, r, err := load.Reader(context.Background(), strings.NewReader(in), d.Cmd, "in", o)
			if err != nil {
				return fmt.Sprintln("error:", err)
			}
			if err := column.Verify(s); err != nil {
				t.Fatalf("%s: %v", d.Pos, err)
			}
			return describe(s, r)
		})
	})
}

func describe(s *column.Snapshot, r *load.Report) string {
	var b strings.Builder
	fmt.Fprintln(&b, typeText(s.Schema))
	for i := range s.Rows() {
		fmt.Fprintf(&b, "%s\n", column.AppendJSON(nil, s.Root, i, s.Schema))
	}
	for _, reject := range r.Rejects {
		fmt.Fprintln(&b, "rejected", reject)
	}
	return b.String()
}

func typeText(t *check.Type) string {
	switch t.Kind {
	case check.List:
		return "[" + typeText(t.Elem) + "]"
	case check.Map:
		return "map[" + typeText(t.Elem) + "]"
	case check.Object:
		var fields []string
		for _, f := range t.Fields {
			fields = append(fields, f.Name+" "+typeText(f.Type))
		}
		return "{" + strings.Join(fields, ", ") + "}"
	}
	return [...]string{"any", "bool", "int", "float", "string", "timestamp"}[t.Kind]
}
