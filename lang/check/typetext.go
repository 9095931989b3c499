package check

var kindNames = [...]string{
	"any", "bool", "int", "float", "string", "timestamp", "interval", "list", "object", "map",
}

// String returns the kind's name in the words of the manual.
func (k Kind) String() string { return kindNames[k] }

// String returns the type in the words of the manual: int, list<string>,
// map<list<object>>. The fields of an object are left out.
func (t *Type) String() string {
	switch t.Kind {
	case List, Map:
		return t.Kind.String() + "<" + t.Elem.String() + ">"
	}
	return t.Kind.String()
}

// Equal says whether t and u are the same type.
func (t *Type) Equal(u *Type) bool {
	if t == u {
		return true
	}
	if t.Kind != u.Kind || len(t.Fields) != len(u.Fields) {
		return false
	}
	for i, f := range t.Fields {
		if f.Name != u.Fields[i].Name || !f.Type.Equal(u.Fields[i].Type) {
			return false
		}
	}
	return t.Elem == nil || t.Elem.Equal(u.Elem)
}

// numeric says whether values of t are numbers, as far as is known.
func (t *Type) numeric() bool { return t.Kind == Int || t.Kind == Float || t.Kind == Any }

// scalar says whether values of t have no parts, as far as is known.
func (t *Type) scalar() bool {
	switch t.Kind {
	case Interval, List, Object, Map:
		return false
	}
	return true
}

// ordered says whether < has a meaning for t.
func (t *Type) ordered() bool { return t.numeric() || t.Kind == Timestamp }

// unify returns the type that holds the values of both, or nil.
func unify(a, b *Type) *Type {
	switch {
	case a.Kind == Any:
		return b
	case b.Kind == Any, a.Equal(b):
		return a
	case a.numeric() && b.numeric():
		return FloatType
	case a.Kind == b.Kind && (a.Kind == List || a.Kind == Map):
		if e := unify(a.Elem, b.Elem); e != nil {
			return &Type{Kind: a.Kind, Elem: e}
		}
	}
	return nil
}
