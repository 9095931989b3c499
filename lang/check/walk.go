package check

import (
	"iter"
	"slices"
)

// Operands returns the nodes directly below n in the same query, in a fixed order, with nil
// for what was left out: the condition of a declaration, the end of a window, the count
// of an aggregate, what a comprehension yields. The definition of a segment has slots of
// its own and is not among them.
func Operands(n Node) []Node {
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
	}
	return nil
}

// Children returns the operands of n that are there and, below a segment, the condition of
// its definition.
func Children(n Node) iter.Seq[Node] {
	return func(yield func(Node) bool) {
		if s, ok := n.(*Segment); ok {
			yield(s.Query.Cond)
			return
		}
		for _, c := range Operands(n) {
			if c != nil && !yield(c) {
				return
			}
		}
	}
}

// Binds returns the slots that n binds for what is below it. A slot is bound once in a
// query, so that it means nothing outside.
func Binds(n Node) []int {
	switch n := n.(type) {
	case *Let:
		return []int{n.Slot}
	case *Iterate:
		if n.KeySlot > 0 {
			return []int{n.Slot, n.KeySlot}
		}
		return []int{n.Slot}
	case *Comprehend:
		slots := make([]int, len(n.Decls))
		for i, d := range n.Decls {
			slots[i] = d.Slot
		}
		return slots
	case *Chain:
		return []int{n.Slot}
	}
	return nil
}

// Free returns the slots that n reads and something around it binds, each once. Slot 0, the
// profile, is one of them; it is all that a segment reads.
func Free(n Node) []int {
	return FreeOf(n, Free)
}

// FreeOf is Free for those who know, or remember, what is free below n.
func FreeOf(n Node, below func(Node) []int) []int {
	switch n := n.(type) {
	case *Slot:
		return []int{n.N}
	case *Segment:
		return []int{0}
	}
	var free []int
	bound := Binds(n)
	for c := range Children(n) {
		for _, s := range below(c) {
			if !slices.Contains(bound, s) && !slices.Contains(free, s) {
				free = append(free, s)
			}
		}
	}
	return free
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
		if n.Op.Group() == Clock {
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
