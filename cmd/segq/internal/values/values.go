// Package values knows the values that the fields of a dataset have, and the keys of its maps, with how
// often each occurs: for who types, in the session, in the shell and through workers elsewhere.
//
// The tour: [Count] counts those of one field that may be told (count.go), [Store] keeps what was counted of
// a dataset and counts the rest in the background (store.go), and [Answer] is what workers are asked and
// say (answer.go).
package values

import (
	"strings"

	"github.com/segq/segq/lang/check"
)

// Field names a field as [lang.ValueSource] does, or with Keys the keys of a map.
type Field struct {
	Path []string `json:"path"`
	Keys bool     `json:"keys,omitempty"`
}

// String names the field as queries do.
func (f Field) String() string { return strings.Join(f.Path, ".") }

// key tells fields apart.
func (f Field) key() string {
	if f.Keys {
		return "keys of " + f.String()
	}
	return f.String()
}

// in says whether the profiles of a type have such a field.
func (f Field) in(t *check.Type) bool {
	for _, name := range f.Path {
		bare := strings.TrimSuffix(name, "{}")
		t = elements(t, false)
		if t = fieldOf(t, bare); t == nil {
			return false
		}
		if bare != name {
			t = elements(t, true)
		}
	}
	t = elements(t, false)
	return t.Kind == check.Map == f.Keys
}

// elements returns the type of the elements of lists, and with maps that of what is in a map.
func elements(t *check.Type, maps bool) *check.Type {
	for t.Kind == check.List || maps && t.Kind == check.Map {
		t = t.Elem
	}
	return t
}

// fieldOf returns the type of a field of an object, nil for none.
func fieldOf(t *check.Type, name string) *check.Type {
	if t.Kind != check.Object {
		return nil
	}
	if f := t.Field(name); f != nil {
		return f.Type
	}
	return nil
}

// Reads says that of a profile one field is read, through lists and maps.
func (f Field) Reads(t *check.Type) *check.Reads {
	all := &check.Reads{}
	r := all
	for _, name := range f.Path {
		for t != nil && (t.Kind == check.List || t.Kind == check.Map) {
			r, t = r.Element(), t.Elem
		}
		if t == nil {
			break
		}
		field := t.Field(strings.TrimSuffix(name, "{}"))
		if field == nil {
			break
		}
		r, t = r.Field(field.Name), field.Type
	}
	if f.Keys && t != nil && t.Kind == check.Map {
		return all // of its entries nothing but the keys
	}
	r.All = true
	return all
}
