package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/spelling"
)

// What the checker says of segments.

func (c *checker) segmentID(at ast.Span) {
	c.report("segment-id", at, `write the id in quotes: inSegment("id")`, "inSegment needs the id of a segment as text")
}

func (c *checker) unknownSegment(id *ast.String) {
	c.ds = append(c.ds, UnknownSegment(id, c.cat.Segments()))
}

// UnknownSegment says that id is none of the known segments, and which is meant perhaps.
func UnknownSegment(id *ast.String, known []string) ast.Diagnostic {
	hint, instead := "no segments are known here", ""
	if all := slices.Sorted(slices.Values(known)); len(all) > 0 {
		hint = "known segments: " + strings.Join(all[:min(len(all), 5)], ", ")
		if near := spelling.Nearest(id.Value, all); near != "" {
			hint, instead = "did you mean "+near+"?", ast.Format(&ast.String{Value: near})
		}
	}
	return ast.Diagnostic{
		Code: "unknown-segment", At: id.At, Hint: hint, Instead: instead,
		Message: fmt.Sprintf("there is no segment %q", id.Value),
	}
}
