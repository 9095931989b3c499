package load

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec/load/parquet"
)

// TestReadableSchema leaves out what cannot be read, says why, and keeps the
// rest.
func TestReadableSchema(t *testing.T) {
	group := func(name string, l parquet.Logical, children int32) parquet.Element {
		return parquet.Element{Name: name, Logical: l, Children: children}
	}
	repeated := func(name string, children int32) parquet.Element {
		return parquet.Element{Name: name, Repetition: parquet.Repeated, Children: children}
	}
	leaf := func(name string, l parquet.Logical) parquet.Element {
		return parquet.Element{Name: name, Leaf: true, Type: parquet.ByteArray, Logical: l}
	}
	m := &parquet.Meta{Schema: []parquet.Element{
		group("root", 0, 14),
		leaf("id", parquet.String), leaf("id", parquet.String),
		leaf("doc", parquet.BSON), leaf("place", parquet.Geometry),
		leaf("lzo", parquet.String), leaf("secret", parquet.String), leaf("elsewhere", parquet.String), leaf("odd", parquet.String),
		group("empty", 0, 0),
		group("home", 0, 2), leaf("city", parquet.String), leaf("shape", parquet.Geography),
		group("shapes", parquet.List, 1), repeated("list", 1), leaf("element", parquet.Geometry),
		group("old", parquet.List, 1), repeated("array", 2), leaf("a", parquet.String), leaf("b", parquet.BSON),
		group("any", parquet.Variant, 2), leaf("metadata", 0), leaf("value", 0),
		group("byList", parquet.Map, 1), repeated("key_value", 2), group("key", 0, 1), leaf("x", 0), leaf("value", 0),
	}}
	for i := range m.Schema {
		if m.Schema[i].Leaf {
			c := parquet.Leaf{}
			switch m.Schema[i].Name {
			case "lzo":
				c.Codec = parquet.LZO
			case "secret":
				c.Encrypted = true
			case "elsewhere":
				c.External = true
			case "odd":
				c.Encoding = 99
			}
			m.Leaves = append(m.Leaves, c)
		}
	}
	var notes []string
	root, err := readableSchema(m, func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) })
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{
		"id is there twice: the second one is left out",
		"doc is left out: the type BSON is not read",
		"place is left out: the type GEOMETRY is not read",
		"lzo is left out: the compression LZO is not read",
		"secret is left out: it is encrypted",
		"elsewhere is left out: its values are in another file",
		"odd is left out: the encoding of number 99 is not read",
		"empty is left out: it is an object without fields",
		"home.shape is left out: the type GEOGRAPHY is not read",
		"shapes[] is left out: the type GEOMETRY is not read",
		"old[].b is left out: the type BSON is not read",
		"any is left out: the type VARIANT is not read",
		"byList is left out: the keys of the map are not single values",
	}, notes); diff != "" {
		t.Errorf("notes (-want +got)\n%s", diff)
	}
	var leaves []string
	for _, f := range root.plan(nil).leaves {
		leaves = append(leaves, fmt.Sprint(f.name, f.element.column))
	}
	if diff := cmp.Diff([]string{"id0", "home.city8", "old[].a11"}, leaves); diff != "" {
		t.Errorf("leaves (-want +got)\n%s", diff)
	}
}
