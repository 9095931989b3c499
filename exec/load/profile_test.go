package load_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// drawnSchema is the type of a profile with fields of all kinds.
func drawnSchema(t *rapid.T) *check.Type {
	names := []string{"a", "b", "identityMap", "segmentMembership", "optInOut", "value"}
	scalars := []*check.Type{check.BoolType, check.IntType, check.FloatType, check.StringType, check.TimestampType}
	var typ func(depth int) *check.Type
	object := func(depth int) *check.Type {
		var fields []*check.Field
		for _, name := range names[:rapid.IntRange(1, len(names)).Draw(t, "fields")] {
			f := &check.Field{Name: name, Type: typ(depth)}
			if strings.HasSuffix(name, "Map") || name == "segmentMembership" || name == "optInOut" {
				// In a map of objects, a table with a schema takes these names for maps, even where they are objects.
				f.Type = check.MapOf(rapid.SampledFrom(append(scalars, check.MapOf(check.StringType))).Draw(t, "values"))
			}
			fields = append(fields, f)
		}
		return check.ObjectOf(fields...)
	}
	typ = func(depth int) *check.Type {
		kind := rapid.IntRange(0, 7).Draw(t, "kind")
		switch {
		case depth == 0 || kind < 5:
			return rapid.SampledFrom(scalars).Draw(t, "scalar")
		case kind == 5:
			return check.ListOf(typ(depth - 1))
		case kind == 6:
			return check.MapOf(typ(depth - 1))
		}
		return object(depth - 1)
	}
	return object(3)
}

// drawnJSON writes a value that mostly has the type, and sometimes any other.
func drawnJSON(t *rapid.T, typ *check.Type) string {
	if rapid.IntRange(0, 7).Draw(t, "odd") == 0 {
		return drawnOdd(t)
	}
	switch typ.Kind {
	case check.List:
		var items []string
		for range rapid.IntRange(0, 3).Draw(t, "items") {
			items = append(items, drawnJSON(t, typ.Elem))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case check.Map:
		var entries []string
		for range rapid.IntRange(0, 3).Draw(t, "entries") {
			key := rapid.SampledFrom([]string{"x", "y", "z", "é\\u00e9"}).Draw(t, "key")
			entries = append(entries, fmt.Sprintf("%q: %s", key, drawnJSON(t, typ.Elem)))
		}
		return "{" + strings.Join(entries, ",") + "}"
	case check.Object:
		var members []string
		for _, f := range typ.Fields {
			for range rapid.SampledFrom([]int{0, 1, 1, 1, 1, 1, 1, 2}).Draw(t, "times") {
				members = append(members, fmt.Sprintf("%q:%s", f.Name, drawnJSON(t, f.Type)))
			}
		}
		return "{" + strings.Join(members, " , ") + "}"
	case check.String:
		return rapid.SampledFrom([]string{`"x"`, `""`, `"2020-01-02"`, `"a\nbé"`, `"true"`, `"12"`}).Draw(t, "text")
	case check.Timestamp:
		return rapid.SampledFrom([]string{`"2020-01-02"`, `"2020-01-02T03:04:05Z"`, `"2020-01-02T03:04:05.1234+02:00"`, `1577836800000`}).Draw(t, "time")
	case check.Bool:
		return rapid.SampledFrom([]string{`true`, `false`, `null`}).Draw(t, "bool")
	}
	return rapid.SampledFrom([]string{"0", "-1", "12", "9007199254740993", "2.5", "1.50", "-0.0"}).Draw(t, "number")
}

func drawnOdd(t *rapid.T) string {
	return rapid.SampledFrom([]string{
		"null", "true", "false", "1", "0", "-0", "1e2", "1.0", "1E400", "123456789012345678901234567890", "NaN", "-Infinity", "Infinity", `"NaN"`, `"-Infinity"`, `"Infinity"`,
		`"TRUE"`, `" 1 "`, `"007"`, `".5"`, `"x"`, `"2020-01-02 03:04:05 UTC"`, `"20200102T030405Z"`, `"1577836800000"`,
		"[]", "[ ]", "{}", "[[]]", "[1,[2]]", "[{}]", `[null,"a",2]`, `{"a":1,"a":2}`, `{"a":{"b":1},"b":null}`, `[{"a":1},null,{"b":[1]}]`,
	}).Draw(t, "any")
}

// named returns a column without the fields that a type does not name, which come last.
func named(c column.Column, t *check.Type) column.Column {
	switch c := c.(type) {
	case *column.Struct:
		out := *c
		out.Fields = nil
		for i, f := range t.Fields {
			out.Fields = append(out.Fields, named(c.Fields[i], f.Type))
		}
		return &out
	case *column.List:
		return &column.List{Valid: c.Valid, Offsets: c.Offsets, Elem: named(c.Elem, t.Elem)}
	case *column.Map:
		return &column.Map{Valid: c.Valid, Offsets: c.Offsets, Keys: c.Keys, Values: named(c.Values, t.Elem)}
	}
	return c
}

// A profile is what it is in a table of NDJSON with the same schema.
func TestProfilesAreRowsOfATable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		schema := drawnSchema(t)
		p, err := load.NewProfiles(schema, nil, "", "")
		if err != nil {
			t.Skip(err)
		}
		var lines []string
		for range rapid.IntRange(1, 4).Draw(t, "profiles") {
			line := drawnJSON(t, schema)
			if line[0] != '{' && schema.Field("value") == nil {
				line = "{}" // else the table has a field more
			}
			lines = append(lines, line)
		}
		snap, report, err := load.Reader(context.Background(), strings.NewReader(strings.Join(lines, "\n")), "ndjson", "drawn", load.Options{Schema: schema})
		if err != nil || report.Rejected > 0 {
			t.Skip("not read as a table")
		}
		for row, line := range lines {
			if err := p.Read([]byte(line)); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			for i, f := range schema.Fields {
				want := string(column.AppendJSON(nil, named(snap.Root.Fields[i], f.Type), row, f.Type))
				got := string(column.AppendJSON(nil, p.Snapshot().Root.Fields[i], 0, f.Type))
				if got != want {
					t.Fatalf("%s of %s\nin a table %s\nalone      %s\nas %s", f.Name, line, want, got, f.Type)
				}
			}
		}
	})
}

func TestProfileErrors(t *testing.T) {
	schema := check.ObjectOf(&check.Field{Name: "a", Type: check.IntType})
	p, err := load.NewProfiles(schema, nil, "", "")
	if err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		``:                  "column 1: expected an object, found the end of the row",
		`{"a":1`:            "column 7: expected a comma or } after a member, found the end of the row",
		`{"a":1} {"a":2}`:   "column 9: expected the end of the profile, found an object",
		`3`:                 "column 1: expected an object, found 3",
		`{"a":tru}`:         "column 6: expected a value, found tru",
		`{"é":"x","a":[1,}`: "column 17: expected a value, found '}'",
	} {
		if err := p.Read([]byte(line)); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", line, err, want)
		}
		if err := p.Read([]byte(`{"a": 7, "b": {"a": [1]}}`)); err != nil {
			t.Fatal(err)
		}
		if got := string(column.AppendJSON(nil, p.Snapshot().Root, 0, schema)); got != `{"a":7}` {
			t.Errorf("after an error: %s", got)
		}
	}
}
