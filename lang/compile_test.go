package lang_test

import (
	"strings"
	"testing"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// catalog is a dataset of one field.
type catalog struct{}

func (catalog) Profile() *check.Type {
	return check.ObjectOf(&check.Field{Name: "age", Type: check.IntType})
}
func (catalog) Events() string                      { return "" }
func (catalog) Segment(string) (*check.Query, bool) { return nil, false }
func (catalog) Segments() []string                  { return nil }

func TestCompile(t *testing.T) {
	q, ds := lang.Compile("age >= 18", catalog{}, check.Options{})
	if ds.Failed() || q == nil || q.Root.Type() != check.BoolType {
		t.Errorf("got %v, %v", q, ds)
	}
	for text, code := range map[string]string{"age == 18": "double-equals", "agee = 18": "unknown-field"} {
		q, ds := lang.Compile(text, catalog{}, check.Options{})
		if q != nil || len(ds) != 1 || ds[0].Code != code {
			t.Errorf("%s: got %v, %v, want %s", text, q, ds, code)
		}
	}
}

// TestCompileLong compiles the longest and the deepest query that parse.
func TestCompileLong(t *testing.T) {
	for _, text := range []string{
		"age = 1" + strings.Repeat(" or age = 2", 5900),
		"age" + strings.Repeat(" + age", 10_000) + " > 3",
		strings.Repeat("not (", 120) + "age > 1" + strings.Repeat(")", 120),
	} {
		if _, ds := lang.Compile(text, catalog{}, check.Options{}); ds.Failed() {
			t.Errorf("%.40s…: %.200v", text, ds)
		}
	}
}

// brokenCatalog is a dataset that cannot be asked.
type brokenCatalog struct{ catalog }

func (brokenCatalog) Segment(string) (*check.Query, bool) { panic("no segments today") }

// A panic below a door is an error of the text that has brought it about.
func TestFaultIsADiagnostic(t *testing.T) {
	text := `age > 3 and inSegment("a")`
	q, ds := lang.Compile(text, brokenCatalog{}, check.Options{})
	if q != nil || len(ds) != 1 || ds[0].Code != "internal" || ds[0].At.End != len(text) {
		t.Fatalf("%v, %+v", q, ds)
	}
	for _, part := range []string{"no segments today", "lang_test.brokenCatalog.Segment compile_test.go:"} {
		if !strings.Contains(ds[0].Message+ds[0].Hint, part) {
			t.Errorf("%q is not in %+v", part, ds[0])
		}
	}
}
