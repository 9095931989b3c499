package lang

import (
	"iter"
	"strings"
)

// Fields are the fields of a profile by their paths, for [Roles]. It is immutable.
type Fields struct {
	types  map[string]string
	events string // what xEvent refers to
}

// NewFields takes paths as queries have them, without backquotes, and types in the language's words. What is
// in a map follows {}: scores{}.sku.
func NewFields(all iter.Seq2[string, string]) *Fields {
	f := &Fields{types: map[string]string{}}
	lists := 0
	for path, t := range all {
		f.types[path] = t
		if t == "timestamp" && strings.Count(path, ".") == 1 {
			if list := strings.TrimSuffix(path, ".timestamp"); f.types[list] == "list<object>" {
				f.events, lists = list, lists+1
			}
		}
	}
	if _, ok := f.types["xEvent"]; ok {
		f.events = "xEvent"
	} else if lists > 1 {
		f.events = ""
	}
	return f
}

// spot is what a path leads to: the empty path is the profile. It is not sure where the path is unknown, or a
// value that was computed.
type spot struct {
	path, t string
	sure    bool
}

var profileSpot = spot{t: "object", sure: true}

// elem returns the elements of a list, of any depth.
func (s spot) elem() spot {
	for strings.HasPrefix(s.t, "list<") {
		s.t = s.t[len("list<") : len(s.t)-1]
	}
	return s
}

// entry returns what is in a map.
func (s spot) entry() spot {
	s = s.elem()
	if !strings.HasPrefix(s.t, "map<") {
		return spot{}
	}
	return spot{s.path + "{}", s.t[len("map<") : len(s.t)-1], s.sure}
}

// member returns a field of what is at s, and whether there is one; true where that is not sure.
func (f *Fields) member(s spot, name string) (spot, bool) {
	s = s.elem()
	switch {
	case !s.sure || s.t == "any":
		return spot{}, true
	case strings.HasPrefix(s.t, "map<"):
		return s.entry(), true
	case s.path == "" && name == "xEvent":
		if f.events == "" {
			return spot{}, true
		}
		name = f.events
	}
	path := name
	if s.path != "" {
		path = s.path + "." + name
	}
	t, ok := f.types[path]
	return spot{path, t, ok}, ok
}
