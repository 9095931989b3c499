package column

import "github.com/segq/segq/lang/check"

// Missing returns how many columns that are read are not resident: leaves, of a list of which only the number of
// elements is read one.
func (s *Snapshot) Missing(r *check.Reads) int {
	if !s.Partial {
		return 0
	}
	return missing(s.Root, s.Schema, r)
}

// missing counts them below one column.
func missing(c Column, t *check.Type, r *check.Reads) (n int) {
	switch c := c.(type) {
	case *Unloaded:
		return leaves(t, r)
	case *Struct:
		for i, f := range t.Fields {
			if below := readBelow(r, f.Name); below != nil {
				n += missing(c.Fields[i], f.Type, below)
			}
		}
	case *List:
		return missingElem(c.Elem, t, r)
	case *Map:
		return missingElem(c.Values, t, r)
	}
	return n
}

func missingElem(c Column, t *check.Type, r *check.Reads) int {
	switch {
	case r.All:
		return missing(c, t.Elem, r)
	case r.Elem != nil:
		return missing(c, t.Elem, r.Elem)
	}
	return 0
}

// leaves counts what is read of a type that is not resident at all.
func leaves(t *check.Type, r *check.Reads) (n int) {
	for _, f := range t.Fields {
		if below := readBelow(r, f.Name); below != nil {
			n += leaves(f.Type, below)
		}
	}
	if t.Elem != nil && r.All {
		n += leaves(t.Elem, r)
	} else if t.Elem != nil && r.Elem != nil {
		n += leaves(t.Elem, r.Elem)
	}
	return max(n, 1)
}

// readBelow returns what is read of a field, nil for nothing.
func readBelow(r *check.Reads, name string) *check.Reads {
	if r.All {
		return r
	}
	return r.Fields[name]
}
