package check

import "github.com/segq/segq/lang/ast"

// Adobe's limits for a segment definition that segq does not enforce
// (Experience Platform documentation, segment validation).
const (
	adobeSteps      = 3
	adobeAggregates = 3
	adobeArrays     = 2
)

// adobe warns where x passes a limit that Adobe sets.
func (c *checker) adobe(x ast.Expr) {
	aggregates := 0
	ast.Inspect(x, func(e ast.Expr) bool {
		switch e := e.(type) {
		case *ast.Chain:
			if len(e.Steps) > adobeSteps {
				c.warn("adobe-steps", e.At, "split it into several segments", "Adobe allows %d steps in a chain, and this has %d", adobeSteps, len(e.Steps))
			}
		case *ast.Aggregate:
			aggregates++
		case *ast.Call:
			switch e.Name.Text {
			case "count", "sum", "average", "min", "max":
				aggregates++
			}
		}
		return true
	})
	if aggregates > adobeAggregates {
		c.warn("adobe-aggregates", x.Span(), "", "Adobe advises at most %d aggregations, and this has %d", adobeAggregates, aggregates)
	}
	if depth := arrayDepth(x); depth > adobeArrays {
		c.warn("adobe-arrays", x.Span(), "", "Adobe advises at most %d levels of arrays, and this has %d", adobeArrays, depth)
	}
}

// arrayDepth counts how many item scopes lie inside each other.
func arrayDepth(x ast.Expr) int {
	deepest := 0
	ast.Inspect(x, func(e ast.Expr) bool {
		f, ok := e.(*ast.Filter)
		if !ok {
			return true
		}
		deepest = max(deepest, arrayDepth(f.X), 1+arrayDepth(f.Cond))
		return false
	})
	return deepest
}
