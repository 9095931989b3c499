package load

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/segq/segq/exec/load/parquet"
)

// element is an element of the schema of a Parquet file, with its children.
type element struct {
	parquet.Element
	children []*element
	column   int  // of a leaf: the index of its column chunk
	bare     bool // of a LIST: its repeated child is the element itself
}

func (e *element) repeated() bool { return e.Repetition == parquet.Repeated }

func (e *element) list() bool {
	return !e.Leaf && e.Logical == parquet.List && len(e.children) == 1 && e.children[0].repeated()
}

func (e *element) mapping() bool {
	return !e.Leaf && e.Logical == parquet.Map && len(e.children) == 1 && e.children[0].repeated() && !e.children[0].Leaf
}

// isBare says whether the repeated child of a LIST is its element itself, as in
// the files of old writers, else a group around it (Parquet's LogicalTypes.md,
// "Backward-compatibility rules").
func (e *element) isBare() bool {
	in := e.children[0]
	return in.Leaf || len(in.children) != 1 || in.Name == "array" || strings.HasSuffix(in.Name, "_tuple")
}

// item returns what the elements of a LIST are.
func (e *element) item() *element {
	if e.bare {
		return e.children[0]
	}
	return e.children[0].children[0]
}

// schemaTree makes a tree of the flat list that a file has, which is in
// depth-first order.
func schemaTree(flat []parquet.Element) (*element, error) {
	next, column := 0, 0
	var build func(depth int) (*element, error)
	build = func(depth int) (*element, error) {
		if next >= len(flat) {
			return nil, errors.New("the schema of the file is damaged: it ends too early")
		}
		// A list takes two levels, and levels of the format are bytes.
		if depth > 2*maxDepth {
			return nil, fmt.Errorf("the schema has more than %d levels", 2*maxDepth)
		}
		e := &element{Element: flat[next], column: column}
		next++
		if e.Leaf {
			column++
			return e, nil
		}
		for range e.Children {
			c, err := build(depth + 1)
			if err != nil {
				return nil, err
			}
			if !c.Passed {
				e.children = append(e.children, c)
			}
		}
		e.bare = e.list() && e.isBare()
		return e, nil
	}
	root, err := build(0)
	if err == nil && (next != len(flat) || root.Leaf) {
		err = errors.New("the schema of the file is damaged: it is not one tree")
	}
	return root, err
}

// only returns what of e has the leaves of some columns; nil for nothing. Of a map it has
// both, or neither.
func (e *element) only(columns []int) *element {
	if e.Leaf {
		if slices.Contains(columns, e.column) {
			return e
		}
		return nil
	}
	some := *e
	some.children = nil
	for _, c := range e.children {
		if c := c.only(columns); c != nil {
			some.children = append(some.children, c)
		}
	}
	if some.children == nil {
		return nil
	}
	return &some
}

// plan is the chunk of a row group with the leaves that fill it.
type plan struct {
	chunk  *chunk
	leaves []*leafPlan
	keys   []*folderKey // of an outline: the last fields of the chunk
}

// plan makes an empty chunk for a row group of a readable schema, and says how
// to fill it. want is what --type says of the fields.
func (e *element) plan(want *wanted) *plan {
	p := &plan{chunk: &chunk{root: newRoot(want)}}
	p.chunk.root.seen = kindObject
	p.fields(e, p.chunk.root, route{})
	return p
}

// route is the way from the root to an element.
type route struct {
	steps    []*step
	def, rep byte
}

func (r route) object(n *node) route {
	n.seen = kindObject
	r.steps = append(slices.Clip(r.steps), &step{node: n, def: r.def, outer: r.rep})
	return r
}

// list goes into a list or, by kind, a map.
func (r route) list(n *node, kind kinds) route {
	n.seen = kind
	r.steps = append(slices.Clip(r.steps),
		&step{node: n, list: true, def: r.def, outer: r.rep, elem: r.def + 1, rep: r.rep + 1})
	r.def++
	r.rep++
	return r
}

func (p *plan) fields(e *element, parent *node, r route) {
	for _, c := range e.children {
		p.value(c, parent.child(c.Name), r)
	}
}

// value plans an element by its repetition, then by what it holds. A repeated
// element that is not the inside of a LIST is a list itself.
func (p *plan) value(e *element, n *node, r route) {
	switch e.Repetition {
	case parquet.Repeated:
		r = r.list(n, kindList)
		n = n.element()
	case parquet.Optional:
		r.def++
	}
	p.content(e, n, r)
}

func (p *plan) content(e *element, n *node, r route) {
	switch {
	case e.Leaf:
		p.leaf(e, n, r, false)
	case e.list():
		r = r.list(n, kindList)
		if e.bare {
			p.content(e.item(), n.element(), r)
		} else {
			p.value(e.item(), n.element(), r)
		}
	case e.mapping():
		p.mapping(e, n, r)
	default:
		p.fields(e, n, r.object(n))
	}
}

func (p *plan) mapping(e *element, n *node, r route) {
	r = r.list(n, kindMap)
	entry := e.children[0].children
	key := r
	if entry[0].Repetition == parquet.Optional {
		key.def++
	}
	p.leaf(entry[0], n.key(), key, true)
	if elem := n.element(); len(entry) > 1 {
		p.value(entry[1], elem, r)
	}
}

func (p *plan) leaf(e *element, n *node, r route, key bool) {
	kind, convert := leafConverter(e)
	if !key && e.decimal() && n.want.is("text") {
		kind, convert = kindString, convertDecimalTexts
	}
	if key && kind != kindString {
		kind, convert = kindString, keyConverter(e, convert)
	}
	n.seen = kind
	f := &leafPlan{
		name: path(n), element: e, key: key, node: n, steps: r.steps, owned: make([]bool, len(r.steps)),
		maxDef: r.def, maxRep: r.rep, convert: convert,
	}
	if key {
		f.name = path(n.parent) + "{key}"
	}
	for i, s := range r.steps {
		f.owned[i] = s.owner == nil
		if s.owner == nil {
			s.owner = f
		}
	}
	p.leaves = append(p.leaves, f)
}
