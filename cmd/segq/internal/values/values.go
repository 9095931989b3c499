// Package values knows the values that the fields of a dataset have, and the keys of its maps, with how
// often each occurs: for who types, in the session, in the shell and through workers elsewhere.
//
// The tour: [Count] counts those of one field that may be told (count.go), [Store] keeps what was counted of
// a dataset and counts the rest in the background (store.go), and [Answer] is what workers are asked and
// say (answer.go).
package values

import (
	"strings"

	"github.com/segq/segq/cmd/segq/internal/personal"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// Field names a field as [lang.ValueSource] does, or with Keys the keys of a map. Of what is in a map the values
// are known by key, some of which may be personal: of all keys together they are not told.
type Field struct {
	Path []string `json:"path"`
	Keys bool     `json:"keys,omitempty"`
}

// String names the field as queries do: the key of a map like the field of an object.
func (f Field) String() string { return f.named(".") }

// Personal says whether the values of a field are told to nobody. A key may itself have dots.
func (f Field) Personal(rules *personal.Rules) bool {
	return rules.Personal(f.String()) || rules.Personal(f.named("_"))
}

// named returns the names of a field, with what dots in keys are written as.
func (f Field) named(dot string) string {
	names := make([]string, len(f.Path))
	for i, name := range f.Path {
		bare, key, keyed := column.CutKey(name)
		if names[i] = bare; keyed {
			names[i] += "." + strings.ReplaceAll(key, ".", dot)
		}
	}
	return strings.Join(names, ".")
}

// ID tells fields apart.
func (f Field) ID() string {
	id := strings.Join(f.Path, "\x00")
	if f.Keys {
		return "keys of " + id
	}
	return id
}

// in says whether the profiles of a type have such a field.
func (f Field) in(t *check.Type) bool {
	for _, name := range f.Path {
		bare, key, keyed := column.CutKey(name)
		if t = fieldOf(elements(t), bare); t == nil {
			return false
		}
		if keyed {
			if t = elements(t); t.Kind != check.Map || key == "" {
				return false
			}
			t = t.Elem
		}
	}
	return elements(t).Kind == check.Map == f.Keys
}

// elements returns the type of the elements of lists.
func elements(t *check.Type) *check.Type {
	for t.Kind == check.List {
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

// Reads says that of a profile one field is read, through lists and maps; of objects no more than whether they are there.
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
		bare, _, _ := column.CutKey(name)
		field := t.Field(bare)
		if field == nil {
			break
		}
		r, t = r.Field(field.Name), field.Type
	}
	if f.Keys && t != nil && t.Kind == check.Map {
		return all // of its entries nothing but the keys
	}
	r.All = t == nil || elements(t).Kind != check.Object // of which the presence is enough
	return all
}
