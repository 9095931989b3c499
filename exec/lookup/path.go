package lookup

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/spelling"
)

// Values is the step of a path that goes from a map to its values.
const Values = "{}"

// Lookup says which rows are looked up, and where.
type Lookup struct {
	// Name is that of the object that a row becomes, beside the key.
	Name string
	// Path leads from the profile to the key: names of fields, through lists, and [Values] for
	// what a map has. Where the field at its end is a list or a map of keys, the object is a list
	// or a map of objects.
	Path   []string
	Source Source
	// Whole says that all fields are there from the start, and stay; then Source is closed when they are there.
	Whole bool
	// Far says that rows cost time and traffic: what nobody has asked for is not fetched.
	Far bool
}

// PathError says that a path leads to no key.
type PathError struct{ message string }

// Error returns the step that is none, and those that there are.
func (e *PathError) Error() string { return e.message }

func pathError(format string, args ...any) *PathError {
	return &PathError{fmt.Sprintf(format, args...)}
}

// extended is a type with the object of a lookup in it.
type extended struct {
	row   *check.Type // of the object
	name  string
	depth int         // how many steps of the path lead to what has the key and the object
	key   *check.Type // of the key
	field *check.Field
	// copies are the fields of the objects on the way, which are new.
	copies map[*check.Field]*check.Field
}

// extend returns t with the object in it, beside the key at the end of path.
func (x *extended) extend(t *check.Type, path []string, done int) (*check.Type, error) {
	at := strings.Join(path[:done], ".")
	switch t.Kind {
	case check.List, check.Map:
		if t.Kind == check.Map {
			if done == len(path) || path[done] != Values {
				return nil, pathError("%s is a map: write %s%s.FIELD for a field of its values", at, at, Values)
			}
			done++
		}
		elem, err := x.extend(t.Elem, path, done)
		return &check.Type{Kind: t.Kind, Elem: elem}, err
	case check.Object:
	default:
		return nil, pathError("%s is %s, which has no fields", at, Kind(t))
	}
	if done == len(path) {
		return nil, pathError("%s is an object, not a key: name one of its fields (%s)", at, fieldNames(t))
	}
	name := path[done]
	f := t.Field(name)
	if f == nil {
		return nil, unknown(name, at, t)
	}
	fields := x.copied(t)
	if x.ends(path[done+1:], f.Type) {
		own, err := x.beside(f.Type, path, done+1)
		if err != nil {
			return nil, err
		}
		if t.Field(x.name) != nil {
			return nil, pathError("the data has %s already, beside %s: give the lookup another name", strings.Join(append(slices.Clone(path[:done]), x.name), "."), name)
		}
		x.depth = done
		x.field = &check.Field{Name: x.name, Type: own}
		return check.ObjectOf(append(fields, x.field)...), nil
	}
	below, err := x.extend(f.Type, path, done+1)
	if err != nil {
		return nil, err
	}
	fields[f.Index].Type = below
	return check.ObjectOf(fields...), nil
}

// ends says whether a field of type t, with these steps behind it, is where the path ends.
func (x *extended) ends(rest []string, t *check.Type) bool {
	for ; t.Kind == check.List || t.Kind == check.Map; t = t.Elem {
		if t.Kind == check.Map && len(rest) > 0 && rest[0] == Values {
			rest = rest[1:]
		}
	}
	return len(rest) == 0
}

// beside returns the type of the object beside keys of type t, which is that or lists and maps of it.
func (x *extended) beside(t *check.Type, path []string, done int) (*check.Type, error) {
	at := strings.Join(path[:done], ".")
	switch t.Kind {
	case check.List, check.Map:
		if t.Kind == check.Map {
			if done == len(path) {
				return nil, pathError("%s is a map: write %s%s for its values", at, at, Values)
			}
			done++
		}
		elem, err := x.beside(t.Elem, path, done)
		return &check.Type{Kind: t.Kind, Elem: elem}, err
	case check.Object:
		return nil, pathError("%s is an object, not a key: name one of its fields (%s)", at, fieldNames(t))
	}
	x.key = t
	return x.row, nil
}

// copied returns copies of the fields of t.
func (x *extended) copied(t *check.Type) []*check.Field {
	fields := make([]*check.Field, len(t.Fields), len(t.Fields)+1)
	for i, f := range t.Fields {
		own := *f
		fields[i] = &own
		x.copies[f] = &own
	}
	return fields
}

// unknown is the error of a field that is not there.
func unknown(name, at string, t *check.Type) error {
	in := "the data has"
	if at != "" {
		in = at + " has"
	}
	meant := ""
	if near := spelling.Nearest(name, namesOf(t)); near != "" {
		meant = "did you mean " + near + "? "
	}
	return pathError("%s no field %s; %sthe fields are %s", in, name, meant, fieldNames(t))
}

func namesOf(t *check.Type) []string {
	names := make([]string, len(t.Fields))
	for i, f := range t.Fields {
		names[i] = f.Name
	}
	return names
}

// fieldNames lists the fields of t, the first few of many.
func fieldNames(t *check.Type) string {
	const most = 12
	names := namesOf(t)
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// Kind names what keys are, in the words of --type.
func Kind(t *check.Type) string {
	switch t.Kind {
	case check.Int, check.Float:
		return "number"
	case check.String:
		return "text"
	case check.Bool:
		return "boolean"
	case check.Any:
		return "null everywhere"
	}
	return t.String()
}

// article names a type with the article of its name.
func article(t *check.Type) string {
	if t.Kind == check.Object {
		return "an " + t.String()
	}
	return "a " + t.String()
}

// match says whether keys of two types may be equal.
func match(a, b *check.Type) bool {
	number := func(t *check.Type) bool { return t.Kind == check.Int || t.Kind == check.Float }
	return a.Kind == b.Kind || a.Kind == check.Any || b.Kind == check.Any || number(a) && number(b)
}

// plainName says whether a name is written without backquotes.
func plainName(name string) bool { return name != "" && !strings.ContainsAny(name, ".{[`") }

// pathText writes a path as the flags have it.
func pathText(path []string) string {
	var b strings.Builder
	for i, step := range path {
		switch {
		case step == Values:
		case i > 0:
			b.WriteByte('.')
		}
		if step == Values || plainName(step) {
			b.WriteString(step)
		} else {
			b.WriteString("`" + step + "`")
		}
	}
	return b.String()
}
