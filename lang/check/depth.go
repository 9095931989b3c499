package check

import "github.com/segq/segq/lang/ast"

// The bounds of a query together with the segments that it asks about, which ask about
// others. Whoever walks the tree may do so by recursion: a thousand bytes of the stack for
// each level are a quarter of what Go gives a goroutine.
const (
	maxDepth    = 250_000
	maxSegments = 200
)

// measure finds how deep a query is.
func (q *Query) measure() {
	q.depth, q.segments = depthOf(q.Root)
	if q.Cond != q.Root {
		q.depth++ // the condition reads the value
	}
}

// depthOf returns the number of levels of n, and of segments that lie inside each other.
func depthOf(n Node) (depth, segments int) {
	if s, ok := n.(*Segment); ok {
		return s.Query.depth + 1, s.Query.segments + 1
	}
	for _, child := range Operands(n) {
		if child != nil {
			d, s := depthOf(child)
			depth, segments = max(depth, d), max(segments, s)
		}
	}
	return depth + 1, segments
}

// tooDeep reports a query that is too deep.
func (c *checker) tooDeep(at ast.Span, q *Query) bool {
	switch {
	case q.segments > maxSegments:
		c.report("too-deep", at, "name fewer steps", "segments refer to each other %d levels deep: the limit is %d", q.segments, maxSegments)
	case q.depth > maxDepth:
		c.report("too-deep", at, "split the segments that it refers to", "the query and its segments are nested %d levels deep: the limit is %d", q.depth, maxDepth)
	default:
		return false
	}
	return true
}
