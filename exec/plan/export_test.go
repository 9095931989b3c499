package plan

import (
	"fmt"
	"strings"
)

// Classes describes the groups of sets that share classes, one line each, for the golden
// plans: how many sets are answered by how many classes, null's included, and how the
// column becomes them.
func (p *Plan) Classes() string {
	var b strings.Builder
	for _, s := range p.layout.steps {
		g := s.group
		if g == nil {
			continue
		}
		how := "its bytes are the classes"
		switch {
		case g.translate != nil && g.looks:
			how = "by a table of codes, with looks at the value"
		case g.translate != nil:
			how = "by a table of codes"
		case g.looks:
			how = "by a look at each value"
		}
		fmt.Fprintf(&b, "classes   %d sets, %d classes, %s\n", len(g.leaves), g.classes, how)
	}
	return b.String()
}

// Blocks returns the usual number of rows of a block.
func (p *Plan) Blocks() int { return p.rows }
