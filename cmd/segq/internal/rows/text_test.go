package rows_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

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

// A terminal is not told to do what is in the data.
func TestScreen(t *testing.T) {
	t.Parallel()
	evil := "a\x1b]0;title\x07\u009b31m\u202e\tü"
	columns := []column.Column{&column.Texts{Offsets: []uint32{0, uint32(len(evil))}, Bytes: []byte(evil)}}
	for name, open := range map[string]rows.Open{
		"lines": rows.Lines, "csv": rows.CSV, "tsv": rows.TSV, "json": rows.JSON, "ndjson": rows.NDJSON, "markdown": rows.Markdown,
		"table": rows.Table, "vertical": rows.Vertical,
	} {
		for _, width := range []int{0, 80} {
			var b bytes.Buffer
			w := open(&b, rows.Options{Fields: []*check.Field{{Name: "s", Type: check.StringType}}, Width: width})
			if err := errors.Join(rows.Replay(w, 1, columns), w.Close()); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(b.String(), "ü") || width > 0 && strings.ContainsAny(b.String(), "\x1b\x07\u009b\u202e") {
				t.Errorf("%s: %q", name, b.String())
			}
			if width == 0 && name == "lines" && b.String() != evil+"\n" {
				t.Errorf("not on a terminal: %q", b.String())
			}
		}
	}
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
	if first, _ := utf8.DecodeRuneInString(s); safe && s != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", first) {
		return "'" + s
	}
	return s
}

// What is safe is so in a spreadsheet that has full-width formulas, or takes a semicolon for a comma.
func TestCSVSafe(t *testing.T) {
	t.Parallel()
	texts := []string{"=1", "\n=1", "＝1", "＋1", "－1", "＠1", "a;=1", "a\t=1", "ü=1", "\xff", "", "a,b", "-"}
	want := "s\n'=1\n\"'\n=1\"\n'＝1\n'＋1\n'－1\n'＠1\n\"a;=1\"\n\"a\t=1\"\nü=1\n\xff\n\"\"\n\"a,b\"\n'-\n"
	c := &column.Texts{Offsets: []uint32{0}}
	for _, text := range texts {
		c.Bytes = append(c.Bytes, text...)
		c.Offsets = append(c.Offsets, uint32(len(c.Bytes)))
	}
	for comma, open := range map[string]rows.Open{"csv": rows.CSV, "tsv": rows.TSV} {
		var b bytes.Buffer
		out := open(&b, rows.Options{Fields: []*check.Field{{Name: "s", Type: check.StringType}}, Safe: true})
		if err := errors.Join(rows.Replay(out, len(texts), []column.Column{c}), out.Close()); err != nil || b.String() != want {
			t.Errorf("%s: %q, and not\n%q (%v)", comma, b.String(), want, err)
		}
	}
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

// Null and the empty text are different to people as well, and so is a text that reads like null.
// Blanks at the ends of a text are kept where they would be dropped.
func TestPeopleTellNullFromEmpty(t *testing.T) {
	t.Parallel()
	text := &column.Texts{Valid: column.Bitmap{0b11101}, Bytes: []byte("(null)  x "), Offsets: []uint32{0, 0, 0, 6, 10, 10}}
	for name, want := range map[string]struct {
		open rows.Open
		text string
	}{
		"table":    {rows.Table, "a         b\n--------  --------\n\n(null)    (null)\n\"(null)\"  \"(null)\"\n  x         x\n\n"},
		"vertical": {rows.Vertical, "-[ 1 ]\na\nb\n-[ 2 ]\na  (null)\nb  (null)\n-[ 3 ]\na  \"(null)\"\nb  \"(null)\"\n-[ 4 ]\na    x\nb    x\n-[ 5 ]\na\nb\n"},
		"markdown": {rows.Markdown, "| a | b |\n| --- | --- |\n|  |  |\n| (null) | (null) |\n| \"(null)\" | \"(null)\" |\n| &nbsp;&nbsp;x&nbsp; | &nbsp;&nbsp;x&nbsp; |\n|  |  |\n"},
	} {
		var b bytes.Buffer
		out := want.open(&b, rows.Options{Fields: []*check.Field{{Name: "a", Type: check.StringType}, {Name: "b", Type: check.StringType}}})
		p := out.Begin()
		if err := p.Add(5, []column.Column{text, text}); err != nil {
			t.Fatal(err)
		}
		if err := p.Emit(); err != nil {
			t.Fatal(err)
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
		if b.String() != want.text {
			t.Errorf("%s: %q, not %q", name, b.String(), want.text)
		}
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
