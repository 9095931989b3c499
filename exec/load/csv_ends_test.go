package load_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
)

// Where lines end with CR, line feeds are in quotes. The rows are those of Python's csv.reader over
// the text with newline="", but for a line end that is another one than the first.
func TestLinesThatEndWithCR(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		want []string
	}{
		"line feed in quotes":      {"id,t\r1,\"a\nb\"\r2,c\r", []string{`{"id":1,"t":"a\nb"}`, `{"id":2,"t":"c"}`}},
		"line feed in the header":  {"id,\"t\nu\"\r1,a\r2,b", []string{`{"id":1,"t\nu":"a"}`, `{"id":2,"t\nu":"b"}`}},
		"doubled quotes":           {"id,t\r1,\"a\"\"\n\"\",b\"\r2,\"\"\r3,d\r", []string{`{"id":1,"t":"a\"\n\",b"}`, `{"id":2,"t":""}`, `{"id":3,"t":"d"}`}},
		"semicolons":               {"id;t\r1;\"a\n;b\"\r2;c\r", []string{`{"id":1,"t":"a\n;b"}`, `{"id":2,"t":"c"}`}},
		"both in quotes":           {"id,t\r1,\"a\r\nb\"\r2,c\r", []string{`{"id":1,"t":"a\r\nb"}`, `{"id":2,"t":"c"}`}},
		"CR in quotes among LF":    {"id,t\n1,\"a\rb\"\n2,c\n", []string{`{"id":1,"t":"a\rb"}`, `{"id":2,"t":"c"}`}},
		"CR in quotes among CRLF":  {"id,\"t\ru\"\r\n1,\"a\rb\"\r\n2,c\r\n", []string{`{"id":1,"t\ru":"a\rb"}`, `{"id":2,"t\ru":"c"}`}},
		"a line that ends with LF": {"id,t\r1," + strings.Repeat("x", 5<<20) + "\r2,c\n3,d\r", []string{`{"id":1,"t":"` + strings.Repeat("x", 5<<20) + `"}`, `{"id":2,"t":"c"}`, `{"id":3,"t":"d"}`}},
	} {
		t.Run(name, func(t *testing.T) {
			s, _, err := load.Reader(context.Background(), strings.NewReader(test.text), "csv", "in", load.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for i := range s.Rows() {
				got = append(got, string(column.AppendJSON(nil, s.Root, i, s.Schema)))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("rows (-want +got)\n%.2000s", diff)
			}
		})
	}
}
