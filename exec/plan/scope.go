package plan

import "github.com/segq/segq/exec/column"

// scope is what the bits of a bitmap stand for: the rows of the table, the
// elements that a list column holds for the positions of its parent scope, or the values of
// those that have one in a sparse column. Scope
// 0 is the rows; parents come before their children.
type scope struct {
	parent int
	list   *column.List
	sparse *column.Sparse
}

// span returns the positions of s that belong to a block of rows. spans holds
// those of the scopes before s.
func (s scope) span(rows column.Range, spans []column.Range) column.Range {
	if s.parent < 0 {
		return rows
	}
	outer := spans[s.parent]
	if s.sparse != nil {
		return column.Range{Start: s.sparse.Rank(outer.Start), End: s.sparse.Rank(outer.End)}
	}
	return column.Range{Start: int(s.list.Offsets[outer.Start]), End: int(s.list.Offsets[outer.End])}
}

// child returns the scope of the elements of list, which hangs in scope parent.
func (c *compiler) child(parent int, list *column.List) int {
	return c.scope(scope{parent: parent, list: list})
}

// scope returns the number of a scope, which is new unless there is an equal one.
func (c *compiler) scope(s scope) int {
	if i, ok := c.numbers[s]; ok {
		return i
	}
	c.scopes = append(c.scopes, s)
	c.numbers[s] = len(c.scopes) - 1
	return len(c.scopes) - 1
}

// within says whether scope inner is outer or lies below it.
func (c *compiler) within(inner, outer int) bool {
	for inner > outer {
		inner = c.scopes[inner].parent
	}
	return inner == outer
}

// lift returns n as a condition on scope: as it is, or, when it is a condition on
// something that holds the positions of scope, spread over them.
func (c *compiler) lift(n id, to int) (id, error) {
	from := c.graph.nodes[n].scope
	switch {
	case from == to || c.graph.constant(n):
		return n, nil
	case !c.within(to, from):
		return 0, unsupported("it relates the elements of two lists")
	}
	outer, err := c.lift(n, c.scopes[to].parent)
	if err != nil {
		return 0, err
	}
	return c.graph.unary(opSpread, to, outer), nil
}

// deepest returns the lowest of the scopes of ns, which must lie on one line.
func (c *compiler) deepest(ns []id) (int, error) {
	deep := 0
	for _, n := range ns {
		if c.graph.constant(n) {
			continue
		}
		s := c.graph.nodes[n].scope
		switch {
		case c.within(deep, s):
		case c.within(s, deep):
			deep = s
		default:
			return 0, unsupported("it relates the elements of two lists")
		}
	}
	return deep, nil
}
