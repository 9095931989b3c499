package forget

import (
	"slices"
	"strconv"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/identity"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
)

// Query says whether queries name the id: where one compares the field of ids with it, has a text that is it, or is called
// so, or where a comment mentions it. A number alone names nobody: it may be an age. A text that is no query is looked
// through as it is, unless the id is a number.
func (s Search) Query(text string) bool {
	file, wrong := lang.Parse(text)
	if len(wrong) > 0 || len(file.Statements) == 0 {
		return s.inText(text)
	}
	comments := file.Comments
	for _, statement := range file.Statements {
		comments = append(comments, statement.Comments...)
		if s.Rule(statement.X) || s.Name(statement.Name.Text) {
			return true
		}
	}
	return slices.ContainsFunc(comments, func(c ast.Comment) bool { return s.inText(c.Text) })
}

// inText says whether a text mentions the id. One that is a number has to be all of it.
func (s Search) inText(text string) bool {
	if isNumber(s.ID) {
		return strings.TrimSpace(text) == s.ID
	}
	return Mentions(text, s.ID)
}

// Rule is [Search.Query] for one that has been read.
func (s Search) Rule(x ast.Expr) bool {
	found := false
	ast.Inspect(x, func(x ast.Expr) bool {
		switch x := x.(type) {
		case *ast.String:
			found = found || x.Value == s.ID
		case *ast.Binary:
			found = found || s.isField(x.L) && s.among(x.R) || s.isField(x.R) && s.among(x.L)
		}
		return !found
	})
	return found
}

// isField says whether an expression is the field of ids.
func (s Search) isField(x ast.Expr) bool {
	switch x.(type) {
	case *ast.Name, *ast.Member, *ast.Up:
	default:
		return false
	}
	path := strings.TrimPrefix(strings.TrimLeft(ast.Format(x), "^."), "$1.")
	if s.Field != "" {
		return path == s.Field
	}
	return slices.Contains(idNames, strings.Trim(path, "`"))
}

// among says whether an expression is the id, or a list that has it.
func (s Search) among(x ast.Expr) bool {
	if list, ok := x.(*ast.List); ok {
		return slices.ContainsFunc(list.Items, s.among)
	}
	if text, ok := x.(*ast.String); ok {
		return s.sameInstant(text.Value)
	}
	negative := false
	if minus, ok := x.(*ast.Unary); ok && minus.Op == "-" {
		negative, x = true, minus.X
	}
	number := ""
	switch x := x.(type) {
	case *ast.Int:
		number = strconv.FormatInt(x.Value, 10)
	case *ast.Float:
		number = identity.Written(x.Value)
	default:
		return false
	}
	if negative {
		number = "-" + number
	}
	return s.sameNumber(number)
}

// comparesParam says whether queries compare the field of ids with a value that is supplied when they run.
func (s Search) comparesParam(text string) bool {
	file, _ := lang.Parse(text)
	found := false
	for _, statement := range file.Statements {
		ast.Inspect(statement.X, func(x ast.Expr) bool {
			if b, ok := x.(*ast.Binary); ok {
				_, left := b.L.(*ast.Param)
				_, right := b.R.(*ast.Param)
				found = found || s.isField(b.L) && right || s.isField(b.R) && left
			}
			return !found
		})
	}
	return found
}

// Input says whether what was typed in a session names the id.
func (s Search) Input(text string) bool {
	if !isNumber(s.ID) {
		return Mentions(text, s.ID)
	}
	words := strings.Fields(text)
	if len(words) == 0 || !strings.HasPrefix(words[0], ".") {
		return s.Query(text)
	}
	if words[0] == ".why" && slices.Contains(words[1:], s.ID) {
		return true
	}
	// Where the query of a command begins is known to the command.
	for i := range words {
		if s.Query(strings.Join(words[i:], " ")) {
			return i > 0
		}
	}
	return false
}
