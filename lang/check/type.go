package check

// Kind is the shape of a [Type].
type Kind uint8

// The kinds. Any is the type of what has no type of its own: an element of the
// empty list, a column without a single value. It fits everywhere.
const (
	Any Kind = iota
	Bool
	Int       // int64
	Float     // float64
	String    // UTF-8
	Timestamp // an instant, in milliseconds since 1970 UTC
	Interval  // a stretch of time: a day, a calendar month
	List      // Elem is the type of the elements
	Object    // Fields in order
	Map       // string keys; Elem is the type of the values
)

// Type is the type of an expression or of a field. Types are immutable once
// built and compared with [Type.Equal], not by pointer.
type Type struct {
	Kind   Kind
	Elem   *Type
	Fields []*Field
	byName map[string]*Field
}

// Field is a member of an Object type. Index is its position in Fields, by
// which a resident table finds the column without a look at the name.
type Field struct {
	Name  string
	Type  *Type
	Index int
}

// The types without parts.
var (
	AnyType       = &Type{Kind: Any}
	BoolType      = &Type{Kind: Bool}
	IntType       = &Type{Kind: Int}
	FloatType     = &Type{Kind: Float}
	StringType    = &Type{Kind: String}
	TimestampType = &Type{Kind: Timestamp}
	IntervalType  = &Type{Kind: Interval}
)

// ListOf returns the type of a list of elem.
func ListOf(elem *Type) *Type { return &Type{Kind: List, Elem: elem} }

// MapOf returns the type of a map from strings to value.
func MapOf(value *Type) *Type { return &Type{Kind: Map, Elem: value} }

// ObjectOf returns the type of an object with these fields. It takes the fields
// over, and sets their Index.
func ObjectOf(fields ...*Field) *Type {
	t := &Type{Kind: Object, Fields: fields, byName: make(map[string]*Field, len(fields))}
	for i, f := range fields {
		f.Index = i
		t.byName[f.Name] = f
	}
	return t
}

// Field returns the member called name, or nil. It costs one map access however
// wide the object is.
func (t *Type) Field(name string) *Field { return t.byName[name] }
