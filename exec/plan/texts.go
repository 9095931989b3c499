package plan

import (
	"encoding/binary"
	"slices"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/exec/search"
	"github.com/segq/segq/lang/check"
)

// A column of texts most of which differ, which has no dictionary, is searched block by
// block. Its tests are nodes of their own: they are no sets of values that others could be
// joined with.

// What a row costs a test of texts.
const (
	textCost     = 16
	slowTextCost = 1 << 8
)

// oneOfTexts returns the node for: the text at p is one of texts.
func (c *compiler) oneOfTexts(p place, texts []string, text string) id {
	texts = slices.Clone(texts)
	slices.Sort(texts)
	texts = slices.Compact(texts)
	if len(texts) == 0 {
		return never
	}
	key := []byte("in")
	for _, s := range texts {
		key = append(binary.AppendUvarint(key, uint64(len(s))), s...)
	}
	return c.tested(p, search.Equal(texts), text, key)
}

// textTest returns the node for a test over textType of the text at p.
func (c *compiler) textTest(test check.Node, p place, col *column.Texts) (id, error) {
	call, ok := test.(*check.Call)
	if !ok {
		return 0, unsupported("it is not a test of one column against constants")
	}
	if _, ok := call.Args[0].(*check.Member); !ok {
		return 0, unsupported("it tests a computed text")
	}
	t, ok := search.New(call, col.Bytes)
	if !ok {
		return 0, unsupported("it tests a text for what is not searched for")
	}
	return c.tested(p, t, describe(test), c.identities.Of(test)), nil
}

func (c *compiler) tested(p place, t *search.Test, text string, key []byte) id {
	if s, ok := p.col.(*column.Sparse); ok {
		return c.expanded(p, c.tested(c.valuesOf(p, s), t, text, key))
	}
	n := node{op: opText, scope: p.scope, col: p.col, test: t, slow: t.Slow(), cost: textCost, text: p.name() + " " + text}
	if n.slow {
		n.cost = slowTextCost
	}
	return c.graph.intern(n, key)
}

// manyHashable is from how many tests of equality on the hashes of the rows of a column are
// worth to be found.
const manyHashable = 4

// hashTexts marks the tests of equality of columns that have many.
func (l *layouter) hashTexts() {
	tests := map[column.Column][]id{} // a column has one scope
	for i := range l.p.nodes {
		if n := &l.p.nodes[i]; l.seen[i] && n.op == opText && n.test.Hashable() {
			tests[n.col] = append(tests[n.col], id(i))
		}
	}
	for _, ids := range tests {
		if len(ids) < manyHashable {
			continue
		}
		for _, i := range ids {
			l.leaves[i].kernel = byHash
		}
	}
}

// hashState is the hashes of the texts of a column in a block.
type hashState struct {
	col    *column.Texts
	block  uint64
	rows   column.Range
	hashes []uint16
}

// hashesOf returns the hashes of rows of a column, which are those of the block.
func (e *Evaluator) hashesOf(c *column.Texts, rows column.Range) []uint16 {
	var s *hashState
	for i := range e.hashes {
		if e.hashes[i].col == c {
			s = &e.hashes[i]
		}
	}
	if s == nil {
		e.hashes = append(e.hashes, hashState{col: c})
		s = &e.hashes[len(e.hashes)-1]
	}
	if s.block != e.block || s.rows != rows {
		s.block, s.rows = e.block, rows
		s.hashes = sized(s.hashes, rows.Rows())
		kernel.Hashes(s.hashes, c.Bytes, c.Offsets[rows.Start:rows.End+1])
	}
	return s.hashes
}

// readTexts computes a test of texts for rows of its column; need is those that matter, nil
// for all.
func (e *Evaluator) readTexts(n *node, l *leaf, dst []uint64, rows column.Range, need []uint64) {
	c := n.col.(*column.Texts)
	offsets := c.Offsets[rows.Start : rows.End+1]
	if l.kernel == byHash {
		n.test.Hashed(dst, e.hashesOf(c, rows), c.Bytes, offsets)
	} else {
		n.test.Block(dst, c.Bytes, offsets, need)
	}
	if c.Valid != nil {
		kernel.And(dst, e.validIn(c.Valid, rows))
	}
}

// slowTextRows is for how many rows a long test is made between two looks at Stop.
const slowTextRows = 512

// overTexts sets the bits of found for the positions in open that meet the test of a node.
func (e *Evaluator) overTexts(i id, found, open []uint64) bool {
	n := &e.plan.nodes[i]
	span := e.spans[n.scope]
	for at := 0; at < span.Rows(); at += slowTextRows {
		if e.Stop != nil && e.Stop() {
			return false
		}
		rows := column.Range{Start: span.Start + at, End: min(span.Start+at+slowTextRows, span.End)}
		w, end := at>>6, (rows.End-span.Start+63)>>6
		e.readTexts(n, &e.plan.layout.leaves[i], found[w:end], rows, open[w:end])
	}
	return true
}
