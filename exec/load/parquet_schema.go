package load

import (
	"fmt"
	"slices"
	"strings"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// element is an element of the schema of a Parquet file, with its children.
type element struct {
	format.SchemaElement
	children []*element
	column   int // of a leaf: the index of its column chunk
	path     string
}

func (e *element) leaf() bool     { return e.Type.Valid }
func (e *element) repeated() bool { return e.RepetitionType.V == format.Repeated }

func (e *element) converted(types ...deprecated.ConvertedType) bool {
	return e.ConvertedType.Valid && slices.Contains(types, e.ConvertedType.V)
}

func (e *element) list() bool {
	_, ok := e.LogicalType.Value.(*format.ListType)
	return (ok || e.converted(deprecated.List)) && len(e.children) == 1 && e.children[0].repeated()
}

func (e *element) mapping() bool {
	_, ok := e.LogicalType.Value.(*format.MapType)
	return (ok || e.converted(deprecated.Map, deprecated.MapKeyValue)) && len(e.children) == 1 &&
		e.children[0].repeated() && len(e.children[0].children) > 0
}

// schemaTree makes a tree of the flat list that a file has, which is in
// depth-first order.
func schemaTree(flat []format.SchemaElement) (*element, error) {
	next, column := 0, 0
	var build func(prefix string) (*element, error)
	build = func(prefix string) (*element, error) {
		if next >= len(flat) {
			return nil, fmt.Errorf("the schema of the file is damaged: it ends too early")
		}
		e := &element{SchemaElement: flat[next], path: prefix + flat[next].Name}
		if next == 0 {
			e.path = ""
		}
		next++
		if e.leaf() {
			e.column = column
			column++
			return e, nil
		}
		below := e.path + "."
		if e.path == "" {
			below = ""
		}
		for range e.NumChildren.V {
			c, err := build(below)
			if err != nil {
				return nil, err
			}
			e.children = append(e.children, c)
		}
		return e, nil
	}
	return build("")
}

// plan is the chunk of a row group with the leaves that fill it.
type plan struct {
	chunk  *chunk
	leaves []*leafPlan
}

// planLeaves makes an empty chunk for a row group, and says how to fill it.
func planLeaves(flat []format.SchemaElement) (*plan, error) {
	root, err := schemaTree(flat)
	if err != nil {
		return nil, err
	}
	p := &plan{chunk: &chunk{root: newRoot(nil)}}
	p.chunk.root.seen = kindObject
	return p, p.fields(root, p.chunk.root, route{})
}

// route is the way from the root to an element.
type route struct {
	steps    []*step
	def, rep byte
}

func (r route) object(n *node) route {
	n.seen = kindObject
	r.steps = append(slices.Clip(r.steps), &step{node: n, def: r.def})
	return r
}

// list goes into a list or, by kind, a map.
func (r route) list(n *node, kind kinds) route {
	n.seen = kind
	r.steps = append(slices.Clip(r.steps), &step{node: n, list: true, def: r.def, elem: r.def + 1, rep: r.rep + 1})
	r.def++
	r.rep++
	return r
}

func (p *plan) fields(e *element, parent *node, r route) error {
	for _, c := range e.children {
		if parent.index[c.Name] != nil {
			return fmt.Errorf("column %s: the name is there twice", c.path)
		}
		if err := p.value(c, parent.child(c.Name), r); err != nil {
			return err
		}
	}
	return nil
}

// value plans an element by its repetition, then by what it holds. A repeated
// element that is not the inside of a LIST is a list itself.
func (p *plan) value(e *element, n *node, r route) error {
	switch e.RepetitionType.V {
	case format.Repeated:
		r = r.list(n, kindList)
		n = n.element()
	case format.Optional:
		r.def++
	}
	return p.content(e, n, r)
}

func (p *plan) content(e *element, n *node, r route) error {
	if len(r.steps) > maxDepth {
		return fmt.Errorf("column %s: more than %d levels of nesting", e.path, maxDepth)
	}
	switch {
	case e.leaf():
		return p.leaf(e, n, r)
	case e.list():
		return p.list(e, n, r)
	case e.mapping():
		return p.mapping(e, n, r)
	}
	if v := e.LogicalType.Value; v != nil {
		if _, ok := v.(*format.VariantType); ok {
			return fmt.Errorf("column %s: the type %s is not supported", e.path, v)
		}
	}
	return p.fields(e, n, r.object(n))
}

// list plans a LIST. Its repeated child is the element itself in the files of
// old writers, else a group around the element (Parquet's LogicalTypes.md,
// "Backward-compatibility rules").
func (p *plan) list(e *element, n *node, r route) error {
	r = r.list(n, kindList)
	in := e.children[0]
	if in.leaf() || len(in.children) != 1 || in.Name == "array" || strings.HasSuffix(in.Name, "_tuple") {
		return p.content(in, n.element(), r)
	}
	return p.value(in.children[0], n.element(), r)
}

func (p *plan) mapping(e *element, n *node, r route) error {
	r = r.list(n, kindMap)
	entry := e.children[0].children
	if !entry[0].leaf() || len(entry) > 2 {
		return fmt.Errorf("column %s: a map has to have a key and a value", e.path)
	}
	if err := p.value(entry[0], n.key(), r); err != nil {
		return err
	}
	if n.keys.seen != kindString {
		return fmt.Errorf("column %s: the keys of a map have to be texts", entry[0].path)
	}
	elem := n.element()
	if len(entry) == 1 {
		return nil
	}
	return p.value(entry[1], elem, r)
}

func (p *plan) leaf(e *element, n *node, r route) error {
	kind, convert, err := leafConverter(e)
	if err != nil {
		return fmt.Errorf("column %s: %w", e.path, err)
	}
	n.seen = kind
	f := &leafPlan{
		name: e.path, column: e.column, node: n, steps: r.steps, owned: make([]bool, len(r.steps)),
		maxDef: r.def, maxRep: r.rep, convert: convert,
	}
	for i, s := range r.steps {
		f.owned[i] = !s.claimed
		s.claimed = true
	}
	p.leaves = append(p.leaves, f)
	return nil
}
