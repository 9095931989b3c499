package plan

import "github.com/segq/segq/exec/column"

// singleGroup is the tests of equality of the texts of one column. A text is looked up once for all of them.
type singleGroup struct {
	col   *column.Texts
	scope int32
	nodes []id
	// without are those that hold for all texts but some.
	without []bool
	// naming holds, for a text, the nodes that name it.
	naming map[string][]id
}

// groupTexts makes the groups.
func (s *Single) groupTexts(nodes []node) {
	byColumn := map[column.Column][]id{}
	for i := range nodes {
		if n := &nodes[i]; n.op == opText && n.test.Hashable() {
			byColumn[n.col] = append(byColumn[n.col], id(i))
		}
	}
	for c, ids := range byColumn {
		g := singleGroup{col: c.(*column.Texts), scope: s.nodes[ids[0]].scope, nodes: ids, naming: map[string][]id{}}
		for _, i := range ids {
			texts, without := nodes[i].test.Named()
			g.without = append(g.without, without)
			for _, t := range texts {
				g.naming[t] = append(g.naming[t], i)
			}
			s.leaves[s.nodes[i].at].group = int32(len(s.groups))
		}
		s.groups = append(s.groups, g)
	}
}

// readGroup computes all nodes of a group, whose scope is a word.
func (s *Single) readGroup(g *singleGroup) {
	x := &s.scopes[g.scope]
	var texts uint64
	if x.rows > 0 {
		texts = g.col.Valid[0] & x.all
	}
	for i, n := range g.nodes {
		s.known[n], s.words[n] = true, 0
		if g.without[i] {
			s.words[n] = texts
		}
	}
	for row := range x.rows {
		if texts>>row&1 == 0 {
			continue
		}
		for _, n := range g.naming[g.col.At(row)] {
			s.words[n] ^= 1 << row
		}
	}
}
