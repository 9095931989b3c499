package check

import (
	"iter"
)

// Children gives the nodes directly below n; below a segment, the condition of its
// definition.
func Children(n Node) iter.Seq[Node] {
	return func(yield func(Node) bool) {
		for _, c := range childList(n) {
			if c != nil && !yield(c) {
				return
			}
		}
	}
}

// childList gives the same as a slice, with nil for what was left out: the
// condition of a declaration, the end of a window, the count of an aggregate.
// Order does not matter to its one caller.
func childList(n Node) []Node {
	switch n := n.(type) {
	case *Member:
		return []Node{n.X}
	case *Gather:
		return []Node{n.X}
	case *Call:
		return n.Args
	case *MakeList:
		return n.Items
	case *MakeObject:
		return n.Items
	case *Let:
		return []Node{n.Value, n.Body}
	case *Iterate:
		return []Node{n.X, n.Body, n.N}
	case *Comprehend:
		list := []Node{n.Yield}
		for _, d := range n.Decls {
			list = append(list, d.From, d.Where)
		}
		return list
	case *Chain:
		list := []Node{n.X, n.Order}
		for _, s := range n.Steps {
			list = append(list, s.Cond)
		}
		return list
	case *Occurs:
		return []Node{n.X, n.Window.Ref, n.Window.To}
	case *Segment:
		return []Node{n.Query.Cond}
	}
	return nil
}

// UsesNow says whether the value of n depends on the moment that now stands for.
func UsesNow(n Node) bool { return usesNow(n, map[*Query]bool{}) }

// usesNow looks at each definition of a segment once.
func usesNow(n Node, seen map[*Query]bool) bool {
	switch n := n.(type) {
	case *Calendar:
		return true
	case *Segment:
		if seen[n.Query] {
			return false
		}
		seen[n.Query] = true
	case *Call:
		switch n.Op {
		case Now, CurrentYear, CurrentMonth, CurrentDayOfMonth:
			return true
		}
	}
	for c := range Children(n) {
		if usesNow(c, seen) {
			return true
		}
	}
	return false
}
