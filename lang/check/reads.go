package check

// Reads says what of a value is read: a tree along its type. Where it has neither All nor
// anything below, only that is read whether the value is there, and of a list or map how
// many elements it has.
type Reads struct {
	// All says that everything is read.
	All bool
	// Fields are those of an object that are read, by name.
	Fields map[string]*Reads
	// Elem is what is read of each element of a list, or value of a map.
	Elem *Reads
}

// Field returns what is read of a field of an object, which is nothing so far if nobody
// has asked for it.
func (r *Reads) Field(name string) *Reads {
	f := r.Fields[name]
	if f == nil {
		f = &Reads{}
		if r.Fields == nil {
			r.Fields = map[string]*Reads{}
		}
		r.Fields[name] = f
	}
	return f
}

// Element returns what is read of the elements.
func (r *Reads) Element() *Reads {
	if r.Elem == nil {
		r.Elem = &Reads{}
	}
	return r.Elem
}

// Add adds what is read elsewhere.
func (r *Reads) Add(other *Reads) {
	r.All = r.All || other.All
	for name, f := range other.Fields {
		r.Field(name).Add(f)
	}
	if other.Elem != nil {
		r.Element().Add(other.Elem)
	}
}
