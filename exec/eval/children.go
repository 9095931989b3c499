package eval

import (
	"iter"

	"github.com/segq/segq/lang/check"
)

// children gives the nodes directly below n, and the root and the condition of
// a segment's definition.
func children(n check.Node) iter.Seq[check.Node] {
	return func(yield func(check.Node) bool) {
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
func childList(n check.Node) []check.Node {
	switch n := n.(type) {
	case *check.Member:
		return []check.Node{n.X}
	case *check.Gather:
		return []check.Node{n.X}
	case *check.Call:
		return n.Args
	case *check.MakeList:
		return n.Items
	case *check.MakeObject:
		return n.Items
	case *check.Let:
		return []check.Node{n.Value, n.Body}
	case *check.Iterate:
		return []check.Node{n.X, n.Body, n.N}
	case *check.Comprehend:
		list := []check.Node{n.Yield}
		for _, d := range n.Decls {
			list = append(list, d.From, d.Where)
		}
		return list
	case *check.Chain:
		list := []check.Node{n.X, n.Order}
		for _, s := range n.Steps {
			list = append(list, s.Cond)
		}
		return list
	case *check.Occurs:
		return []check.Node{n.X, n.Window.Ref, n.Window.To}
	case *check.Segment:
		return []check.Node{n.Query.Cond}
	}
	return nil
}
