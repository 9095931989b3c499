package explanation

import (
	"iter"
	"math/bits"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// scope is where a condition is asked: of profiles, or of the elements of a list.
type scope struct {
	slots map[int]place
	// wrap makes a condition of profiles of one of elements: that some element meets it.
	wrap func(check.Node) check.Node
	// list is the path of the list, "" for profiles; events says that it is that of the events.
	list   string
	events bool
}

// place is where in the table something lies: a column, and, below a map, which of its rows.
type place struct {
	path string
	col  column.Column
	t    *check.Type
	rows []int // nil for all
	// list is the path of the outermost list in which it is, "" for none; key says that the last of
	// the path is the key of a map.
	list   string
	events bool
	key    bool
	// stop is closed when there is no time left: then what was seen is not all, and nothing is noted.
	stop <-chan struct{}
}

// profile is the scope of the whole query.
func (l *look) profile() *scope {
	return &scope{
		slots: map[int]place{0: {col: l.snap.Root, t: l.snap.Schema, stop: l.ctx.Done()}},
		wrap:  func(n check.Node) check.Node { return n },
	}
}

// inside is the scope of the elements of a list, bound to a slot.
func (l *look) inside(sc *scope, list check.Node, slot int) *scope {
	in := &scope{slots: map[int]place{}, list: "a list"}
	for s, p := range sc.slots {
		in.slots[s] = p
	}
	if p, ok := l.elements(list, sc); ok {
		in.slots[slot], in.list, in.events = p, p.list, p.events
	}
	in.wrap = func(n check.Node) check.Node {
		return sc.wrap(&check.Iterate{Info: check.Info{T: check.BoolType, At: n.Span()}, Op: check.Exists, X: list, Slot: slot, Body: n})
	}
	return in
}

// place finds what a node reads as it lies in the table.
func (l *look) place(n check.Node, sc *scope) (place, bool) {
	switch n := n.(type) {
	case *check.Slot:
		p, ok := sc.slots[n.N]
		return p, ok
	case *check.Member:
		x, ok := l.place(n.X, sc)
		if !ok {
			return place{}, false
		}
		return l.field(x, n.F), true
	case *check.Call:
		switch n.Op {
		case check.IntToFloat, check.IntToTimestamp:
			p, ok := l.place(n.Args[0], sc)
			p.t = n.T
			return p, ok
		case check.Get:
			key, ok := n.Args[1].(*check.Const)
			x, found := l.place(n.Args[0], sc)
			name, text := "", false
			if ok {
				name, text = key.V.(string)
			}
			if !found || !text {
				return place{}, false
			}
			return x.entry(name), true
		}
	}
	return place{}, false
}

// field is the place of a field of the object at x.
func (l *look) field(x place, f *check.Field) place {
	out := x
	out.t, out.key = f.Type, false
	if out.path != "" {
		out.path += "."
	}
	out.path += f.Name
	if c, ok := x.col.(*column.Struct); ok {
		out.col = c.Fields[f.Index]
	}
	out.events = x.events || l.snap.EventsField == f
	return out
}

// elements finds the elements of the list that a node is, those that it leaves out among them.
func (l *look) elements(n check.Node, sc *scope) (place, bool) {
	switch n := n.(type) {
	case *check.Gather:
		x, ok := l.elements(n.X, sc)
		for ok && x.t.Kind == check.List {
			x = x.element()
		}
		if !ok || x.t.Kind != check.Object {
			return place{}, false
		}
		f := l.field(x, n.F)
		for f.t.Kind == check.List {
			f = f.element()
		}
		return f, true
	case *check.Iterate:
		if n.Op == check.Filter || n.Op == check.TopN || n.Op == check.BottomN {
			return l.elements(n.X, sc)
		}
		return place{}, false
	}
	p, ok := l.place(n, sc)
	if !ok || p.t.Kind != check.List {
		return place{}, false
	}
	return p.element(), true
}

// element is the place of the elements of the list at p.
func (p place) element() place {
	out := p
	out.t = p.t.Elem
	if out.list == "" {
		out.list = p.path
	}
	c, ok := p.col.(*column.List)
	if !ok {
		return out
	}
	out.col = c.Elem
	if p.rows != nil {
		out.rows = []int{}
		for _, i := range p.rows {
			for k := c.Offsets[i]; k < c.Offsets[i+1]; k++ {
				out.rows = append(out.rows, int(k))
			}
		}
	}
	return out
}

// entry is the place of the values of a key of the map at p.
func (p place) entry(key string) place {
	out := p
	out.t, out.path, out.key = p.t.Elem, p.path+"."+key, true
	out.rows = []int{}
	c, ok := p.col.(*column.Map)
	if !ok {
		return out
	}
	out.col = c.Values
	code, found := c.Keys.Dict.Find(key)
	if !found {
		return out
	}
	for i := range p.each() {
		for k := c.Offsets[i]; k < c.Offsets[i+1]; k++ {
			if c.Keys.Codes.At(int(k)) == code {
				out.rows = append(out.rows, int(k))
			}
		}
	}
	return out
}

// each gives the rows of a place that have a value.
func (p place) each() iter.Seq[int] {
	return func(yield func(int) bool) {
		if p.rows != nil {
			for _, i := range p.rows {
				if !p.col.Null(i) && !yield(i) {
					return
				}
			}
			return
		}
		if _, ok := p.col.(*column.Nulls); ok {
			return
		}
		valid := column.Validity(p.col)
		for i := range p.col.Len() {
			if i&(stride-1) == 0 && p.stopped() {
				return
			}
			if valid == nil {
				if !yield(i) {
					return
				}
				continue
			}
			if i&63 == 0 && valid[i>>6] == 0 {
				continue
			}
			if valid.Get(i) && !yield(i) {
				return
			}
		}
	}
}

// stride is how many rows are looked at between two looks at the clock.
const stride = 1 << 16

// stopped says whether there is no time left.
func (p place) stopped() bool {
	select {
	case <-p.stop:
		return true
	default:
		return false
	}
}

// empty says whether nothing has a value here.
func (p place) empty() bool {
	for range p.each() {
		return false
	}
	return true
}

// whole says whether everything has a value here.
func (p place) whole() bool {
	if p.rows != nil {
		return false
	}
	if _, ok := p.col.(*column.Nulls); ok {
		return false
	}
	valid, n := column.Validity(p.col), 0
	if valid == nil {
		return true
	}
	for _, w := range valid {
		n += bits.OnesCount64(w)
	}
	return n == p.col.Len()
}
