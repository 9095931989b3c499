package load_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
)

// FuzzDialect reads texts as CSV with any flags: every line is a row, a header, or left out and counted,
// and nothing depends on how many read at once.
func FuzzDialect(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "a;b\r\n\"x\"\"y\";\"z\nz\"\r\n", "sep=;\na;b\n1,5;2\n", "a\tb\n1\t\\N\n", "a|b\n1|2|3\n", "1,2\n3,4\n",
		"\xff\xfea\x00,\x00b\x00\n\x001\x00,\x002\x00\n\x00", "\ufeffn\n\u00e9\n", "a,b\rc,d\r", "Title\n\na,b\n1,2\n3,4\n", "a,a,\n1,2,3\n", "n\n007\n1e5\nTRUE\n2026-01-02\n"} {
		for _, flags := range []uint8{0, 1, 2, 4, 8} {
			f.Add([]byte(s), byte(0), flags)
		}
	}
	f.Fuzz(func(t *testing.T, text []byte, delimiter byte, flags uint8) {
		o := load.Options{Memory: 256 << 20, Dialect: load.Dialect{NoHeader: flags&1 != 0}}
		if d, err := load.ParseDelimiter(string(rune(delimiter))); err == nil {
			o.Dialect.Delimiter = d
		}
		if flags&2 != 0 && o.Dialect.Delimiter != ',' {
			o.Dialect.Decimal = ','
		}
		if flags&4 != 0 {
			o.Dialect.Encoding = []string{"latin1", "utf-16le", "windows-1252", "utf-8"}[flags>>6]
		}
		if flags&8 != 0 {
			o.Dialect.Nulls = []string{"", "NA", "1"}
		}
		sameByThreads(t, text, []string{"csv", "tsv"}[flags>>5&1], o)
	})
}

// FuzzArray reads documents as lines, and as an array of them: the table is the same.
func FuzzArray(f *testing.F) {
	for _, s := range []string{"{\"a\":1}\n{\"a\":\"x\"}", "{\"a\":[{\"b\":[1,[2]]}]}\n{\"a\":null}", "1\n\"x\"\n[2]\n", "{\"identityMap\":{\"x\":[{\"id\":\"1\"}]}}\n{}",
		"{\"t\":\"2026-01-03T10:15:30Z\"}\n{\"t\":1767600000000}\n{\"t\":\"2026-01-03\"}", "{\"a\":1e400,\"a\":2}\n{\"a.b\":-0.0,\"\":9223372036854775808}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		lines := bytes.Split(text, []byte("\n"))
		lines = slices.DeleteFunc(lines, func(l []byte) bool { return len(bytes.TrimSpace(l)) == 0 })
		for _, l := range lines {
			if !json.Valid(l) || !utf8.Valid(l) || bytes.IndexByte(l, 0) >= 0 {
				t.Skip("not lines of JSON")
			}
		}
		if len(lines) < 2 {
			t.Skip("not some lines of JSON")
		}
		array := append(append([]byte("[\n"), bytes.Join(lines, []byte(",\n"))...), "\n]"...)
		o := load.Options{Threads: 1, Memory: 256 << 20}
		want, full := outcome(t, bytes.Join(lines, []byte("\n")), "ndjson", o)
		got, fullToo := outcome(t, array, "json", o)
		if !full && !fullToo && got != want {
			t.Errorf("as lines:\n%s\nas an array:\n%s", want, got)
		}
	})
}

// FuzzSchema reads what --schema names. What is read is written as what is read as the same, and any
// data can be read by it.
func FuzzSchema(f *testing.F) {
	for _, s := range []string{"a\tint\n", "a list<object>\na.b map<list<string>>\n", "`a.b`\tobject\n`a.b`.c\ttimestamp\n", "m\tmap<object>\nm{}.x\tfloat\n",
		"# note\n\n a \t bool \n", "value\tany\n", "a\tlist<int\n", "x\tmap<map<object>>\nx{}{}.y\tint\n"} {
		f.Add([]byte(s), []byte("{\"a\":[{\"b\":{\"k\":[1]}}],\"m\":{\"x\":{\"x\":1}}}\n{\"a\":\"x\",\"value\":2}\n"))
	}
	f.Fuzz(func(t *testing.T, text, data []byte) {
		schema, err := load.ReadSchema(bytes.NewReader(text))
		if err != nil {
			return
		}
		reread(t, schema)
		sameByThreads(t, data, "ndjson", load.Options{Memory: 256 << 20, Schema: schema})
	})
}

// FuzzFolders reads a file below folders that say what its rows have: each of them is a column, with the
// same value in every row, or null.
func FuzzFolders(f *testing.F) {
	for _, s := range []string{"year=2024/month=07/", "d=2026-01-02/k=a%2Fb/", "x=__HIVE_DEFAULT_PARTITION__/", "n=1.5/n=2/", "=a/b=/c=d=e/", "a=1/%zz=%zz/", "b=true/", "`=.{}/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, folders string) {
		text := "{\"a\":1}\n{\"a\":2}\n"
		s, r, err := load.Reader(t.Context(), strings.NewReader(text), "ndjson", filepath.ToSlash(folders)+"/x.ndjson", load.Options{Threads: 1})
		if err != nil {
			if strings.Contains(err.Error(), "internal error") {
				t.Error(err)
			}
			return
		}
		if err := column.Verify(s); err != nil || s.Rows() != 2 {
			t.Errorf("%d rows: %v", s.Rows(), err)
		}
		names := map[string]bool{"a": true}
		for step := range strings.SplitSeq(folders, "/") {
			if name, _, ok := strings.Cut(step, "="); ok && name != "" {
				names[name] = true
			}
		}
		if len(s.Schema.Fields) > len(names) || len(s.Schema.Fields) < 1 {
			t.Errorf("%d fields: %s (%v)", len(s.Schema.Fields), typeText(s.Schema), r.Notes)
		}
		for i := range s.Schema.Fields {
			if name := s.Schema.Fields[i].Name; name != "a" {
				if a, b := column.AppendJSON(nil, s.Root.Fields[i], 0, s.Schema.Fields[i].Type), column.AppendJSON(nil, s.Root.Fields[i], 1, s.Schema.Fields[i].Type); !bytes.Equal(a, b) {
					t.Errorf("%s is %s and %s", name, a, b)
				}
			}
		}
		reread(t, s.Schema)
		_ = fmt.Sprint(r.Notes)
	})
}
