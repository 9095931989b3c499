package load

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/segq/segq/lang/check"
)

// The names of types that [Options.Types] knows.
var typeNames = []string{"text", "number", "timestamp", "boolean", "map", "object"}

// wanted is what [Options.Types] says of a path, and of those below it. Lists are
// passed through: what is said of a list holds for its elements.
type wanted struct {
	kind   string // one of typeNames, or "" for nothing
	schema string // the same, as [Options.Schema] says it: where values have to be read otherwise
	path   string // as it was written
	met    bool   // the data has such a field
	each   bool   // the path was written with [] at its end
	fields map[string]*wanted
	values *wanted // of a map
}

// TypeNames returns the types that a field may be read as.
func TypeNames() []string { return slices.Clone(typeNames) }

// CheckTypes finds a type in types that is not known, or a path that is none.
func CheckTypes(types map[string]string) error {
	_, err := newWanted(types, nil)
	return err
}

// newWanted makes a tree of the paths of types, and of what a schema says, which may be nil;
// nil for none.
func newWanted(types map[string]string, schema *check.Type) (*wanted, error) {
	if len(types) == 0 && schema == nil {
		return nil, nil
	}
	root := &wanted{}
	if schema != nil {
		root.like(schema)
	}
	for _, path := range slices.Sorted(maps.Keys(types)) {
		kind := types[path]
		if !slices.Contains(typeNames, kind) {
			return nil, fmt.Errorf("the type of %s cannot be %q: choose one of %s", path, kind, strings.Join(typeNames, ", "))
		}
		steps, err := pathSteps(path)
		if err != nil {
			return nil, err
		}
		w := root
		for _, s := range steps {
			w = w.below(s)
		}
		w.kind, w.path, w.each = kind, path, strings.HasSuffix(path, "[]")
	}
	return root, nil
}

// like takes over from a schema what decides how values are read: whether objects may be maps,
// and whether numbers keep the digits that they were written with.
func (w *wanted) like(t *check.Type) {
	switch t.Kind {
	case check.List:
		w.like(t.Elem)
	case check.Map:
		if inside, _ := insideOf(t); inside.Kind == check.Object || inside.Kind == check.String {
			w.below(pathStep{value: true}).like(t.Elem)
		}
	case check.Object:
		w.schema = "object"
		for _, f := range t.Fields {
			w.below(pathStep{name: f.Name}).like(f.Type)
		}
	case check.String:
		w.schema = "text"
	}
}

// maps has all objects read as maps at once that a schema calls that: where they were seen to be maps only when all are there, what is null in them is lost.
func (w *wanted) maps(t *check.Type) {
	switch t.Kind {
	case check.List:
		w.maps(t.Elem)
	case check.Map:
		w.schema = "map"
		w.below(pathStep{value: true}).maps(t.Elem)
	case check.Object:
		for _, f := range t.Fields {
			w.below(pathStep{name: f.Name}).maps(f.Type)
		}
	}
}

func (w *wanted) below(step pathStep) *wanted {
	if step.value {
		if w.values == nil {
			w.values = &wanted{}
		}
		return w.values
	}
	if w.fields == nil {
		w.fields = map[string]*wanted{}
	}
	if w.fields[step.name] == nil {
		w.fields[step.name] = &wanted{}
	}
	return w.fields[step.name]
}

func (w *wanted) field(name string) *wanted {
	if w == nil {
		return nil
	}
	return w.fields[name]
}

func (w *wanted) value() *wanted {
	if w == nil {
		return nil
	}
	return w.values
}

// is says whether w is of that type.
func (w *wanted) is(kind string) bool {
	return w != nil && (w.kind == kind || w.kind == "" && w.schema == kind)
}

// said says whether [Options.Types] says something of the path, or of one below.
func (w *wanted) said() bool {
	if w == nil {
		return false
	}
	for _, f := range w.fields {
		if f.said() {
			return true
		}
	}
	return w.kind != "" || w.values.said()
}

// free says whether nothing is said of the path itself.
func (w *wanted) free() bool { return w == nil || w.kind == "" }

// scalar says whether w is the type of a value without parts.
func (w *wanted) scalar() bool {
	return w != nil && w.kind != "" && w.kind != "map" && w.kind != "object"
}

// unmet returns the path of a type below w that no field took; "" for none.
func (w *wanted) unmet() string {
	if w == nil {
		return ""
	}
	if w.kind != "" && !w.met {
		return w.path
	}
	for _, name := range slices.Sorted(maps.Keys(w.fields)) {
		if p := w.fields[name].unmet(); p != "" {
			return p
		}
	}
	return w.values.unmet()
}
