package parquetfile

import "github.com/segq/segq/lang/check"

// node is an element of the schema with the type of its values.
type node struct {
	*element
	t        *check.Type
	def      byte    // the definition level of a value that is there
	rep      byte    // of what is in a list or map: its repetition level
	leafAt   int     // of a leaf: its number
	children []*node // of an object: its fields; of a list its elements; of a map its keys and values
	required bool
}

// node makes the element of a field, or of a part of one, that is at a place, and those below it.
func (w *Columns) node(name string, t *check.Type, at place) *node {
	at = at.below(name)
	at.def++
	n := &node{element: &element{name: name, repetition: optional}, t: t, def: at.def}
	switch {
	case t.Kind == check.Object && len(t.Fields) > 0:
		for _, f := range t.Fields {
			n.add(n.element, w.node(f.Name, f.Type, at))
		}
		return n
	case t.Kind == check.List:
		n.meaning = isList
		inner := n.repeat("list", &at)
		n.add(inner, w.node("element", t.Elem, at))
	case t.Kind == check.Map:
		n.meaning = isMap
		inner := n.repeat("key_value", &at)
		key := &node{element: &element{name: "key"}, t: check.StringType, def: at.def, required: true}
		w.leaf(key, at.below("key"))
		n.add(inner, key)
		n.add(inner, w.node("value", t.Elem, at))
	default:
		w.leaf(n, at)
	}
	return n
}

// repeat adds the group that there is for each element of a list or map, and goes there.
func (n *node) repeat(name string, at *place) *element {
	*at = at.below(name)
	at.rep++
	at.def++
	n.rep = at.rep
	inner := &element{name: name, repetition: repeated}
	n.element.children = []*element{inner}
	return inner
}

func (n *node) add(to *element, child *node) {
	n.children = append(n.children, child)
	to.children = append(to.children, child.element)
}

// leaf makes n the element of a column.
func (w *Columns) leaf(n *node, at place) {
	l := &leaf{path: at.path, maxRep: at.rep, maxDef: n.def}
	n.leafAt, n.element.leaf = len(w.leaves), l
	w.leaves = append(w.leaves, l)
	switch n.t.Kind {
	case check.Bool:
		l.physical = typeBoolean
	case check.Int:
		l.physical, n.meaning = typeInt64, isInt
	case check.Timestamp:
		l.physical, n.meaning = typeInt64, isInstant
	case check.Float:
		l.physical = typeDouble
	default:
		l.physical, n.meaning = typeByteArray, isText
	}
}
