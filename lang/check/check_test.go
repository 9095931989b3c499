package check_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/parse"
)

// catalog is a schema that a test has written, and its saved segments.
type catalog struct {
	profile  *check.Type
	events   string
	segments map[string]*check.Query
	mixtures map[string]check.Mixture // by the name of the field
}

func (c *catalog) Mixture(f *check.Field) check.Mixture { return c.mixtures[f.Name] }

func (c *catalog) Profile() *check.Type { return c.profile }
func (c *catalog) Events() string       { return c.events }
func (c *catalog) Segments() []string {
	var all []string
	for id := range c.segments {
		all = append(all, id)
	}
	return all
}

func (c *catalog) Segment(id string) (*check.Query, bool) {
	q, ok := c.segments[id]
	return q, ok
}

// schemaText reads a schema: a field a line, with ␣ for a space in its name, its type after it, the fields of
// objects, and of what lists and maps hold, indented below.
type schemaText struct {
	lines []string
	next  int
}

func readSchema(t *testing.T, text string) *check.Type {
	t.Helper()
	s := &schemaText{lines: strings.Split(strings.TrimRight(text, "\n"), "\n")}
	return check.ObjectOf(s.fields(t, 0)...)
}

func (s *schemaText) fields(t *testing.T, depth int) []*check.Field {
	t.Helper()
	var out []*check.Field
	for s.next < len(s.lines) {
		line := s.lines[s.next]
		text := strings.TrimLeft(line, " ")
		if (len(line)-len(text))/2 != depth {
			break
		}
		s.next++
		name, kind, ok := strings.Cut(text, " ")
		if !ok {
			t.Fatalf("a schema line without a type: %q", line)
		}
		out = append(out, &check.Field{Name: strings.ReplaceAll(name, "␣", " "), Type: s.kind(t, strings.TrimSpace(kind), depth)})
	}
	return out
}

func (s *schemaText) kind(t *testing.T, text string, depth int) *check.Type {
	t.Helper()
	if elem, ok := strings.CutPrefix(text, "list "); ok {
		return check.ListOf(s.kind(t, elem, depth))
	}
	if elem, ok := strings.CutPrefix(text, "map "); ok {
		return check.MapOf(s.kind(t, elem, depth))
	}
	switch text {
	case "object":
		return check.ObjectOf(s.fields(t, depth+1)...)
	case "bool":
		return check.BoolType
	case "int":
		return check.IntType
	case "float":
		return check.FloatType
	case "string":
		return check.StringType
	case "timestamp":
		return check.TimestampType
	case "any":
		return check.AnyType
	}
	t.Fatalf("a schema names the type %q", text)
	return nil
}

// TestCheck runs the scripts of testdata. "schema" gives the fields, "check"
// prints the typed form of each line, or what is wrong with it; "adobe" does so
// with Adobe's limits. "mend" writes what is suggested in the place of the first error.
func TestCheck(t *testing.T) {
	queries := 0
	datadriven.Walk(t, "testdata", func(t *testing.T, path string) {
		c := &catalog{events: "xEvent", segments: map[string]*check.Query{"vip": {}, "gold customers": {}}}
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			switch d.Cmd {
			case "schema":
				c.profile = readSchema(t, d.Input)
				return ""
			case "hint":
				field, text, _ := strings.Cut(d.Input, " ")
				c.mixtures = map[string]check.Mixture{field: {Hint: text}}
				return ""
			case "false": // fields, each with the spelling of false among its texts
				c.mixtures = map[string]check.Mixture{}
				for line := range strings.Lines(d.Input) {
					field, text, _ := strings.Cut(strings.TrimSpace(line), " ")
					c.mixtures[field] = check.Mixture{False: text, Path: field}
				}
				return ""
			case "mend":
				b := &strings.Builder{}
				for line := range strings.Lines(d.Input) {
					queries++
					b.WriteString(mendLine(t, strings.TrimRight(line, "\n"), c))
				}
				return b.String()
			case "check", "adobe":
				b := &strings.Builder{}
				for line := range strings.Lines(d.Input) {
					queries++
					b.WriteString(checkLine(strings.TrimRight(line, "\n"), c, d.Cmd == "adobe"))
				}
				return b.String()
			}
			t.Fatalf("there is no command %s", d.Cmd)
			return ""
		})
	})
	if queries < 150 {
		t.Errorf("only %d queries: are the scripts there?", queries)
	}
}

func checkLine(text string, c *catalog, adobe bool) string {
	x, ds := parse.Query(text)
	if ds.Failed() {
		return lang.Render(ds[0], "", text)
	}
	q, ds := check.Check(x, c, check.Options{Adobe: adobe, Params: map[string]any{
		"name": "Ann", "least": int64(3), "share": 0.5, "on": true, "codes": []any{"CA", "US"}, "odd": struct{}{},
	}})
	out := ""
	for _, d := range ds {
		out += lang.Render(d, "", text)
	}
	if q != nil {
		out += check.Dump(q.Root) + "\n"
	}
	return out
}

// mendLine returns a query in which the first error is replaced by what is suggested, and sees that the error
// is not there any more.
func mendLine(t *testing.T, text string, c *catalog) string {
	failed := func(text string) ast.Diagnostics {
		_, ds := lang.Compile(text, c, check.Options{})
		return ds
	}
	ds := failed(text)
	if !ds.Failed() {
		return "no error\n"
	}
	d := ds[0]
	if d.Instead == "" {
		return "no suggestion: " + d.Hint + "\n"
	}
	mended := text[:d.At.Start] + d.Instead + text[d.At.End:]
	if again := failed(mended); again.Failed() && again[0].Code == d.Code && again[0].At.Start == d.At.Start {
		t.Errorf("%s becomes %s, with the same error", text, mended)
	}
	return mended + "\n"
}

// wide is a schema of n fields beside those of a typical rule.
func wide(n int) *catalog {
	fields := []*check.Field{
		{Name: "homeAddress", Type: check.ObjectOf(&check.Field{Name: "countryCode", Type: check.StringType})},
		{Name: "person", Type: check.ObjectOf(&check.Field{Name: "birthYear", Type: check.IntType})},
		{Name: "xEvent", Type: check.ListOf(check.ObjectOf(
			&check.Field{Name: "eventType", Type: check.StringType}, &check.Field{Name: "timestamp", Type: check.TimestampType}))},
	}
	for i := range n {
		fields = append(fields, &check.Field{Name: fmt.Sprintf("field%d", i), Type: check.StringType})
	}
	return &catalog{profile: check.ObjectOf(fields...), events: "xEvent"}
}

const typicalRule = `homeAddress.countryCode in ["CA", "US"] and person.birthYear >= 1985 and xEvent[eventType = "commerce.purchases"].count() >= 3`

// BenchmarkCompile parses and checks a typical rule of 124 characters over a
// narrow and a wide schema.
func BenchmarkCompile(b *testing.B) {
	for _, columns := range []int{20, 2000} {
		b.Run(fmt.Sprintf("columns=%d", columns), func(b *testing.B) {
			c := wide(columns)
			b.ReportAllocs()
			for b.Loop() {
				x, ds := parse.Query(typicalRule)
				if len(ds) > 0 {
					b.Fatal(ds)
				}
				if q, ds := check.Check(x, c, check.Options{}); q == nil {
					b.Fatal(ds)
				}
			}
		})
	}
}

func FuzzCheck(f *testing.F) {
	c := wide(3)
	for _, seed := range []string{
		typicalRule, `xEvent[^person.birthYear > 3 and timestamp occurs last month]`, `let X = 3 in X > 2`,
		`select A from xEvent where A.eventType, B from xEvent where A.timestamp occurs < 2 weeks after B.timestamp`,
		`xEvent.groupBy(eventType).map((K, G) => mapEntry(K, G.count()))`, `chain(xEvent, timestamp, [A: WHAT(eventType = "x") WHEN(today) COUNT(2)])`,
		`sum X.timestamp.getYear() over X from xEvent`, `if(person, 1, 2.5) + 3 % 0`, `field0 matches "(a|b)*" and field1.regexGroup("(x)", 1) = "x"`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		x, ds := parse.Query(text)
		if ds.Failed() {
			return
		}
		q, _ := check.Check(x, c, check.Options{Adobe: true})
		if q == nil {
			return
		}
		again, ds := parse.Query(ast.Format(x))
		if ds.Failed() {
			t.Fatalf("%q is printed as %q, which does not parse", text, ast.Format(x))
		}
		q2, _ := check.Check(again, c, check.Options{Adobe: true})
		if q2 == nil || check.Dump(q.Root) != check.Dump(q2.Root) {
			t.Fatalf("%q means something else when printed", text)
		}
	})
}
