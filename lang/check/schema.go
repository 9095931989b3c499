package check

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Schema is a [Catalog] that holds types and nothing else: what is known of data that is
// somewhere else, or not loaded yet. Its JSON is what workers publish.
type Schema struct {
	// Root is the type of a profile.
	Root *Type `json:"root"`
	// EventsField is the name of the field that xEvent refers to, or "".
	EventsField string `json:"events,omitempty"`
	// Saved holds the definitions of segments by id and by name; nil for none.
	Saved map[string]*Query `json:"-"`
}

var _ Catalog = Schema{}

// Profile is the type of a profile.
func (s Schema) Profile() *Type { return s.Root }

// Events is the name of the field that xEvent refers to, or "".
func (s Schema) Events() string { return s.EventsField }

// Segment returns the definition of a saved segment.
func (s Schema) Segment(id string) (*Query, bool) {
	q, ok := s.Saved[id]
	return q, ok
}

// Segments lists the ids and names of the saved segments, sorted.
func (s Schema) Segments() []string { return slices.Sorted(maps.Keys(s.Saved)) }

// typeJSON is a type as JSON: its kind, and what it is made of.
type typeJSON struct {
	Kind   string      `json:"kind"`
	Elem   *Type       `json:"elem,omitempty"`
	Fields []fieldJSON `json:"fields,omitempty"`
}

type fieldJSON struct {
	Name string `json:"name"`
	Type *Type  `json:"type"`
}

// MarshalJSON returns a type without parts as the name of its kind, and any other as an
// object: {"kind": "list", "elem": …}, {"kind": "object", "fields": [{"name": …, "type": …}]}.
func (t *Type) MarshalJSON() ([]byte, error) {
	switch t.Kind {
	case List, Map:
		return json.Marshal(typeJSON{Kind: kindNames[t.Kind], Elem: t.Elem})
	case Object:
		fields := make([]fieldJSON, len(t.Fields))
		for i, f := range t.Fields {
			fields[i] = fieldJSON{f.Name, f.Type}
		}
		return json.Marshal(typeJSON{Kind: kindNames[Object], Fields: fields})
	}
	return json.Marshal(kindNames[t.Kind])
}

// UnmarshalJSON reads what MarshalJSON gives. The error says what is no type.
func (t *Type) UnmarshalJSON(data []byte) error {
	var v typeJSON
	if err := json.Unmarshal(data, &v.Kind); err != nil {
		if err := json.Unmarshal(data, &v); err != nil {
			return err
		}
	}
	kind := slices.Index(kindNames[:], v.Kind)
	if kind < 0 {
		return fmt.Errorf("there is no type of the kind %q", v.Kind)
	}
	switch Kind(kind) {
	case List, Map:
		if v.Elem == nil {
			return fmt.Errorf("a %s without the type of its elements", v.Kind)
		}
		*t = Type{Kind: Kind(kind), Elem: v.Elem}
	case Object:
		fields := make([]*Field, len(v.Fields))
		for i, f := range v.Fields {
			if f.Type == nil {
				return fmt.Errorf("the field %q without a type", f.Name)
			}
			fields[i] = &Field{Name: f.Name, Type: f.Type}
		}
		*t = *ObjectOf(fields...)
	default:
		*t = Type{Kind: Kind(kind)}
	}
	return nil
}
