package dataset

import (
	"slices"

	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/lookup"
	"github.com/segq/segq/lang/check"
)

// said is what the flags say of the fields of a lookup.
type said struct {
	types  map[string]string
	schema *check.Type
}

// divide returns what --type and --schema say of each lookup, and leaves in o what they say of the data. What is
// below the object of a lookup is about its rows, and nothing else is.
func divide(flags []lookupFlag, o *load.Options) []said {
	all := make([]said, len(flags))
	o.Types = cloned(o.Types)
	for i, f := range slices.Backward(flags) { // those that are in the object of an earlier one go first
		all[i].types = f.own(o.Types)
		o.Schema, all[i].schema = cut(o.Schema, f.object())
		all[i].schema = withKey(all[i].schema, f.key)
	}
	return all
}

// withKey returns a schema of rows with their key, which objects do not have: its values say what it is.
func withKey(t *check.Type, key string) *check.Type {
	if t == nil || t.Field(key) != nil {
		return t
	}
	return check.ObjectOf(append(slices.Clone(t.Fields), &check.Field{Name: key, Type: check.AnyType})...)
}

// own takes from types what is said of fields of the lookup, whose paths begin with that of its object.
func (f *lookupFlag) own(types map[string]string) map[string]string {
	own, at := map[string]string{}, f.object()
	for path, kind := range types {
		steps, err := load.PathSteps(path)
		if err != nil || len(steps) <= len(at) || !slices.Equal(steps[:len(at)], at) {
			continue
		}
		own[load.PathText(steps[len(at):])] = kind
		delete(types, path)
	}
	return own
}

func cloned(types map[string]string) map[string]string {
	own := make(map[string]string, len(types))
	for path, kind := range types {
		own[path] = kind
	}
	return own
}

// cut returns t without the objects at a path, and their type; nil for what has no fields.
func cut(t *check.Type, path []string) (rest, object *check.Type) {
	if t == nil {
		return nil, nil
	}
	rest, object = without(t, path)
	return fielded(rest), fielded(object)
}

func fielded(t *check.Type) *check.Type {
	if t == nil || len(t.Fields) == 0 {
		return nil
	}
	return t
}

func without(t *check.Type, path []string) (rest, object *check.Type) {
	switch t.Kind {
	case check.List, check.Map:
		if t.Kind == check.Map {
			if path[0] != lookup.Values {
				return t, nil
			}
			path = path[1:]
		}
		elem, object := without(t.Elem, path)
		return &check.Type{Kind: t.Kind, Elem: elem}, object
	case check.Object:
		return withoutField(t, path)
	}
	return t, nil
}

func withoutField(t *check.Type, path []string) (rest, object *check.Type) {
	f := t.Field(path[0])
	if f == nil {
		return t, nil
	}
	var fields []*check.Field
	for _, other := range t.Fields {
		own := *other
		fields = append(fields, &own)
	}
	if len(path) > 1 {
		fields[f.Index].Type, object = without(f.Type, path[1:])
		return check.ObjectOf(fields...), object
	}
	for object = f.Type; object.Kind == check.List || object.Kind == check.Map; {
		object = object.Elem
	}
	if object.Kind != check.Object {
		return t, nil
	}
	return check.ObjectOf(slices.Delete(fields, f.Index, f.Index+1)...), object
}
