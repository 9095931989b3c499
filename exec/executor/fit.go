package executor

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/segq/segq/exec/load/parquet"
)

// Field is a field of a table, as Spark calls it.
type Field struct {
	Name string `json:"name"`
	Type Type   `json:"type"`
}

// Type is a type of Spark, as DESCRIBE ... AS JSON writes it.
type Type struct {
	Name      string  `json:"name"`
	Fields    []Field `json:"fields,omitempty"`
	Element   *Type   `json:"element_type,omitempty"`
	Key       *Type   `json:"key_type,omitempty"`
	Value     *Type   `json:"value_type,omitempty"`
	Precision int     `json:"precision,omitempty"`
	Scale     int     `json:"scale,omitempty"`
}

// UnfitError says that a file has something that Spark reads otherwise than segq, or that it is not sure to read alike.
type UnfitError struct{ Path, Why string }

// Error says which field it is.
func (e *UnfitError) Error() string { return e.Path + " " + e.Why }

// fitting holds the schema of a Parquet file against the fields of a table, as Spark does: by their names, whatever the case of letters. Elements get the names that
// the table has for them, and those that it does not have are passed over.
type fitting struct {
	meta   *parquet.Meta
	at     int      // the element that comes next
	absent []string // the fields of the table that the file has not
	old    string   // why its dates mean something else, "" where they do not
}

// fit fits a file to the fields of a table. The error is an [UnfitError] where segq is not to read it.
func fit(meta *parquet.Meta, fields []Field) (absent []string, err error) {
	f := &fitting{meta: meta, at: 1}
	if f.old, err = oldDates(meta); err != nil {
		return nil, err
	}
	err = f.fields("", int(meta.Schema[0].Children), fields)
	return f.absent, err
}

// oldDates says why dates and timestamps of a file that Spark has written are not what they look like: they were counted in the calendar of Julius Caesar.
func oldDates(meta *parquet.Meta) (string, error) {
	said, err := meta.Said()
	if err != nil {
		return "", err
	}
	const name = "org.apache.spark."
	_, days := said[name+"legacyDateTime"]
	_, old := said[name+"legacyINT96"]
	version := said[name+"version"]
	if days || old || strings.HasPrefix(version, "1.") || strings.HasPrefix(version, "2.") || strings.HasPrefix(version, "3.0.") {
		return "was written in the old calendar, which Spark reads otherwise", nil
	}
	return "", nil
}

// fields fits so many elements, the next ones.
func (f *fitting) fields(path string, n int, fields []Field) error {
	met := make([]bool, len(fields))
	for range n {
		e := f.element()
		if e == nil {
			return errors.New("the schema of the file is damaged")
		}
		i := slices.IndexFunc(fields, func(of Field) bool { return strings.EqualFold(of.Name, e.Name) })
		if i < 0 {
			e.Passed = true
			f.pass(e)
			continue
		}
		below := strings.TrimPrefix(path+"."+fields[i].Name, ".")
		if met[i] {
			return &UnfitError{below, "is there twice in a file, but for the case of letters"}
		}
		met[i], e.Name = true, fields[i].Name
		if err := f.value(below, e, &fields[i].Type); err != nil {
			return err
		}
	}
	for i, of := range fields {
		if !met[i] {
			f.absent = append(f.absent, strings.TrimPrefix(path+"."+of.Name, "."))
		}
	}
	if n > 0 && path != "" && !slices.Contains(met, true) {
		return &UnfitError{path, "is in a file with none of the fields that it has in the table"}
	}
	return nil
}

// element returns the next element, nil where there is none.
func (f *fitting) element() *parquet.Element {
	if f.at >= len(f.meta.Schema) {
		return nil
	}
	f.at++
	return &f.meta.Schema[f.at-1]
}

// pass passes over what is below an element.
func (f *fitting) pass(e *parquet.Element) {
	for left := int(e.Children); left > 0 && f.at < len(f.meta.Schema); left-- {
		left += int(f.element().Children)
	}
}

// value fits an element that is no list by being there several times.
func (f *fitting) value(path string, e *parquet.Element, t *Type) error {
	no := func(format string, args ...any) error { return &UnfitError{path, fmt.Sprintf(format, args...)} }
	if e.Repetition == parquet.Repeated {
		return no("is a list of old form in a file")
	}
	switch {
	case t.Name == "struct":
		if e.Leaf || e.Logical != parquet.NoLogical {
			return no("is no struct in a file")
		}
		return f.fields(path, int(e.Children), t.Fields)
	case t.Name == "array" && t.Element != nil:
		group := f.inside(e, parquet.List, 1)
		if group == nil || group.Name == "array" || strings.HasSuffix(group.Name, "_tuple") {
			return no("is no list of the usual form in a file")
		}
		return f.value(path, f.element(), t.Element)
	case t.Name == "map" && t.Value != nil:
		group := f.inside(e, parquet.Map, 2)
		if group == nil {
			return no("is no map of the usual form in a file")
		}
		if key := f.element(); !key.Leaf || key.Type != parquet.ByteArray || key.Logical != parquet.String {
			return no("has keys in a file that are no texts")
		}
		return f.value(path, f.element(), t.Value)
	case !e.Leaf:
		return no("is no %s in a file", t.Name)
	}
	if why := f.leaf(e, t); why != "" {
		return no("%s", why)
	}
	return nil
}

// inside returns the repeated group in a list or map, nil where it has another form than that of n elements.
func (f *fitting) inside(e *parquet.Element, of parquet.Logical, n int32) *parquet.Element {
	if e.Leaf || e.Logical != of || e.Children != 1 {
		return nil
	}
	group := f.element()
	if group == nil || group.Leaf || group.Repetition != parquet.Repeated || group.Children != n || f.at+int(n) > len(f.meta.Schema) {
		return nil
	}
	return group
}

// leaf says why the values of a leaf are not read as those of a type without parts, "" where they are. What is not known to mean the same on both sides is refused.
func (f *fitting) leaf(e *parquet.Element, t *Type) string {
	whole := (e.Type == parquet.Int32 || e.Type == parquet.Int64) && (e.Logical == parquet.NoLogical || e.Logical == parquet.Integer && !e.Unsigned)
	fits := false
	switch t.Name {
	case "string", "varchar":
		fits = e.Type == parquet.ByteArray && (e.Logical == parquet.String || e.Logical == parquet.Enum || e.Logical == parquet.JSON)
	case "char":
		return "has texts that Spark makes longer (CHAR)"
	case "tinyint", "smallint":
		fits = whole && e.Type == parquet.Int32 && e.Logical == parquet.Integer
	case "int", "integer":
		fits = whole && e.Type == parquet.Int32
	case "bigint":
		fits = whole
	case "float":
		fits = e.Type == parquet.Float && e.Logical == parquet.NoLogical
	case "double":
		fits = (e.Type == parquet.Float || e.Type == parquet.Double) && e.Logical == parquet.NoLogical
	case "decimal":
		fits = e.Logical == parquet.Decimal && e.Scale >= 0 && int(e.Scale) <= t.Scale && int(e.Precision-e.Scale) <= t.Precision-t.Scale
	case "boolean":
		fits = e.Type == parquet.Boolean
	case "date":
		fits = e.Type == parquet.Int32 && e.Logical == parquet.Date
	case "timestamp", "timestamp_ltz", "timestamp_ntz":
		fits = e.Type == parquet.Int96 && t.Name != "timestamp_ntz" || e.Type == parquet.Int64 && e.Logical == parquet.Timestamp && e.Unit != parquet.Nanos
	}
	switch {
	case !fits:
		return fmt.Sprintf("is %s in a file, and %s in the table", kindOf(e), t.Name)
	case f.old != "" && (t.Name == "date" || strings.HasPrefix(t.Name, "timestamp")):
		return f.old
	}
	return ""
}

// kindOf calls the type of a leaf what the format calls it.
func kindOf(e *parquet.Element) string {
	names := [...]string{"BOOLEAN", "INT32", "INT64", "INT96", "FLOAT", "DOUBLE", "BYTE_ARRAY", "FIXED_LEN_BYTE_ARRAY"}
	if e.Type < 0 || int(e.Type) >= len(names) {
		return fmt.Sprintf("of type number %d", e.Type)
	}
	if e.Logical == parquet.NoLogical {
		return names[e.Type]
	}
	return names[e.Type] + " " + e.Logical.String()
}
