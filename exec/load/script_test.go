package load_test

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/cockroachdb/datadriven"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// TestScripts loads the text of each command and compares the schema, the rows
// and the report. Arguments: bom, crlf, cr, strict, latin1, utf16le, utf16be, bad=LIMIT, and
// types=(a:text,b.c:map).
func TestScripts(t *testing.T) {
	t.Run("sorted", playScripts)
	defer load.KeepRowsFrom(1)() // texts that seem to differ stay in the order of the rows
	t.Run("rows", playScripts)
}

func playScripts(t *testing.T) {
	datadriven.Walk(t, "testdata/script", func(t *testing.T, path string) {
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			in := d.Input + "\n"
			if d.HasArg("crlf") {
				in = strings.ReplaceAll(in, "\n", "\r\n")
			}
			if d.HasArg("cr") {
				in = strings.ReplaceAll(in, "\n", "\r")
			}
			if d.HasArg("bom") {
				in = "\ufeff" + in
			}
			o := load.Options{Strict: d.HasArg("strict"), Threads: 2}
			arguments(t, d, &o)
			s, r, err := load.Reader(context.Background(), strings.NewReader(encoded(d, in)), d.Cmd, "in", o)
			if err != nil {
				return fmt.Sprintln("error:", err)
			}
			if err := column.Verify(s); err != nil {
				t.Fatalf("%s: %v", d.Pos, err)
			}
			sameBySchema(t, d, in, o, describe(s, r), s)
			return describe(s, r)
		})
	})
}

// arguments takes the limit of bad rows and the types of fields from a command.
func arguments(t *testing.T, d *datadriven.TestData, o *load.Options) {
	t.Helper()
	for _, arg := range d.CmdArgs {
		var err error
		switch arg.Key {
		case "bad":
			o.BadRows, err = load.ParseBadRows(arg.Vals[0])
		case "decimal":
			o.Dialect.Decimal, err = load.ParseDecimal(arg.Vals[0])
		case "types":
			o.Types = map[string]string{}
			for _, v := range arg.Vals {
				field, kind, _ := strings.Cut(v, ":")
				o.Types[field] = kind
			}
		}
		if err != nil {
			t.Fatalf("%s: %v", d.Pos, err)
		}
	}
}

// encoded writes the text as the arguments latin1, utf16le and utf16be say.
func encoded(d *datadriven.TestData, in string) string {
	var out []byte
	switch {
	case d.HasArg("latin1"):
		for _, r := range in {
			out = append(out, byte(r))
		}
	case d.HasArg("utf16le"):
		for _, unit := range utf16.Encode([]rune(in)) {
			out = binary.LittleEndian.AppendUint16(out, unit)
		}
	case d.HasArg("utf16be"):
		for _, unit := range utf16.Encode([]rune(in)) {
			out = binary.BigEndian.AppendUint16(out, unit)
		}
	default:
		return in
	}
	return string(out)
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
	for _, misfit := range r.Misfits {
		fmt.Fprintln(&b, "misfit", misfit)
	}
	for _, note := range r.Notes {
		fmt.Fprintln(&b, "note", note)
	}
	var hints []string
	for _, m := range s.Mixtures {
		hints = append(hints, "hint "+m.Hint)
		if m.False != "" {
			hints = append(hints, fmt.Sprintf("false %s is %q", m.Path, m.False))
		}
	}
	slices.Sort(hints)
	for _, hint := range hints {
		fmt.Fprintln(&b, hint)
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
