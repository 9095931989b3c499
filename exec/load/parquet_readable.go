package load

import (
	"errors"
	"fmt"

	"github.com/segq/segq/exec/load/parquet"
)

// readableSchema returns the schema of a file without what cannot be read, which
// note hears of. A file is never refused for a field.
func readableSchema(m *parquet.Meta, note func(string, ...any)) (*element, error) {
	root, err := schemaTree(m.Schema)
	if err != nil {
		return nil, err
	}
	r := &readable{m, note}
	r.fields(root, "", 0)
	return root, nil
}

// pickedSchema is readableSchema for what was picked of a file, if something was ([Options.Pick]).
func pickedSchema(m *parquet.Meta, l *loader) (*element, error) {
	pick := l.options.Pick
	if pick == nil {
		return readableSchema(m, l.note)
	}
	if err := pick(m); err != nil {
		return nil, err
	}
	var lost []error
	e, err := readableSchema(m, func(format string, args ...any) { lost = append(lost, fmt.Errorf(format, args...)) })
	return e, errors.Join(append(lost, err)...)
}

// readable leaves out of a schema what cannot be read.
type readable struct {
	meta *parquet.Meta
	note func(string, ...any)
}

// fields leaves out what cannot be read of the children of e, and says whether
// any is left.
func (r *readable) fields(e *element, name string, depth int) bool {
	kept := e.children[:0:0]
	names := map[string]bool{}
	for _, c := range e.children {
		of := c.Name
		if name != "" {
			of = name + "." + of
		}
		if names[c.Name] {
			r.note("%s is there twice: the second one "+isLeftOut, of)
			continue
		}
		if r.value(c, of, depth+1) {
			names[c.Name] = true
			kept = append(kept, c)
		}
	}
	e.children = kept
	return len(kept) > 0
}

func (r *readable) value(e *element, name string, depth int) bool {
	if e.repeated() {
		name += "[]"
	}
	return r.content(e, name, depth)
}

// content says whether anything of e can be read.
func (r *readable) content(e *element, name string, depth int) bool {
	why := ""
	switch {
	case depth > maxDepth:
		why = fmt.Sprintf("it has more than %d levels", maxDepth)
	case e.Leaf:
		why = r.leaf(e)
	case e.list():
		if e.bare {
			return r.content(e.item(), name+"[]", depth+1)
		}
		return r.value(e.item(), name+"[]", depth+1)
	case e.mapping():
		entry := e.children[0].children
		if why = r.key(entry); why == "" && len(entry) > 1 {
			return r.value(entry[1], name+"{}", depth+1)
		}
	case e.Logical == parquet.Variant:
		why = "the type VARIANT is not read"
	case len(e.children) == 0:
		why = "it is an object without fields"
	default:
		return r.fields(e, name, depth)
	}
	if why != "" {
		r.note("%s "+isLeftOut+": %s", name, why)
	}
	return why == ""
}

func (r *readable) key(entry []*element) (why string) {
	switch {
	case len(entry) == 0 || len(entry) > 2:
		return "a map has to have a key and a value"
	case !entry[0].Leaf || entry[0].repeated():
		return "the keys of the map are not single values"
	}
	return r.leaf(entry[0])
}

// leaf says why a leaf cannot be read, "" if it can.
func (r *readable) leaf(e *element) (why string) {
	if why := unreadableType(e); why != "" {
		return why
	}
	switch l := r.meta.Leaves[e.column]; {
	case l.Encrypted:
		return "it is encrypted"
	case l.External:
		return "its values are in another file"
	case !l.Codec.Known():
		return fmt.Sprintf("the compression %s is not read", l.Codec)
	case !l.Encoding.Known():
		return fmt.Sprintf("the encoding of number %d is not read", l.Encoding)
	}
	return ""
}

func unreadableType(e *element) (why string) {
	switch {
	case e.Type < parquet.Boolean || e.Type > parquet.FixedLenByteArray:
		return fmt.Sprintf("the type of number %d is not read", e.Type)
	case e.Logical == parquet.BSON || e.Logical == parquet.Geometry || e.Logical == parquet.Geography || e.Logical == parquet.Variant:
		return fmt.Sprintf("the type %s is not read", e.Logical)
	case e.Logical == parquet.Timestamp && e.Type == parquet.Int64 && (e.Unit < parquet.Millis || e.Unit > parquet.Nanos):
		return "the unit of its timestamps is not known"
	case e.Logical == parquet.Decimal && (e.Scale < 0 || e.Scale > maxDigits):
		return fmt.Sprintf("decimals of %d digits after the point are not read", e.Scale)
	case e.Type == parquet.FixedLenByteArray && e.Length <= 0:
		return fmt.Sprintf("values of %d bytes are not read", e.Length)
	}
	return ""
}
