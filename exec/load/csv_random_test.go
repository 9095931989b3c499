package load

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec/column"
	"pgregory.net/rapid"
)

// csvStyle is a way to write cells.
type csvStyle struct {
	delimiter, newline string
	quoteAll           bool
	lastNewline        bool
}

func randomStyle(t *rapid.T) csvStyle {
	return csvStyle{
		rapid.SampledFrom([]string{",", ";", "\t", "|"}).Draw(t, "delimiter"),
		rapid.SampledFrom([]string{"\n", "\r\n", "\r"}).Draw(t, "newline"),
		rapid.Bool().Draw(t, "quote all"), rapid.Bool().Draw(t, "last newline"),
	}
}

// write writes rows of cells after RFC 4180; nil is null.
func (s csvStyle) write(rows [][]any) []byte {
	var b bytes.Buffer
	for r, row := range rows {
		for i, c := range row {
			if i > 0 {
				b.WriteString(s.delimiter)
			}
			text, ok := c.(string)
			switch {
			case !ok:
			case s.quoteAll, text == "", strings.ContainsAny(text, s.delimiter+"\r\n\""):
				b.WriteString(`"` + strings.ReplaceAll(text, `"`, `""`) + `"`)
			default:
				b.WriteString(text)
			}
		}
		if r < len(rows)-1 || s.lastNewline || row[len(row)-1] == nil {
			b.WriteString(s.newline)
		}
	}
	return b.Bytes()
}

// TestRandomCells writes random texts in random styles, and reads them back as
// texts.
func TestRandomCells(t *testing.T) {
	cell := rapid.OneOf(
		rapid.Just[any](nil),
		rapid.Map(rapid.StringOfN(rapid.SampledFrom([]rune("ab\"',;\t|\n\r é0.-")), 0, 8, -1), func(s string) any { return s }),
		rapid.Map(rapid.String(), func(s string) any { return strings.ToValidUTF8(s, "?") }),
	)
	rapid.Check(t, func(r *rapid.T) {
		style, width := randomStyle(r), rapid.IntRange(2, 5).Draw(r, "width")
		rows := [][]any{make([]any, width)}
		types := map[string]string{}
		for i := range width {
			rows[0][i] = fmt.Sprintf("c%d", i)
			types[fmt.Sprintf("c%d", i)] = "text"
		}
		for range rapid.IntRange(1, 20).Draw(r, "rows") {
			rows = append(rows, rapid.SliceOfN(cell, width, width).Draw(r, "row"))
		}
		text := style.write(rows)
		if !strings.Contains(string(text), "\n") != (style.newline == "\r") {
			r.Skip("a line feed in a cell, where lines end without, is one end more")
		}
		s, report, err := Reader(context.Background(), bytes.NewReader(text), "csv", "in", Options{Types: types})
		if err != nil {
			r.Fatalf("%v: %q", err, text)
		}
		if report.Rows != len(rows)-1 || report.Rejected > 0 || len(report.Misfits) > 0 {
			r.Fatalf("%+v: %q", report, text)
		}
		for i, row := range rows[1:] {
			got := make([]any, width)
			for k := range width {
				if c, ok := s.Root.Fields[k].(*column.Strings); ok && c.Valid.Valid(i) {
					got[k] = c.Dict.At(c.Codes.At(i))
				}
			}
			if diff := cmp.Diff(row, got); diff != "" {
				r.Fatalf("row %d of %q (-want +got)\n%s", i+1, text, diff)
			}
		}
	})
}

// TestRandomTypes reads columns of random spellings in two orders of the rows, and
// in one file or two: it is the same table.
func TestRandomTypes(t *testing.T) {
	pool := []string{"1", "-2", "+3", "1.5", "2.50", ".5", "1e3", "007", "NA", "", `""`, "true", "FALSE", "2026-01-03", "2026-01-04T10:00:00Z",
		"x", "1234567890123456789012", "0.12345678901234567", " 4", "NaN", "null", "1,5", "-0,25", "Ä", "\xe4"}
	rapid.Check(t, func(r *rapid.T) {
		cells := rapid.SliceOfNDistinct(rapid.SampledFrom(pool), 1, 4, rapid.ID).Draw(r, "cells")
		rows := make([]string, rapid.IntRange(2, 30).Draw(r, "rows"))
		for i := range rows {
			rows[i] = fmt.Sprintf("%d;%s", i, rapid.SampledFrom(cells).Draw(r, "cell"))
		}
		want := rowsByID(r, rows)
		shuffled := append([]string(nil), rows...)
		rand.Shuffle(len(rows), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		if diff := cmp.Diff(want, rowsByID(r, shuffled)); diff != "" {
			r.Fatalf("in another order (-want +got)\n%s", diff)
		}
		cut := rapid.IntRange(1, len(rows)-1).Draw(r, "cut")
		if diff := cmp.Diff(want, rowsByID(r, rows[:cut], rows[cut:])); diff != "" {
			r.Fatalf("in two files (-want +got)\n%s", diff)
		}
	})
}

// rowsByID reads files of rows of an id and a cell, and gives what became of each.
func rowsByID(t *rapid.T, files ...[]string) map[int64]string {
	l, err := newLoader(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, rows := range files {
		text := "id;v\n" + strings.Join(rows, "\n") + "\n"
		in := &input{located: located{source: newGiven(strings.NewReader(text), "in")}, format: formatNamed("csv")}
		if err := l.open(context.Background(), in); err != nil {
			t.Fatal(err)
		}
	}
	s, err := l.finish(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	out := map[int64]string{}
	for i := range s.Rows() {
		out[s.Root.Fields[0].(*column.Ints).At(i)] = fmt.Sprint(s.Schema.Fields[1].Type) + string(column.AppendJSON(nil, s.Root, i, s.Schema))
	}
	return out
}

// readSheets reads all of text, so many bytes at a time, and gives the rows as texts, with
// the numbers of lines, rows and rejects.
func readSheets(text []byte, block int) (r *sheetReader, rows []string, lines, read, rejected int, err error) {
	r = newSheetReader(bytes.NewReader(text), &meter{}, 3)
	r.block = block
	err = r.sheets(0, func() error { return nil }, func(s *sheet) error {
		if len(s.cells) != len(s.rows)*r.width {
			return errors.New("rows of different lengths")
		}
		for i, at := range s.rows {
			row := fmt.Sprintf("%d", int(at.line)+lines)
			for _, c := range s.cells[i*r.width : (i+1)*r.width] {
				row += fmt.Sprintf("|%t%q", c.null(), unquoted(nil, s.data, c))
			}
			rows = append(rows, row)
		}
		lines, read, rejected = lines+s.lines, read+s.read, rejected+s.rejected
		r.release(s)
		return nil
	})
	return r, rows, lines, read, rejected, err
}

// FuzzCSV reads any text whole and a few bytes at a time: it is the same, and each
// line of it is accounted for. What becomes a table of it is whole.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a;b\r\n\"x\"\"y\";\"z\nz\"\r\n", "a\r1\r\r2", "\n\na,b\n\"x\"y,1\n\"open,2\n3,4\n",
		"sep=;\na;b\n1;2", "a,b\n1\n1,2,3\n1,2,,\n", "a|b\n\"x\" |\"He said \"hi\" to me\"\n", "\"a\n1,2\n"} {
		f.Add([]byte(s), 3)
	}
	f.Fuzz(func(t *testing.T, text []byte, block int) {
		whole, rows, lines, read, rejected, err := readSheets(text, 1<<20)
		if err != nil {
			t.Fatal(err)
		}
		if read != len(rows)+rejected {
			t.Errorf("%d rows and %d rejected of %d", len(rows), rejected, read)
		}
		if want := countLines(text, whole.dialect.cr); lines != want {
			t.Errorf("%d lines of %d: %q", lines, want, rows)
		}
		if s, report, err := Reader(t.Context(), bytes.NewReader(text), "tsv", "in", Options{}); err == nil {
			if err := column.Verify(s); err != nil || s.Rows() != report.Rows {
				t.Errorf("%d rows of %d: %v", s.Rows(), report.Rows, err)
			}
		}
		cut, again, _, _, _, err := readSheets(text, max(block%64, 1))
		if err != nil {
			t.Fatal(err)
		}
		if whole.dialect != cut.dialect {
			return // it is found out from what is read first
		}
		if diff := cmp.Diff(rows, again); diff != "" {
			t.Errorf("by blocks of %d (-whole +blocks)\n%s", block, diff)
		}
	})
}

// countLines counts line ends, those that the reader has found, and a last line without one.
func countLines(text []byte, cr bool) int {
	newline := "\n"
	if cr {
		newline = "\r"
	}
	n := bytes.Count(text, []byte(newline))
	if len(text) > 0 && !bytes.HasSuffix(text, []byte(newline)) {
		n++
	}
	return n
}
