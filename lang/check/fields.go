package check

import (
	"slices"
)

// Fields returns the paths of the fields of the profile that n reads, each once and in
// order: home.city, and after a list those of its elements: xEvent.eventType. What is in
// a map follows {}: currencies{}.name. A field through which the way goes counts
// too, and so do those that the segments below n read.
func Fields(n Node) []string {
	r := &reader{paths: map[string]bool{}, seen: map[*Query]bool{}}
	r.profile(n)
	out := make([]string, 0, len(r.paths))
	for p := range r.paths {
		out = append(out, p)
	}
	slices.Sort(out)
	return out
}

// reader notes the fields that an expression reads.
type reader struct {
	paths map[string]bool
	seen  map[*Query]bool // segments
	// slots holds the paths that the value of a slot may have come from.
	slots map[int][]string
}

// profile reads an expression with slots of its own, of which slot 0 is the profile.
func (r *reader) profile(n Node) {
	outer := r.slots
	r.slots = map[int][]string{0: {""}}
	r.from(n)
	r.slots = outer
}

// from returns the paths that the value of n, or of its elements, may have come from: those
// of the profile itself are "".
func (r *reader) from(n Node) []string {
	switch n := n.(type) {
	case nil:
		return nil
	case *Slot:
		return r.slots[n.N]
	case *Member:
		return r.field(r.from(n.X), n.F)
	case *Gather:
		return r.field(r.from(n.X), n.F)
	case *Let:
		r.slots[n.Slot] = r.from(n.Value)
		return r.from(n.Body)
	case *Iterate:
		return r.iterate(n)
	case *Comprehend:
		return r.comprehend(n)
	case *Chain:
		r.slots[n.Slot] = r.from(n.X)
	case *Segment:
		if !r.seen[n.Query] {
			r.seen[n.Query] = true
			r.profile(n.Query.Root)
		}
		return nil
	}
	var all []string
	for c := range Children(n) {
		from := r.from(c)
		if t := c.Type(); t.Kind == Object || t.Kind == List || t.Kind == Map {
			all = withPaths(all, from) // what has no parts has no fields
		}
	}
	return all
}

// field notes a field of what has come from some paths, and gives its own.
func (r *reader) field(from []string, f *Field) (all []string) {
	for _, base := range from {
		path := f.Name
		if base != "" {
			path = base + "." + f.Name
		}
		r.paths[path] = true
		for t := f.Type; t != nil && (t.Kind == List || t.Kind == Map); t = t.Elem {
			if t.Kind == Map {
				path += "{}"
				r.paths[path] = true
			}
		}
		all = append(all, path)
	}
	return all
}

func (r *reader) iterate(n *Iterate) []string {
	from := r.from(n.X)
	r.slots[n.Slot] = from
	body := r.from(n.Body)
	if n.N != nil {
		r.from(n.N)
	}
	if n.Op == MapEach {
		return body
	}
	return from
}

func (r *reader) comprehend(n *Comprehend) (all []string) {
	for _, d := range n.Decls {
		r.slots[d.Slot] = r.from(d.From)
		all = withPaths(all, r.slots[d.Slot])
		if d.Where != nil {
			r.from(d.Where)
		}
	}
	if n.Yield != nil {
		r.from(n.Yield)
	}
	return all
}

// withPaths adds what is new.
func withPaths(all, more []string) []string {
	for _, p := range more {
		if !slices.Contains(all, p) {
			all = append(all, p)
		}
	}
	return all
}
