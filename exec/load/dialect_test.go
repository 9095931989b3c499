package load_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
)

// What each dialect makes of a text. The values are those of pandas 3: read_csv with sep, header=None,
// na_values and keep_default_na=False, decimal.
func TestDialects(t *testing.T) {
	for name, test := range map[string]struct {
		text    string
		dialect load.Dialect
		want    []string
	}{
		"delimiter": {"id~a~b\n1~\"x~y\"~2,5\n", load.Dialect{Delimiter: '~'}, []string{`{"id":1,"a":"x~y","b":2.5}`}},
		"delimiter that would not be found": {"a,b;c\n1,2;3\n", load.Dialect{Delimiter: ';'},
			[]string{`{"a,b":1.2,"c":3}`}},
		"declared delimiter":    {"sep=;\na;b\n1;2\n", load.Dialect{Delimiter: ';'}, []string{`{"a":1,"b":2}`}},
		"no header":             {"\n1,a,2.5\n\n2,\"c\nd\",\n", load.Dialect{NoHeader: true}, []string{`{"column1":1,"column2":"a","column3":2.5}`, `{"column1":2,"column2":"c\nd"}`}},
		"no header, no rows":    {"", load.Dialect{NoHeader: true}, nil},
		"no header, same names": {"x,x\nx,x\n", load.Dialect{NoHeader: true}, []string{`{"column1":"x","column2":"x"}`, `{"column1":"x","column2":"x"}`}},
		"nulls": {"n,t,q\n1,-,\"-\"\n-,a,b\n NA ,NA,c\n", load.Dialect{Nulls: []string{"-", "NA"}},
			[]string{`{"n":1}`, `{"t":"a","q":"b"}`, `{"q":"c"}`}},
		"nulls instead of the usual ones": {"n\n1\nNULL\n", load.Dialect{Nulls: []string{"-"}}, []string{`{"n":"1"}`, `{"n":"NULL"}`}},
		"nulls, none":                     {"n,m\n1,\nNA,2\n", load.Dialect{Nulls: []string{}}, []string{`{"n":"1"}`, `{"n":"NA","m":2}`}},
		"nulls that are doubled quotes":   {"n,m\n\"a\"\"b\",1\n\"a\"\"c\",2\n", load.Dialect{Nulls: []string{`a"b`}}, []string{`{"m":1}`, `{"n":"a\"c","m":2}`}},
		"comma": {"id,b,x\n1,\"1,5\",1.500\n2,1e3,2.5\n3,\"-0,25\",7\n", load.Dialect{Decimal: ','},
			[]string{`{"id":1,"b":1.5,"x":"1.500"}`, `{"id":2,"b":1000,"x":"2.5"}`, `{"id":3,"b":-0.25,"x":"7"}`}},
		"comma before three digits": {"a;b\n1,234;1.234\n2,345;2\n", load.Dialect{Decimal: ','}, []string{`{"a":1.234,"b":"1.234"}`, `{"a":2.345,"b":"2"}`}},
		"point before three digits": {"a;b\n1,5;1.234\n2,5;2\n", load.Dialect{Decimal: '.'}, []string{`{"a":"1,5","b":1.234}`, `{"a":"2,5","b":2}`}},
		"point":                     {"a;b\n1,5;1.5\n2,5;2.5\n", load.Dialect{Decimal: '.'}, []string{`{"a":"1,5","b":1.5}`, `{"a":"2,5","b":2.5}`}},
	} {
		t.Run(name, func(t *testing.T) {
			s, _, err := load.Reader(context.Background(), strings.NewReader(test.text), "csv", "in", load.Options{Dialect: test.dialect})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i := range s.Rows() {
				got = append(got, string(column.AppendJSON(nil, s.Root, i, s.Schema)))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("rows (-want +got)\n%s", diff)
			}
		})
	}
}

// A text in a named encoding is what it is in UTF-8, in every format of text.
func TestEncodings(t *testing.T) {
	const text = "Zoë – 5 €"
	for name, encode := range map[string]func(string) (string, error){
		"windows-1252": charmap.Windows1252.NewEncoder().String, "CP1252": charmap.Windows1252.NewEncoder().String,
		"macintosh": charmap.Macintosh.NewEncoder().String,
		"UTF_8":     func(s string) (string, error) { return "\ufeff" + s, nil },
	} {
		for format, in := range map[string]string{"csv": "t\n" + text + "\n", "json": `[{"t":"` + text + `"}]`, "ndjson": `{"t":"` + text + `"}`} {
			encoded, err := encode(in)
			if err != nil {
				t.Fatal(err)
			}
			o := load.Options{Dialect: load.Dialect{Encoding: name}}
			s, r, err := load.Reader(context.Background(), strings.NewReader(encoded), format, "in", o)
			if err != nil || len(r.Notes) > 0 {
				t.Fatalf("%s in %s: %v, %v", format, name, err, r.Notes)
			}
			if got, want := string(column.AppendJSON(nil, s.Root, 0, s.Schema)), `{"t":"`+text+`"}`; got != want {
				t.Errorf("%s in %s: %s, want %s", format, name, got, want)
			}
		}
	}
	encoded, err := japanese.ShiftJIS.NewEncoder().String("t\n東京\n")
	if err != nil {
		t.Fatal(err)
	}
	s, r, err := load.Reader(context.Background(), strings.NewReader(encoded+"\x81\x01\n"), "csv", "in", load.Options{Dialect: load.Dialect{Encoding: "shift-jis"}})
	if err != nil || string(column.AppendJSON(nil, s.Root, 0, s.Schema)) != `{"t":"東京"}` {
		t.Errorf("shift-jis: %v", err)
	}
	if want := []string{"in: 1 character not in shift-jis, read as U+FFFD"}; cmp.Diff(want, r.Notes) != "" {
		t.Errorf("notes %q, want %q", r.Notes, want)
	}
	for _, name := range load.EncodingNames() {
		if err := load.CheckEncoding(name); err != nil {
			t.Error(err)
		}
	}
	if err := load.CheckEncoding("windows-125"); err == nil || !strings.Contains(err.Error(), "did you mean windows-1250?") {
		t.Error(err)
	}
}

// A dialect of what has none is noted.
func TestIdleDialects(t *testing.T) {
	for format, dialect := range map[string]load.Dialect{"ndjson": {NoHeader: true}, "json": {Decimal: ','}} {
		_, r, err := load.Reader(context.Background(), strings.NewReader(`{"a":1}`), format, "in", load.Options{Dialect: dialect})
		if err != nil || len(r.Notes) != 1 || !strings.HasPrefix(r.Notes[0], "nothing of the data is CSV or TSV") {
			t.Errorf("%s: %v, %v", format, r, err)
		}
	}
}
