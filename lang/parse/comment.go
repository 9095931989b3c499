package parse

import (
	"strings"

	"github.com/segq/segq/lang/ast"
)

// attach gives each comment to its statement: the one it stands in, else the
// one that ends on its line, else the next one. What is left goes to the file.
func attach(f *ast.File, comments []scanned) {
	i := 0 // the first statement that ends after the comment's start
	for _, c := range comments {
		for i < len(f.Statements) && f.Statements[i].At.End <= c.start {
			i++
		}
		comment := ast.Comment{
			Text: strings.TrimRight(f.Text[c.start:c.end], " \t\r"),
			At:   ast.Span{Start: c.start, End: c.end},
		}
		switch {
		case i > 0 && !begun(f, i, c.start) && !strings.Contains(f.Text[f.Statements[i-1].At.End:c.start], "\n"):
			s := &f.Statements[i-1]
			s.Comments = append(s.Comments, comment)
		case i < len(f.Statements):
			s := &f.Statements[i]
			s.Comments = append(s.Comments, comment)
		default:
			f.Comments = append(f.Comments, comment)
		}
	}
}

// begun says whether statement i begins before offset.
func begun(f *ast.File, i, offset int) bool {
	return i < len(f.Statements) && f.Statements[i].At.Start < offset
}
