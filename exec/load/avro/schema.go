package avro

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	hamba "github.com/hamba/avro/v2"
)

// Kind is a type of values.
type Kind byte

// The kinds.
const (
	Null Kind = iota
	Boolean
	Int
	Long
	Float
	Double
	Bytes
	String
	Fixed
	Enum
	Record
	Array
	Map
	Union
)

// Schema says what values are. One that contains itself has itself below it.
type Schema struct {
	Kind    Kind
	Name    string // of what has one, as Fixed, Enum and Record do
	Logical string // the logical type, if there is one that fits; else ""
	Scale   int    // of decimals
	Size    int    // of Fixed
	Symbols []string
	Fields  []Field
	Types   []*Schema // of Union
	Items   *Schema   // of Array and Map
	// Least is how many bytes a value of an array or a map takes at least.
	Least int

	least    int // of a record, as LeastBytes
	measured bool
}

// Field is a field of a record.
type Field struct {
	Name   string
	Schema *Schema
}

// Files have names that the specification does not allow, and nobody minds:
// https://github.com/apache/avro/pull/1995.
func init() { hamba.SkipNameValidation = true }

// parse parses the schema of a file.
func parse(text []byte) (*Schema, error) {
	if len(text) == 0 {
		return nil, errors.New("the file has no schema")
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		return nil, fmt.Errorf("the schema of the file is no JSON: %w", err)
	}
	if fieldsOf(tree) > maxFields {
		return nil, fmt.Errorf("it has more than %d fields, which are more than a table can have", maxFields)
	}
	withoutDefaults(tree)
	nameAll(tree, new(int))
	text, err := json.Marshal(tree)
	if err != nil {
		return nil, err
	}
	parsed, err := hamba.ParseBytesWithCache(text, "", &hamba.SchemaCache{})
	if err != nil {
		return nil, fmt.Errorf("the schema of the file is wrong: %w", err)
	}
	c := &conversion{named: map[string]*Schema{}}
	s, err := c.schema(parsed)
	if err == nil {
		c.leasts()
		s.LeastBytes() // of all, before several goroutines ask
	}
	return s, err
}

// maxFields is how many fields a file may have: as many as a table.
const maxFields = 100_000

// fieldsOf returns how many fields all the records of a schema have.
func fieldsOf(tree any) (n int) {
	switch tree := tree.(type) {
	case map[string]any:
		if fields, ok := tree["fields"].([]any); ok {
			n += len(fields)
		}
		for _, v := range tree {
			n += fieldsOf(v)
		}
	case []any:
		for _, v := range tree {
			n += fieldsOf(v)
		}
	}
	return n
}

// withoutDefaults takes the defaults of fields and symbols out of a schema: who reads a file with
// the schema that it was written with has no use for them, and writers do not check them.
func withoutDefaults(tree any) {
	switch tree := tree.(type) {
	case map[string]any:
		if _, ok := tree["type"]; ok {
			delete(tree, "default")
		}
		for _, v := range tree {
			withoutDefaults(v)
		}
	case []any:
		for _, v := range tree {
			withoutDefaults(v)
		}
	}
}

// nameAll gives names to records, enums and fixed types whose name is empty, as that of the top record is
// which Polars writes; count is how many have got one.
func nameAll(tree any, count *int) {
	switch tree := tree.(type) {
	case map[string]any:
		if _, typed := tree["type"].(string); typed && tree["name"] == "" {
			*count++
			tree["name"] = fmt.Sprintf("unnamed%d", *count)
		}
		for _, key := range slices.Sorted(maps.Keys(tree)) {
			nameAll(tree[key], count)
		}
	case []any:
		for _, v := range tree {
			nameAll(v, count)
		}
	}
}

// conversion makes schemas of those of the parser.
type conversion struct {
	named map[string]*Schema
	lists []*Schema // arrays and maps
}

func (c *conversion) schema(from hamba.Schema) (*Schema, error) {
	switch from := from.(type) {
	case *hamba.NullSchema:
		return &Schema{Kind: Null}, nil
	case *hamba.PrimitiveSchema:
		s := &Schema{Kind: primitive[from.Type()]}
		s.logical(from.Logical(), from.Prop("logicalType"))
		return s, nil
	case *hamba.RefSchema:
		return c.schema(from.Schema())
	case *hamba.FixedSchema:
		s := &Schema{Kind: Fixed, Name: from.FullName(), Size: from.Size()}
		if s.Size < 0 {
			return nil, fmt.Errorf("the type %s has %d bytes", s.Name, s.Size)
		}
		s.logical(from.Logical(), from.Prop("logicalType"))
		return s, nil
	case *hamba.EnumSchema:
		return &Schema{Kind: Enum, Name: from.FullName(), Symbols: from.Symbols()}, nil
	case *hamba.RecordSchema:
		return c.record(from)
	case *hamba.ArraySchema:
		return c.list(Array, from.Items())
	case *hamba.MapSchema:
		return c.list(Map, from.Values())
	case *hamba.UnionSchema:
		s := &Schema{Kind: Union}
		for _, t := range from.Types() {
			of, err := c.schema(t)
			if err != nil {
				return nil, err
			}
			s.Types = append(s.Types, of)
		}
		return s, nil
	}
	return nil, fmt.Errorf("the type %s is not known", from.Type())
}

var primitive = map[hamba.Type]Kind{
	hamba.Null: Null, hamba.Boolean: Boolean, hamba.Int: Int, hamba.Long: Long, hamba.Float: Float, hamba.Double: Double,
	hamba.Bytes: Bytes, hamba.String: String,
}

// logical notes the logical type, also one that the parser does not know.
func (s *Schema) logical(known hamba.LogicalSchema, unknown any) {
	if known == nil {
		s.Logical, _ = unknown.(string)
		if s.Logical == "decimal" { // with digits that cannot be
			s.Logical = ""
		}
		return
	}
	s.Logical = string(known.Type())
	if d, ok := known.(*hamba.DecimalLogicalSchema); ok {
		s.Scale = d.Scale()
	}
}

func (c *conversion) record(from *hamba.RecordSchema) (*Schema, error) {
	if s := c.named[from.FullName()]; s != nil {
		return s, nil
	}
	s := &Schema{Kind: Record, Name: from.FullName()}
	c.named[s.Name] = s
	for _, f := range from.Fields() {
		of, err := c.schema(f.Type())
		if err != nil {
			return nil, err
		}
		s.Fields = append(s.Fields, Field{f.Name(), of})
	}
	return s, nil
}

func (c *conversion) list(kind Kind, items hamba.Schema) (*Schema, error) {
	s := &Schema{Kind: kind}
	c.lists = append(c.lists, s)
	var err error
	s.Items, err = c.schema(items)
	return s, err
}

// leasts finds out how many bytes values take at least.
func (c *conversion) leasts() {
	for _, s := range c.lists {
		s.Least = s.Items.LeastBytes()
		if s.Kind == Map {
			s.Least++
		}
	}
}

// LeastBytes is how many bytes a value takes at least. If it is none, no value takes any.
func (s *Schema) LeastBytes() int {
	const enough = 1 << 10
	switch s.Kind {
	case Null:
		return 0
	case Float:
		return 4
	case Double:
		return 8
	case Fixed:
		return min(s.Size, enough)
	case Record:
		if !s.measured {
			s.measured = true // if it is met again below, that counts for nothing
			for _, f := range s.Fields {
				s.least = min(s.least+f.Schema.LeastBytes(), enough)
			}
		}
		return s.least
	}
	return 1
}
