package check

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/spelling"
)

// All words that the checker says are in this file and in those beside it whose names begin like its own, one function a message.

func (c *checker) report(code string, at ast.Span, hint, format string, args ...any) {
	c.ds = append(c.ds, ast.Diagnostic{Code: code, Message: fmt.Sprintf(format, args...), Hint: hint, At: at})
}

func (c *checker) warn(code string, at ast.Span, hint, format string, args ...any) {
	c.ds = append(c.ds, ast.Diagnostic{
		Severity: ast.Warning, Code: code, Message: fmt.Sprintf(format, args...), Hint: hint, At: at,
	})
}

// instead says what to write in the place of what was reported last, or warned of; "" is nothing.
func (c *checker) instead(text string) { c.ds[len(c.ds)-1].Instead = text }

func (c *checker) unknownName(id ast.Ident, item *scope) {
	if item == nil {
		item = &scope{t: c.cat.Profile()}
	}
	if outer := c.outer(id); outer != "" {
		c.report("unknown-field", id.At, "an outer scope has it: write "+outer, "there is no %s in the item here", id.Text)
		c.instead(outer)
		return
	}
	hint, instead := c.fieldHint(id.Text, item.t)
	c.report("unknown-field", id.At, hint, "there is no field %s", id.Text)
	c.instead(instead)
}

// outer returns how a field is written that an outer scope has, "" where none has it.
func (c *checker) outer(id ast.Ident) string {
	carets := 0
	for s := c.scope; s != nil; s = s.outer {
		if !s.item {
			continue
		}
		if s.t.Kind == Object && carets > 0 && (s.t.Field(id.Text) != nil || s.slot == 0 && id.Text == "xEvent") {
			return strings.Repeat("^", carets) + "." + id.Text
		}
		carets++
	}
	return ""
}

func (c *checker) unknownField(id ast.Ident, t *Type) {
	hint, instead := c.fieldHint(id.Text, t)
	c.report("unknown-field", id.At, hint, "there is no field %s", id.Text)
	if t.Field(strings.Trim(instead, "`")) != nil { // behind the dot
		c.instead(instead)
	}
}

func (c *checker) noFields(id ast.Ident, t *Type) {
	hint, instead := "only objects, maps, and lists of these have fields", ""
	if part := timeParts[strings.ToLower(id.Text)]; part != "" && t.Kind == Timestamp {
		instead = part + "()"
		hint = "write ." + instead
	}
	c.report("no-fields", id.At, hint, "%s has no field %s", article(t), id.Text)
	c.instead(instead)
}

func (c *checker) tooManyCarets(at ast.Span, have int) {
	c.report("too-many-carets", at, "each ^ climbs out of one [ ], and the outermost is the profile",
		"there are only %d scopes around this place", max(have, 0))
}

func (c *checker) oneProfile(at ast.Span) {
	c.report("one-profile", at, "use $1, or one name: (P) => P.person", "a query has one parameter, the profile")
}

func (c *checker) strayLambda(at ast.Span) {
	c.report("stray-lambda", at, "a lambda is the argument of map, or the whole query", "a lambda has no meaning here")
}

func (c *checker) unknownParam(x *ast.Param) {
	name, hint := "@"+x.Name.Text, "give it with --param "+x.Name.Text+"=VALUE"
	if x.Context {
		schema, _, _ := strings.Cut(x.Name.Text, ";")
		name = "@{" + x.Name.Text + "}"
		hint = fmt.Sprintf("give it as JSON: --param '%s={\"field\": \"value\"}', or in a file: --params FILE", strings.TrimSpace(schema))
	}
	if c.opt.Unbound {
		c.warn("unknown-parameter", x.At, hint, "there is no value for %s yet: it counts as null", name)
		return
	}
	c.report("unknown-parameter", x.At, hint, "there is no value for %s", name)
}

func (c *checker) paramKind(x *ast.Param, v any) {
	name := "@" + x.Name.Text
	if x.Context {
		name = "@{" + x.Name.Text + "}"
	}
	c.report("parameter-kind", x.At, "a parameter is a bool, a number, a string, a list of values of one of these types, or an object of them",
		"the value of %s is or holds %s", name, unfit(v))
}

// unfit names the part of a parameter's value whose kind is not allowed.
func unfit(v any) string {
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			switch v[name].(type) {
			case map[string]any, []any:
				if at := unfit(v[name]); at != "" {
					return at + " (in " + name + ")"
				}
			}
		}
		return ""
	case []any:
		for _, one := range v {
			switch one := one.(type) {
			case map[string]any:
				return "a list of objects"
			case []any:
				if below := unfit(one); below != "" {
					return below
				}
			case nil:
				return "a list with a null"
			}
		}
		if paramList(v, ast.Span{}) == nil {
			return "a list of values of several types"
		}
		return ""
	}
	return fmt.Sprintf("a %T", v)
}

func (c *checker) unknownFunction(x *ast.Call) {
	hint := "the manual lists the functions"
	near := spelling.Nearest(x.Name.Text, functionNames())
	if near != "" {
		hint = "did you mean " + near + "?"
	} else if instead := foreignFunctions[strings.ToLower(x.Name.Text)]; instead != "" {
		hint = "write " + instead
	}
	c.report("unknown-function", x.Name.At, hint, "there is no function %s", x.Name.Text)
	c.instead(near)
}

func (c *checker) arguments(x *ast.Call, f *Function) {
	c.report("arguments", x.Name.At, "its form is "+f.Signature, "%s does not take these arguments", f.Name)
}

func (c *checker) noReceiver(x *ast.Call, f *Function) {
	c.report("arguments", x.Name.At, "its form is "+f.Signature, "%s cannot follow a dot", f.Name)
}

func (c *checker) wrongOperand(n Node, what, want string) {
	hint := ""
	if n.Type().Kind == Object && wantsMap[what] {
		hint = c.asMap(n)
	}
	c.report("wrong-type", n.Span(), c.loaded(hint, n), "%s needs %s, but this is %s", what, want, article(n.Type()))
}

func (c *checker) fieldInBrackets(object Node, field *ast.Member) {
	c.report("wrong-type", object.Span(), "write "+written(field, field.Name.Text), "[ ] needs a list, but this is %s", article(object.Type()))
}

// textWithoutQuotes adds to what was said of a name, which was compared with a text, that it
// may be meant as one.
func (c *checker) textWithoutQuotes(name string) {
	d, quotes := &c.ds[len(c.ds)-1], fmt.Sprintf("write %q for a text", name)
	if strings.HasPrefix(d.Hint, "did you mean") {
		quotes = d.Hint + " Or " + quotes
	} else {
		d.Instead = strconv.Quote(name)
	}
	d.Hint = quotes
}

// wantsMap are the functions that an object would have as a map.
var wantsMap = map[string]bool{"keys": true, "values": true, "count": true, "map": true, "[ ]": true, "exists": true}

// article returns a type with its article.
func article(t *Type) string {
	s := t.String()
	if strings.IndexByte("aeiou", s[0]) >= 0 {
		return "an " + s
	}
	return "a " + s
}

func (c *checker) mixedList(at ast.Span, a, b *Type) {
	c.report("mixed-list", at, "the elements of a list have one type", "%s among elements of type %s", article(b), a)
}

func (c *checker) duplicateKey(key ast.Ident) {
	c.report("duplicate-key", key.At, "", "the key %s appears twice", key.Text)
}

func (c *checker) incomparable(x *ast.Binary, l, r Node) {
	if l.Type().Kind == r.Type().Kind && l.Type().Kind == Object {
		c.report("incomparable", x.Span(), "compare the fields that they share", "these objects have different fields")
		return
	}
	hint := c.namedByText(x)
	if hint == "" {
		hint = c.loaded(comparisonHint(l, r), l, r)
	}
	c.report("incomparable", x.Span(), hint, "%s cannot be compared with %s", article(l.Type()), article(r.Type()))
}

func comparisonHint(left, right Node) string {
	l, r := left.Type(), right.Type()
	switch {
	case l.Kind == Timestamp:
		return timeHint(right)
	case l.Kind == Bool && r.Kind == String:
		return "write true or false"
	case l.numeric() && r.Kind == String:
		return "write the number without quotes"
	case l.Kind == Object:
		return "compare one of its fields"
	}
	return ""
}

func (c *checker) unordered(x *ast.Binary, l, r Node) {
	n := l
	if l.Type().ordered() {
		n = r
	}
	hint := c.namedByText(x)
	if hint == "" {
		hint = c.loaded(orderHint(l, r), l, r)
	}
	c.report("unordered", x.OpAt, hint, "%s needs numbers, but this is %s", x.Op, article(n.Type()))
}

// comparedAsText warns where a field whose values were of several types is compared with a
// number, which is done by their texts.
func (c *checker) comparedAsText(l, r Node, at ast.Span) {
	if k, ok := r.(*Const); ok && k.V != nil && l.Type().Kind == String && k.T.Kind != String {
		if hint := c.loaded("", l); hint != "" {
			c.warn("compared-as-text", at, hint, "this compares texts: 1 is not 1.0 here")
		}
	}
}

func (c *checker) textCondition(at ast.Span, field string, m Mixture) {
	c.warn("text-condition", at, fmt.Sprintf("write %s != %q, or read it with --type %s=boolean", field, m.False, m.Path),
		"%s is text, because booleans were mixed with texts: as a condition every text is true, %q as well", field, m.False)
}

func (c *checker) overflow(x *ast.Binary, t *Type) {
	c.warn("overflow", x.Span(), "the value is null, and what compares with it is false", "this number is too large for %s", article(t))
}

func (c *checker) neverEqual(at ast.Span) {
	c.warn("always-false", at, "", "no integer equals this number: the comparison is always false")
}

func (c *checker) emptyList(at ast.Span) {
	c.warn("always-false", at, "", "nothing is in an empty list: the test is always false")
}

// written returns an expression as the author may write it in a hint, shortened to a word
// where it is long.
func written(x ast.Expr, word string) string {
	if text := ast.Format(x); len(text) <= 40 {
		return text
	}
	return word
}

// always says what a constant means as a condition.
func always(value bool) string {
	if value {
		return "always true"
	}
	return "always false"
}

func (c *checker) notCompared(at ast.Span, x ast.Expr, value bool) {
	c.warn("constant-condition", at, "a condition compares: field = "+written(x, "value"),
		"%s is a condition here, and %s", written(x, "this"), always(value))
}

func (c *checker) halfCompared(at ast.Span, first *ast.Binary, x ast.Expr, op string) {
	left, value := written(first.L, "field"), written(x, "value")
	hint := fmt.Sprintf("write %s %s %s", left, first.Op, value)
	if first.Op == "=" && op == "or" {
		hint = fmt.Sprintf("write %s in [%s, %s]", left, written(first.R, "value"), value)
	}
	c.warn("constant-condition", at, hint, "%s is a condition here, and always true", value)
}

func (c *checker) notAnIndex(n Node, cond, x ast.Expr, t *Type, value bool) {
	list := written(x, "list")
	hint := fmt.Sprintf("write %s.head() for the first element, %s.topN(key, n) for the first n in an order", list, list)
	if k, ok := n.(*Const).V.(string); ok {
		hint = fmt.Sprintf("compare a field of the elements: %s[field = %q]", list, k)
		if t.Kind == List && t.Elem.scalar() {
			hint = fmt.Sprintf("write %s.includes(%q)", list, k)
		}
		if t.Kind == Map {
			hint = fmt.Sprintf("write %s.get(%q)", list, k)
		}
	} else if t.Kind == Map {
		hint = fmt.Sprintf("write %s.get(key) for the value of a key", list)
	}
	c.warn("no-index", n.Span(), hint, "%s is a condition here, and %s: there is no index and no key in brackets", written(cond, "this"), always(value))
}

func (c *checker) unquotedDate(x *ast.Binary, hint string) {
	what := map[string]string{"-": "a subtraction", "/": "a division"}[x.Op]
	c.warn("unquoted-date", x.Span(), hint, "a date without quotes is %s", what)
}

func (c *checker) notElement(v, list Node, at ast.Span) {
	c.report("incomparable", at, "", "%s cannot be an element of a %s", article(v.Type()), list.Type())
}

func (c *checker) unlikeLists(x *ast.Call, a, b Node) {
	c.report("incomparable", x.At, "", "%s of a %s and a %s: their elements cannot be equal", x.Name.Text, a.Type(), b.Type())
}

func (c *checker) unlikeBranches(x *ast.Call, a, b Node) {
	c.report("unlike-branches", x.At, "both values of an if have one type", "this if returns %s or %s", article(a.Type()), article(b.Type()))
}

func (c *checker) negativeN(at ast.Span, what string) {
	c.report("negative", at, "", "the n of %s must be 0 or more", what)
}

func (c *checker) lambdaParams(l *ast.Lambda, t *Type) {
	hint := "write (X) => ..."
	if t.Kind == Map {
		hint = "write (K, V) => mapEntry(K, ...)"
	}
	c.report("lambda-parameters", l.At, hint, "map over a %s takes no lambda of %d parameters", t.Kind, len(l.Params))
}

func (c *checker) entryKey(at ast.Span) {
	c.report("entry-key", at, "write mapEntry(K, ...) with the key of the lambda", "the key of an entry cannot change")
}

func (c *checker) strayEntry(at ast.Span) {
	c.report("stray-entry", at, "write map.map((K, V) => mapEntry(K, ...))", "mapEntry is only the body of a map's map")
}

func (c *checker) noSuchDay(at ast.Span, parts []int64) {
	c.report("no-such-day", at, "the arguments are year, month, day", "there is no day %d-%d-%d", parts[0], parts[1], parts[2])
}
