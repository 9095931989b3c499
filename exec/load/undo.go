package load

import "slices"

// change is what a row changes of a node beside its values: the kinds that it had
// seen, or the number of its children, which is -1 for no change.
type change struct {
	node     *node
	seen     kinds
	children int
}

// changed notes that n had only seen these kinds.
func (w *walker) changed(n *node, seen kinds) {
	if n.seen != seen {
		w.journal = append(w.journal, change{n, seen, -1})
	}
}

// undo takes back a row that was not read to its end, or that is to be read again.
func (w *walker) undo() {
	var cut []*node // whose labels are fewer
	for _, c := range slices.Backward(w.journal) {
		if c.children < 0 {
			if c.seen&kindForms == 0 && c.node.seen&kindForms != 0 {
				// The next row may be the first with a form here, and it may be another: what is
				// inside a list is not what is inside a map.
				c.node.drop()
			}
			c.node.seen = c.seen
			continue
		}
		for _, child := range c.node.children[c.children:] {
			delete(c.node.index, child.name)
		}
		c.node.children, c.node.labels = c.node.children[:c.children], c.node.labels[:c.children]
		if c.node.names != nil {
			cut = append(cut, c.node)
		}
		c.node.names, c.node.first = nil, 0
	}
	for _, n := range cut { // once each, however many fields the row had that were new
		n.names = tableOf(n.labels)
	}
	w.chunk.root.cutFrom(uint32(w.chunk.rows))
}
