package load

import (
	"errors"
	"fmt"

	"github.com/segq/segq/exec/load/avro"
)

// avroField is a value of an Avro file, and how it is read.
type avroField struct {
	*avro.Schema
	name   string
	skip   bool         // it is not read
	fields []*avroField // of a record, a union, an array or a map
}

// readableAvro is what notes which fields of a file cannot be read.
type readableAvro struct {
	note   func(string, ...any)
	around []*avro.Schema // the records that a field is in
	count  int
}

// mostFields bounds the fields of a file: records may stand in each other many times.
const mostFields = 1 << 20

// readAvroSchema returns how the rows of a file are read. A file is never refused for a
// field.
func readAvroSchema(s *avro.Schema, note func(string, ...any)) (*avroField, error) {
	rows := s
	if s.Kind == avro.Union {
		for _, t := range s.Types {
			if rows = t; t.Kind != avro.Record && t.Kind != avro.Null {
				break
			}
		}
	}
	if rows.Kind != avro.Record && rows.Kind != avro.Null {
		return nil, errors.New("its rows are no records: they have no fields that could be columns")
	}
	r := &readableAvro{note: note}
	f := r.field(s, "", 0)
	if r.count > mostFields {
		return nil, fmt.Errorf("it has more than %d fields", mostFields)
	}
	if f.skip {
		return nil, errors.New("there is no field in it that can be read")
	}
	return f, nil
}

// field returns how a value is read.
func (r *readableAvro) field(s *avro.Schema, name string, depth int) *avroField {
	f := &avroField{Schema: s}
	if r.count++; r.count > mostFields {
		f.skip = true
		return f
	}
	if why := r.unreadable(s, depth); why != "" {
		r.note("%s "+isLeftOut+": %s", name, why)
		f.skip = true
		return f
	}
	switch s.Kind {
	case avro.Record:
		r.record(f, name, depth)
	case avro.Union:
		for _, t := range s.Types {
			f.fields = append(f.fields, r.field(t, name, depth))
		}
	case avro.Array:
		f.fields = []*avroField{r.field(s.Items, name+"[]", depth+1)}
	case avro.Map:
		f.fields = []*avroField{r.field(s.Items, name+"{}", depth+1)}
	default:
		return f
	}
	f.skip = true
	for _, c := range f.fields {
		f.skip = f.skip && (c.skip || c.Kind == avro.Null && s.Kind == avro.Union)
	}
	return f
}

func (r *readableAvro) record(f *avroField, name string, depth int) {
	r.around = append(r.around, f.Schema)
	defer func() { r.around = r.around[:len(r.around)-1] }()
	for _, c := range f.Fields {
		of := c.Name
		if name != "" {
			of = name + "." + of
		}
		field := r.field(c.Schema, of, depth+1)
		field.name = c.Name
		f.fields = append(f.fields, field)
	}
}

// unreadable says why a value cannot be read, "" if it may.
func (r *readableAvro) unreadable(s *avro.Schema, depth int) string {
	if depth > maxDepth {
		return fmt.Sprintf("it has more than %d levels", maxDepth)
	}
	for _, a := range r.around {
		if a == s {
			return fmt.Sprintf("it is a record (%s) that contains itself", s.Name)
		}
	}
	switch {
	case s.Kind == avro.Record && len(s.Fields) == 0:
		return "it is an object without fields"
	case s.Kind == avro.Fixed && s.Size == 0:
		return "values of 0 bytes are not read"
	case s.Logical == "decimal" && s.Scale > maxDigits:
		return fmt.Sprintf("decimals of %d digits after the point are not read", s.Scale)
	}
	return ""
}
