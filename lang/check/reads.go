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

// ReadsOf returns what of a profile is read to evaluate n, which is the condition or the
// root of a query.
func ReadsOf(n Node) *Reads {
	r := &reading{profile: &Reads{}}
	r.bound = map[int]*Reads{0: r.profile}
	r.whole(n)
	return r.profile
}

// reading follows an expression, and notes what is read. A value that lies in the profile
// is known by what is read of it so far; of one that is computed nothing is left to read,
// and it is nil.
type reading struct {
	profile *Reads
	bound   map[int]*Reads // by slot
}

// whole reads the value of n with all that is in it.
func (r *reading) whole(n Node) {
	if n != nil {
		all(r.value(n))
	}
}

// all notes that everything of a value is read, that of the elements of which it is made
// among it.
func all(v *Reads) {
	if v == nil || v.All {
		return
	}
	v.All = true
	for _, f := range v.Fields {
		all(f)
	}
	all(v.Elem)
}

// value reads n as far as it is computed.
func (r *reading) value(n Node) *Reads {
	switch n := n.(type) {
	case *Slot:
		return r.bound[n.N]
	case *Member:
		if x := r.value(n.X); x != nil {
			return x.Field(n.F.Name)
		}
		return nil
	case *Gather:
		return r.gather(n)
	case *Let:
		r.bound[n.Slot] = r.value(n.Value)
		return r.value(n.Body)
	case *Iterate:
		return r.iterate(n)
	case *Comprehend:
		return r.comprehend(n)
	case *Call:
		return r.call(n)
	case *Segment:
		inside := &reading{profile: r.profile, bound: map[int]*Reads{0: r.profile}}
		inside.whole(n.Query.Cond)
		return nil
	case *Chain:
		r.bound[n.Slot] = element(r.value(n.X))
		r.whole(n.Order)
		for _, s := range n.Steps {
			r.whole(s.Cond)
		}
		return nil
	}
	for _, x := range Operands(n) {
		r.whole(x)
	}
	return nil
}

func element(list *Reads) *Reads {
	if list == nil {
		return nil
	}
	return list.Element()
}

// gather reads a running dot, whose elements are the values of a field, or the elements of
// these.
func (r *reading) gather(n *Gather) *Reads {
	elem := element(r.value(n.X))
	for range levels(n.X.Type()) - 1 { // it runs over lists in lists as well
		elem = element(elem)
	}
	if elem == nil {
		return nil
	}
	f := elem.Field(n.F.Name)
	if n.F.Type.Kind != List {
		return &Reads{Elem: f}
	}
	for range levels(n.F.Type) - levels(n.T) {
		f = element(f)
	}
	element(f) // what is null among them is left out
	return f
}

// levels is how many lists are in each other.
func levels(t *Type) (n int) {
	for ; t != nil && t.Kind == List; t = t.Elem {
		n++
	}
	return n
}

func (r *reading) iterate(n *Iterate) *Reads {
	x := r.value(n.X)
	r.bound[n.Slot] = element(x)
	if n.N != nil {
		r.whole(n.N)
	}
	body := r.value(n.Body)
	if n.Op == MapEach {
		if body == nil {
			return nil
		}
		return &Reads{Elem: body}
	}
	all(body)
	switch n.Op {
	case Filter, TopN, BottomN:
		return x
	case GroupBy:
		return &Reads{Elem: x}
	}
	return nil
}

func (r *reading) comprehend(n *Comprehend) *Reads {
	for _, d := range n.Decls {
		from := r.value(d.From)
		if d.From.Type().Kind == List || d.From.Type().Kind == Map {
			from = element(from)
		}
		r.bound[d.Slot] = from
		r.whole(d.Where)
	}
	r.whole(n.Yield)
	switch {
	case n.Op != Select:
		return nil
	case len(n.Decls) == 1:
		return &Reads{Elem: r.bound[n.Decls[0].Slot]}
	}
	for _, d := range n.Decls {
		all(r.bound[d.Slot])
	}
	return nil
}

func (r *reading) call(n *Call) *Reads {
	switch n.Op {
	case Truth, IsNull, IsNotNull, Count, Keys:
		r.value(n.Args[0]) // whether it is there, and how many
		return nil
	case Values:
		return r.value(n.Args[0])
	case Head:
		return element(r.value(n.Args[0]))
	case Get:
		r.whole(n.Args[1])
		return element(r.value(n.Args[0]))
	}
	for _, x := range n.Args {
		r.whole(x)
	}
	return nil
}
