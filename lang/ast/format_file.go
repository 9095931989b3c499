package ast

import (
	"strings"
	"unicode/utf8"
)

// maxLine is the number of columns past which FormatFile breaks a query.
const maxLine = 100

// FormatFile prints the statements of f, one below the other, each as
// name: query in canonical form. Queries longer than 100 columns break before
// the and or or of their outermost level. Comments stay with their statement:
// one that follows it on its line stays there, others go above it on lines of
// their own. One blank line stays where there were some.
func FormatFile(f *File) string {
	var b strings.Builder
	end := 0 // of the text printed so far
	for i := range f.Statements {
		s := &f.Statements[i]
		above, trailing := comments(s)
		gap(&b, f.Text, end, firstPlace(s))
		for _, c := range above {
			b.WriteString(c.Text + "\n")
		}
		b.WriteString(statementText(s))
		if i+1 < len(f.Statements) && joins(statementText(&f.Statements[i+1])) {
			b.WriteByte(';')
		}
		for _, c := range trailing {
			b.WriteString(" " + c.Text)
		}
		b.WriteByte('\n')
		end = lastPlace(s)
	}
	for _, c := range f.Comments {
		gap(&b, f.Text, end, c.At.Start)
		b.WriteString(c.Text + "\n")
		end = c.At.End
	}
	return b.String()
}

// gap keeps one blank line where the text between two places had some.
func gap(b *strings.Builder, text string, from, to int) {
	if b.Len() == 0 || from > to || to > len(text) {
		return
	}
	if strings.Count(text[from:to], "\n") > 1 {
		b.WriteByte('\n')
	}
}

// comments parts the comments of s into those that go above it and those that
// follow it on its line.
func comments(s *Statement) (above, trailing []Comment) {
	for _, c := range s.Comments {
		if c.At.Start >= s.At.End {
			trailing = append(trailing, c)
		} else {
			above = append(above, c)
		}
	}
	return above, trailing
}

func firstPlace(s *Statement) int {
	if len(s.Comments) > 0 {
		return min(s.At.Start, s.Comments[0].At.Start)
	}
	return s.At.Start
}

func lastPlace(s *Statement) int {
	if n := len(s.Comments); n > 0 {
		return max(s.At.End, s.Comments[n-1].At.End)
	}
	return s.At.End
}

// statementText prints s without its comments.
func statementText(s *Statement) string {
	name := ""
	if s.Name.Text != "" {
		name = field(s.Name.Text) + ": "
	}
	text := name + Format(s.X)
	root, ok := s.X.(*Binary)
	if !ok || root.Op != "and" && root.Op != "or" || utf8.RuneCountInString(text) <= maxLine {
		return text
	}
	return name + broken(root)
}

// broken prints a chain of and or or with each operand but the first on a line
// of its own, after its operator.
func broken(root *Binary) string {
	level := levelOf(root)
	var lines []string
	var x Expr = root
	for {
		b, ok := x.(*Binary)
		if !ok || b.Op != root.Op {
			break
		}
		var p printer
		p.expr(b.R, level+1)
		lines = append(lines, "\n  "+root.Op+" "+p.String())
		x = b.L
	}
	var p printer
	p.expr(x, level)
	for i := len(lines) - 1; i >= 0; i-- {
		p.write(lines[i])
	}
	return p.String()
}

// joins says whether text, on a line of its own, would go on with the
// expression above it.
func joins(text string) bool {
	if strings.HasPrefix(text, "-") || strings.HasPrefix(text, "[") {
		return true
	}
	for _, op := range []string{"in(", "notIn(", "like(", "matches("} {
		if strings.HasPrefix(text, op) {
			return true
		}
	}
	return false
}
