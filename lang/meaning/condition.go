package meaning

import (
	"strings"

	"github.com/segq/segq/lang/ast"
)

// comparisons are what the operators say between two values.
var comparisons = map[string]string{
	"=": "is", "!=": "has another value than", "<": "is less than", "<=": "is at most", ">": "is more than", ">=": "is at least",
	"like": "is like", "matches": "matches",
}

// amounts are what they say of a number of elements.
var amounts = map[string]string{
	"=": "exactly", "<": "fewer than", "<=": "at most", ">": "more than", ">=": "at least",
}

// condition says on one line when a condition holds.
func condition(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.Bool:
		return map[bool]string{true: "true", false: "false"}[x.Value]
	case *ast.Binary:
		return compared(x)
	case *ast.Unary:
		if x.Op == "not" {
			return opposite(x)
		}
	case *ast.Occurs:
		return value(x.X) + " is " + windowWords(&x.Window)
	case *ast.Call:
		return called(x)
	case *ast.Quantified:
		return exists(x, map[bool]string{false: "for some ", true: "for every "}[x.ForAll])
	case *ast.Chain:
		head, parts := chained(x)
		return head + " " + inOrder(parts)
	case *ast.Name, *ast.Member, *ast.Up, *ast.This, *ast.Param:
		return value(x) + " is true"
	}
	return ast.Format(x)
}

// inOrder says conditions one after the other.
func inOrder(parts []part) string {
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = p.label + condition(p.x)
	}
	return strings.Join(texts, "; ")
}

// compared says what an operator does.
func compared(x *ast.Binary) string {
	switch x.Op {
	case "and", "or":
		all := joined(x, x.Op)
		texts := make([]string, len(all))
		for i, one := range all {
			texts[i] = condition(one)
			if b, ok := one.(*ast.Binary); ok && (b.Op == "and" || b.Op == "or") {
				texts[i] = "(" + texts[i] + ")"
			}
		}
		return strings.Join(texts, " "+x.Op+" ")
	case "in":
		return among(x, "is one of ", "is in ", "or")
	case "notIn":
		return among(x, "has a value that is none of ", "has a value that is not in ", "or")
	}
	if many, of, ok := counted(x); ok {
		if of.Cond == nil {
			return "there are " + many + " of " + value(of.X)
		}
		return "for " + many + " of " + value(of.X) + ", " + condition(of.Cond)
	}
	if said, ok := comparisons[x.Op]; ok {
		return value(x.L) + " " + said + " " + value(x.R)
	}
	return ast.Format(x)
}

// among says that a value is one of several.
func among(x *ast.Binary, of, in, last string) string {
	if l, ok := x.R.(*ast.List); ok {
		return value(x.L) + " " + of + listed(values(l.Items), last)
	}
	return value(x.L) + " " + in + value(x.R)
}

// counted takes a comparison of the number of elements with a figure apart: which are counted, and how many.
func counted(x *ast.Binary) (many string, of ast.Filter, ok bool) {
	n, isInt := x.R.(*ast.Int)
	call, isCall := x.L.(*ast.Call)
	amount, known := amounts[x.Op]
	if !isInt || !isCall || !known || call.Recv == nil || call.Name.Text != "count" || len(call.Args) > 0 {
		return "", of, false
	}
	of.X = call.Recv
	if f, ok := call.Recv.(*ast.Filter); ok {
		of = *f
	} else if f, ok := call.Recv.(*ast.Call); ok && f.Name.Text == "filter" && f.Recv != nil && len(f.Args) == 1 {
		of = ast.Filter{X: f.Recv, Cond: f.Args[0]}
	}
	return amount + " " + value(n), of, true
}

// opposite says when a condition does not hold.
func opposite(u *ast.Unary) string {
	switch x := u.X.(type) {
	case *ast.Call:
		switch x.Name.Text {
		case "isNull":
			return value(subject(x)) + " has a value"
		case "isNotNull":
			return value(subject(x)) + " has no value"
		case "inSegment":
			if said, ok := segment(x, "is not in"); ok {
				return said
			}
		}
		if cond := existsWhere(x); cond != nil {
			return "for none of " + value(x.Recv) + ", " + condition(cond)
		}
	case *ast.Quantified:
		if !x.ForAll {
			return exists(x, "for no ")
		}
	case *ast.Binary:
		switch x.Op {
		case "and", "or":
			head, parts := negated(u)
			return head + " " + inOrder(parts)
		case "=":
			return value(x.L) + " is not " + value(x.R) + ", or has no value"
		}
	case *ast.Name, *ast.Member, *ast.Up:
		return value(x) + " is false, or has no value"
	}
	return "it is not so that " + condition(u.X)
}

// exists says what holds for variables.
func exists(x *ast.Quantified, lead string) string {
	var names, wheres []string
	for _, d := range x.Decls {
		names = append(names, d.Name.Text+" of "+value(d.From))
		if d.Where != nil {
			wheres = append(wheres, condition(d.Where))
		}
	}
	if len(wheres) == 0 {
		return "there is " + strings.TrimPrefix(strings.TrimPrefix(lead, "for "), "some ") + listed(names, "and")
	}
	return lead + listed(names, "and") + ", " + strings.Join(wheres, " and ")
}

// existsWhere returns the condition of list.exists(condition), nil for another call.
func existsWhere(x *ast.Call) ast.Expr {
	if x.Name.Text != "exists" || x.Recv == nil || len(x.Args) != 1 {
		return nil
	}
	return x.Args[0]
}
