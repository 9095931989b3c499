package executor

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/segq/segq/exec/load/parquet"
)

func leafOf(name string, physical parquet.Type, logical parquet.Logical) parquet.Element {
	return parquet.Element{Name: name, Leaf: true, Type: physical, Logical: logical, Repetition: parquet.Optional}
}

func groupOf(name string, logical parquet.Logical, repetition parquet.Repetition, children int32) parquet.Element {
	return parquet.Element{Name: name, Logical: logical, Repetition: repetition, Children: children}
}

// A file is read only where segq reads of it what Spark does.
func TestFit(t *testing.T) {
	text, number := Type{Name: "string"}, Type{Name: "int"}
	texts := Type{Name: "array", Element: &text}
	object := Type{Name: "struct", Fields: []Field{{Name: "A", Type: text}, {Name: "b", Type: number}}}
	lookup := Type{Name: "map", Key: &text, Value: &number}
	str := leafOf("c", parquet.ByteArray, parquet.String)
	decimal := func(precision, scale int32) parquet.Element {
		e := leafOf("c", parquet.FixedLenByteArray, parquet.Decimal)
		e.Precision, e.Scale = precision, scale
		return e
	}
	time := func(unit parquet.Unit) parquet.Element {
		e := leafOf("c", parquet.Int64, parquet.Timestamp)
		e.Unit = unit
		return e
	}
	unsigned := leafOf("c", parquet.Int32, parquet.Integer)
	unsigned.Unsigned = true
	key := leafOf("key", parquet.ByteArray, parquet.String)
	for name, c := range map[string]struct {
		has  []parquet.Element
		of   Type
		want string // part of the error, or what is absent
	}{
		"text":             {[]parquet.Element{str}, text, ""},
		"other case":       {[]parquet.Element{leafOf("C", parquet.ByteArray, parquet.String)}, text, ""},
		"absent":           {[]parquet.Element{leafOf("d", parquet.ByteArray, parquet.String)}, text, "[c]"},
		"two cases":        {[]parquet.Element{str, leafOf("C", parquet.ByteArray, parquet.String)}, text, "is there twice"},
		"bytes for text":   {[]parquet.Element{leafOf("c", parquet.ByteArray, parquet.NoLogical)}, text, "is BYTE_ARRAY in a file"},
		"number for text":  {[]parquet.Element{leafOf("c", parquet.Int32, parquet.NoLogical)}, text, "is INT32 in a file, and string"},
		"padded":           {[]parquet.Element{str}, Type{Name: "char"}, "makes longer"},
		"int":              {[]parquet.Element{leafOf("c", parquet.Int32, parquet.NoLogical)}, number, ""},
		"int to bigint":    {[]parquet.Element{leafOf("c", parquet.Int32, parquet.NoLogical)}, Type{Name: "bigint"}, ""},
		"bigint to int":    {[]parquet.Element{leafOf("c", parquet.Int64, parquet.NoLogical)}, number, "is INT64"},
		"unsigned":         {[]parquet.Element{unsigned}, number, "INT32 INTEGER"},
		"date for int":     {[]parquet.Element{leafOf("c", parquet.Int32, parquet.Date)}, number, "INT32 DATE"},
		"decimal":          {[]parquet.Element{decimal(5, 2)}, Type{Name: "decimal", Precision: 10, Scale: 2}, ""},
		"less decimal":     {[]parquet.Element{decimal(12, 4)}, Type{Name: "decimal", Precision: 12, Scale: 2}, "FIXED_LEN_BYTE_ARRAY DECIMAL"},
		"float for double": {[]parquet.Element{leafOf("c", parquet.Float, parquet.NoLogical)}, Type{Name: "double"}, ""},
		"double for float": {[]parquet.Element{leafOf("c", parquet.Double, parquet.NoLogical)}, Type{Name: "float"}, "is DOUBLE"},
		"micros":           {[]parquet.Element{time(parquet.Micros)}, Type{Name: "timestamp"}, ""},
		"nanos":            {[]parquet.Element{time(parquet.Nanos)}, Type{Name: "timestamp"}, "INT64 TIMESTAMP"},
		"int96":            {[]parquet.Element{leafOf("c", parquet.Int96, parquet.NoLogical)}, Type{Name: "timestamp"}, ""},
		"list": {[]parquet.Element{groupOf("c", parquet.List, parquet.Optional, 1), groupOf("list", parquet.NoLogical, parquet.Repeated, 1),
			leafOf("element", parquet.ByteArray, parquet.String)}, texts, ""},
		"old list":    {[]parquet.Element{groupOf("c", parquet.List, parquet.Optional, 1), {Name: "array", Leaf: true, Type: parquet.ByteArray, Logical: parquet.String, Repetition: parquet.Repeated}}, texts, "is no list"},
		"text in map": {[]parquet.Element{groupOf("c", parquet.Map, parquet.Optional, 1), groupOf("key_value", parquet.NoLogical, parquet.Repeated, 2), key, leafOf("value", parquet.Int32, parquet.NoLogical)}, lookup, ""},
		"number in map": {[]parquet.Element{groupOf("c", parquet.Map, parquet.Optional, 1), groupOf("key_value", parquet.NoLogical, parquet.Repeated, 2), leafOf("key", parquet.Int32, parquet.NoLogical), leafOf("value", parquet.Int32, parquet.NoLogical)},
			lookup, "keys in a file that are no texts"},
		"struct":       {[]parquet.Element{groupOf("c", parquet.NoLogical, parquet.Optional, 2), leafOf("a", parquet.ByteArray, parquet.String), leafOf("B", parquet.Int32, parquet.NoLogical)}, object, ""},
		"less struct":  {[]parquet.Element{groupOf("c", parquet.NoLogical, parquet.Optional, 2), leafOf("a", parquet.ByteArray, parquet.String), groupOf("x", parquet.NoLogical, parquet.Optional, 1), leafOf("b", parquet.Int32, parquet.NoLogical)}, object, "[c.b]"},
		"other struct": {[]parquet.Element{groupOf("c", parquet.NoLogical, parquet.Optional, 1), leafOf("z", parquet.ByteArray, parquet.String)}, object, "none of the fields"},
	} {
		t.Run(name, func(t *testing.T) {
			children := int32(0)
			for i := 0; i < len(c.has); i++ {
				children++
				for left := c.has[i].Children; left > 0; left-- {
					i++
					left += c.has[i].Children
				}
			}
			meta := &parquet.Meta{Schema: append([]parquet.Element{groupOf("root", parquet.NoLogical, parquet.Required, children)}, c.has...)}
			absent, err := fit(meta, []Field{{Name: "c", Type: c.of}})
			got := ""
			var unfit *UnfitError
			switch {
			case errors.As(err, &unfit):
				got = err.Error()
			case err != nil:
				t.Fatal(err)
			case len(absent) > 0:
				got = fmt.Sprint(absent)
			}
			if !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
				t.Errorf("%q, and not %q", got, c.want)
			}
		})
	}
}

// An operation that is put among the others makes another version: what is a number here is another operation there.
func TestVersionTells(t *testing.T) {
	if version != versionOf(operations(), source()) {
		t.Error("equal sources have two versions")
	}
	moved := strings.Replace(operations(), "startsWith", "someNew", 1)
	if moved == operations() || version == versionOf(moved, source()) {
		t.Error("another operation, and the same version")
	}
	line, _, err := (&Batch{}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	split, err := (&Split{}).Encode()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := newTask(split + "\t" + line); err != nil {
		t.Error(err)
	}
	other, err := encode(&Batch{V: "another"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := newTask(split + "\t" + other); err == nil || !strings.Contains(err.Error(), "another segq") {
		t.Error(err)
	}
	answer, err := encode(&Answer{V: "another"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := DecodeAnswer(answer, "", 0); err == nil || !strings.Contains(err.Error(), "another segq") {
		t.Error(err)
	}
}

// The sum of rows does not depend on their order, nor on how they come, and tells others.
func TestSum(t *testing.T) {
	sum := func(parts ...string) Sum {
		all := Sum{}
		for _, part := range parts {
			s := &summing{line: sha256.New()}
			for i := range part {
				_, _ = s.Write([]byte(part[i : i+1]))
			}
			s.end()
			all = all.Plus(s.sum)
		}
		return all
	}
	one := sum("a\nb\nccc\n")
	for _, same := range []Sum{sum("b\n\na\nccc"), sum("ccc\na", "b\n"), sum("a", "", "b", "ccc")} {
		if same != one {
			t.Error("the same rows have another sum")
		}
	}
	for _, other := range []Sum{sum("a\nb\n"), sum("ab\nccc\n"), sum("a\nb\nccc\nccc\n"), {}} {
		if other == one {
			t.Error("other rows have the same sum")
		}
	}
	if again, err := ParseSum(one.String()); err != nil || again != one {
		t.Error(again, err)
	}
}
