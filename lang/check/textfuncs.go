package check

import (
	"regexp/syntax"
	"strings"

	"github.com/segq/segq/lang/ast"
)

// textTest returns the check of a string test. A last argument of true or false
// says whether case counts.
func textTest(op Op) func(*checker, *ast.Call, Node, []ast.Expr) Node {
	return func(c *checker, x *ast.Call, recv Node, args []ast.Expr) Node {
		fold := false
		if len(args) > 1 {
			if b, ok := args[len(args)-1].(*ast.Bool); ok {
				fold, args = !b.Value, args[:len(args)-1]
			}
		}
		others := make([]Node, len(args))
		for i, a := range args {
			others[i] = c.asText(c.expr(a), x.Name.Text)
		}
		return c.textCall(x, op, fold, recv, others)
	}
}

// textCall applies a string test; to a list, it asks for some element.
func (c *checker) textCall(x *ast.Call, op Op, fold bool, recv Node, others []Node) Node {
	if isList(recv) {
		return c.each(recv, func(item Node) Node { return c.textCall(x, op, fold, item, others) })
	}
	args := append([]Node{c.asText(recv, x.Name.Text)}, others...)
	return &Call{Info: Info{BoolType, x.At}, Op: op, Fold: fold, Args: args}
}

// asText returns n as a string; a literal of another type by its text.
func (c *checker) asText(n Node, what string) Node {
	if t := coerce(n, StringType); t != nil {
		return t
	}
	return c.text(n, what)
}

// pattern checks the infix forms of like and matches.
func (c *checker) pattern(x *ast.Binary) Node {
	return c.patternTest(x.Op, c.expr(x.L), c.expr(x.R), x.Span())
}

func patternCall(op string) func(*checker, *ast.Call, Node, []ast.Expr) Node {
	return func(c *checker, x *ast.Call, recv Node, args []ast.Expr) Node {
		return c.patternTest(op, recv, c.expr(args[0]), x.At)
	}
}

func (c *checker) patternTest(op string, text, pattern Node, at ast.Span) Node {
	p, ok := c.patternText(op, pattern)
	if !ok {
		return null(at)
	}
	kind := Like
	if op == "matches" {
		kind = Matches
		if !c.regex(p, pattern.Span()) {
			return null(at)
		}
	} else if strings.HasSuffix(strings.ReplaceAll(p, `\\`, ""), `\`) {
		c.badLike(pattern.Span())
		return null(at)
	}
	test := func(n Node) Node {
		return &Call{Info: Info{BoolType, at}, Op: kind, Args: []Node{c.text(n, op), pattern}}
	}
	if isList(text) {
		return c.each(text, test)
	}
	return test(text)
}

// patternText returns the text of a pattern, which must be a literal.
func (c *checker) patternText(op string, n Node) (string, bool) {
	if k, ok := n.(*Const); ok {
		if s, ok := k.V.(string); ok {
			return s, true
		}
		if k.T.Kind == Any {
			return "", false
		}
	}
	c.patternNotLiteral(op, n)
	return "", false
}

func regexGroup(c *checker, x *ast.Call, recv Node, args []ast.Expr) Node {
	pattern, group := c.expr(args[0]), c.expr(args[1])
	p, ok := c.patternText("regexGroup", pattern)
	if !ok || !c.regex(p, pattern.Span()) {
		return null(x.At)
	}
	k, ok := group.(*Const)
	n, isInt := int64(-1), false
	if ok {
		n, isInt = k.V.(int64)
	}
	re, err := syntax.Parse(p, syntax.Perl)
	if !isInt || err != nil || n < 0 || n > int64(re.MaxCap()) {
		c.badGroup(group.Span(), p, re.MaxCap())
		return null(x.At)
	}
	return &Call{Info: Info{StringType, x.At}, Op: RegexGroup, Args: []Node{c.text(recv, "regexGroup"), pattern, group}}
}

// The bounds of a regular expression: its text in bytes and its compiled
// program in instructions. Matching takes time in proportion to their product
// with the text.
const (
	maxPattern = 1 << 10
	maxProgram = 2000
)

// regex reports what is wrong with a pattern, and says whether it is right.
func (c *checker) regex(p string, at ast.Span) bool {
	if len(p) > maxPattern {
		c.longPattern(at, len(p))
		return false
	}
	if name := javaOnly(p); name != "" {
		c.javaPattern(at, name)
		return false
	}
	re, err := syntax.Parse(p, syntax.Perl)
	if err != nil {
		c.badPattern(at, err)
		return false
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		c.badPattern(at, err)
		return false
	}
	if len(prog.Inst) > maxProgram {
		c.bigPattern(at, len(prog.Inst))
		return false
	}
	return true
}

// javaOnly names the construct of java.util.regex in p that RE2 lacks, "" when
// there is none.
func javaOnly(p string) string {
	inClass := false
	for i := 0; i < len(p); i++ {
		rest := p[i:]
		switch {
		case p[i] == '\\' && i+1 < len(p):
			if !inClass && p[i+1] >= '1' && p[i+1] <= '9' || strings.HasPrefix(rest, `\k<`) {
				return "a back-reference"
			}
			i++
		case inClass:
			inClass = p[i] != ']'
		case p[i] == '[':
			inClass = true
		case strings.HasPrefix(rest, "(?="), strings.HasPrefix(rest, "(?!"):
			return "a look-ahead"
		case strings.HasPrefix(rest, "(?<="), strings.HasPrefix(rest, "(?<!"):
			return "a look-behind"
		case strings.HasPrefix(rest, "(?>"):
			return "an atomic group"
		case p[i] == '+' && i > 0 && strings.IndexByte("*+?}", p[i-1]) >= 0 && (i < 2 || p[i-2] != '\\'):
			return "a possessive quantifier"
		}
	}
	return ""
}
