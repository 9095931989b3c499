package load

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The names of types that [Options.Types] knows.
var typeNames = []string{"text", "number", "timestamp", "boolean", "map", "object"}

// wanted is what [Options.Types] says of a path, and of those below it. Lists are
// passed through: what is said of a list holds for its elements.
type wanted struct {
	kind   string // one of typeNames, or "" for nothing
	path   string // as it was written
	met    bool   // the data has such a field
	each   bool   // the path was written with [] at its end
	fields map[string]*wanted
	values *wanted // of a map
}

// TypeNames lists what a field may be read as.
func TypeNames() []string { return slices.Clone(typeNames) }

// CheckTypes finds a type in types that is not known, or a path that is none.
func CheckTypes(types map[string]string) error {
	_, err := newWanted(types)
	return err
}

// newWanted makes a tree of the paths of types; nil for none.
func newWanted(types map[string]string) (*wanted, error) {
	if len(types) == 0 {
		return nil, nil
	}
	root := &wanted{}
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

func (w *wanted) below(step string) *wanted {
	if step == "{}" {
		if w.values == nil {
			w.values = &wanted{}
		}
		return w.values
	}
	if w.fields == nil {
		w.fields = map[string]*wanted{}
	}
	if w.fields[step] == nil {
		w.fields[step] = &wanted{}
	}
	return w.fields[step]
}

// pathSteps splits a path as the reports write it: names with dots between, in
// backquotes where they have a dot themselves, with {} for the values of a map.
func pathSteps(path string) ([]string, error) {
	var steps []string
	rest := path
	for {
		var name string
		if quoted, ok := strings.CutPrefix(rest, "`"); ok {
			if name, rest, ok = strings.Cut(quoted, "`"); !ok {
				return nil, fmt.Errorf("the path %s lacks a backquote", path)
			}
		} else {
			end := strings.IndexAny(rest, ".{[")
			if end < 0 {
				end = len(rest)
			}
			if name, rest = rest[:end], rest[end:]; name == "" {
				return nil, fmt.Errorf("%q is not the path of a field: names separated by dots, as segq schema prints them", path)
			}
		}
		steps = append(steps, name)
		for strings.HasPrefix(rest, "{}") || strings.HasPrefix(rest, "[]") {
			if rest[0] == '{' {
				steps = append(steps, "{}")
			}
			rest = rest[2:]
		}
		if rest == "" {
			return steps, nil
		}
		if rest[0] != '.' {
			return nil, fmt.Errorf("%q is not the path of a field: names separated by dots, as segq schema prints them", path)
		}
		rest = rest[1:]
	}
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
func (w *wanted) is(kind string) bool { return w != nil && w.kind == kind }

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

// quotedName writes a name as a step of a path.
func quotedName(name string) string {
	if name == "" || strings.ContainsAny(name, ".{[`") {
		return "`" + name + "`"
	}
	return name
}
