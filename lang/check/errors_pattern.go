package check

import (
	"strings"

	"github.com/segq/segq/lang/ast"
)

// What the checker says of patterns.

func (c *checker) badLike(at ast.Span) {
	c.report("bad-pattern", at, `write \\ for a backslash`, "the pattern ends in a single backslash")
}

func (c *checker) patternNotLiteral(op string, n Node) {
	c.report("pattern-literal", n.Span(), "", "the pattern of %s is written as a text in quotes", op)
}

func (c *checker) longPattern(at ast.Span, n int) {
	c.report("long-pattern", at, "", "the regular expression has %d bytes: the limit is %d", n, maxPattern)
}

func (c *checker) bigPattern(at ast.Span, n int) {
	c.report("big-pattern", at, "smaller repetition counts help", "the regular expression compiles to %d instructions: the limit is %d", n, maxProgram)
}

func (c *checker) javaPattern(at ast.Span, name string) {
	c.report("java-pattern", at, "regular expressions are RE2: https://github.com/google/re2/wiki/Syntax", "%s is not supported", name)
}

func (c *checker) badPattern(at ast.Span, err error) {
	c.report("bad-pattern", at, "regular expressions are RE2: https://github.com/google/re2/wiki/Syntax", "%s",
		strings.TrimPrefix(err.Error(), "error parsing regexp: "))
}

func (c *checker) badGroup(at ast.Span, p string, groups int) {
	c.report("bad-group", at, "group 0 is the whole match", "the number of a group of %q is an integer from 0 to %d", p, groups)
}
