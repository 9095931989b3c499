package parse

import (
	"fmt"
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/spelling"
)

// syntax makes the diagnostic of a syntax error. All wording of this package
// is in this file, one function a message.
func syntax(code string, at ast.Span, message, hint string) ast.Diagnostic {
	return ast.Diagnostic{Code: code, Message: message, Hint: hint, At: at}
}

// replaced says what to write in the place that a diagnostic names.
func replaced(text string, d ast.Diagnostic) ast.Diagnostic {
	d.Instead = text
	return d
}

func unexpectedToken(at ast.Span, text, want string) ast.Diagnostic {
	return syntax("unexpected-token", at, "unexpected "+shown(text)+", expected "+want, "")
}

func unexpectedInside(at ast.Span, text, want, bracket string, line int) ast.Diagnostic {
	d := unexpectedToken(at, text, want)
	d.Hint = fmt.Sprintf("the %s of line %d is still open", bracket, line)
	return d
}

func emptyStatement(at ast.Span, name string) ast.Diagnostic {
	return syntax("empty-query", at, "there is no query before this name", "write a query for the name above; "+name+": begins another query")
}

func distanceOutside(at ast.Span, unit string) ast.Diagnostic {
	return syntax("distance", at, "a distance in time may only follow occurs", "write timestamp occurs < 3 "+unit+" before now")
}

func unexpectedEnd(at ast.Span, want string) ast.Diagnostic {
	return syntax("unexpected-end", at, "the query ends too early, expected "+want, "")
}

func emptyQuery() ast.Diagnostic {
	return syntax("empty-query", ast.Span{}, "there is no query", `write a condition, such as homeAddress.country = "US"`)
}

func unclosedBracket(at ast.Span, bracket string) ast.Diagnostic {
	closing := map[string]string{"(": ")", "[": "]", "{": "}"}[bracket]
	return syntax("unclosed-bracket", at, "this "+bracket+" is never closed", "add "+closing+" where it ends")
}

func strayBracket(at ast.Span, bracket string) ast.Diagnostic {
	return syntax("stray-bracket", at, "this "+bracket+" closes nothing", "remove it, or add the bracket that opens")
}

func unclosedString(at ast.Span, quote string) ast.Diagnostic {
	return syntax("unclosed-string", at, "this string has no closing "+quote,
		"a string ends on its line; write \\n for a line break and \\"+quote+" for a quote inside")
}

func brokenString(at ast.Span) ast.Diagnostic {
	return syntax("broken-string", at, "the string ends before this",
		"a quote is missing further left, or a quote inside the text needs a backslash: \\\"")
}

func unclosedName(at ast.Span) ast.Diagnostic {
	return syntax("unclosed-name", at, "this name has no closing backquote", "write `order-total`")
}

func unclosedComment(at ast.Span) ast.Diagnostic {
	return syntax("unclosed-comment", at, "this comment is never closed", "add */ where it ends")
}

func emptyName(at ast.Span) ast.Diagnostic {
	return syntax("empty-name", at, "there is no name between these backquotes", "")
}

func badNumber(at ast.Span, text string) ast.Diagnostic {
	if digits.MatchString(text) {
		return separators(at, strings.ReplaceAll(text, "_", ""))
	}
	return syntax("bad-number", at, text+" is neither a number nor a name",
		"put a space after a number; a name that begins with a digit needs backquotes: `"+text+"`")
}

func badCharacter(at ast.Span, text string) ast.Diagnostic {
	if body, open, ok := curlyQuoted(text); ok {
		straight := ast.Format(&ast.String{Value: body})
		return replaced(straight, syntax("bad-character", at, "curly quotes do not mark a string", "write straight quotes: "+straight))
	} else if open != "" {
		return syntax("bad-character", at, "curly quotes do not mark a string", `write straight quotes: "US"`)
	}
	switch text {
	case "~":
		return syntax("bad-character", at, "PQL has no ~", `write x matches "…" for a regular expression`)
	case "#":
		return syntax("bad-character", at, "PQL has no #", "a comment begins with //")
	case "?":
		return syntax("bad-character", at, "PQL has no ?", "write if (condition, a, b) to choose, @name for a parameter")
	}
	return syntax("bad-character", at, fmt.Sprintf("PQL does not use the character %q", text),
		"a name with such a character needs backquotes, a text needs quotes")
}

func notUTF8(at ast.Span) ast.Diagnostic {
	return syntax("not-utf8", at, "this string is not valid UTF-8", "save the text in UTF-8")
}

func numberTooLarge(at ast.Span) ast.Diagnostic {
	return syntax("number-too-large", at, "this number is too large",
		"whole numbers end at 9223372036854775807; larger ones need a point or an exponent, up to 1.8e308")
}

func digitField(at ast.Span, text string) ast.Diagnostic {
	return syntax("digit-name", at, "a name that begins with a digit needs backquotes", "write .`"+text+"`")
}

func placeholder(at ast.Span, text string) ast.Diagnostic {
	return syntax("placeholder", at, text+" is a placeholder, not a name",
		"put your own name in its place; for an organisation's field, one that begins with _")
}

func contextObject(at ast.Span) ast.Diagnostic {
	return syntax("context-object", at, "a context has one name in its braces",
		"write @{_xdm.context.additionalParameters;version=1}, with your own schema's name")
}

func nullLiteral(at ast.Span) ast.Diagnostic {
	return syntax("null-literal", at, "PQL has no null, and a comparison with nothing is never true", "write x.isNull() or x.isNotNull()")
}

func nullCompared(at ast.Span, op string, x ast.Expr) ast.Diagnostic {
	test := "isNull"
	if op == "!=" {
		test = "isNotNull"
	}
	d := nullLiteral(at)
	d.Instead = ast.Format(&ast.Call{Recv: x, Name: ast.Ident{Text: test}})
	d.Hint = "write " + d.Instead
	return d
}

func separators(at ast.Span, plain string) ast.Diagnostic {
	return replaced(plain, syntax("separators", at, "a number has no separators but the point before its fraction", "write "+plain))
}

func percentSign(at ast.Span, number string) ast.Diagnostic {
	return replaced(number, syntax("percent", at, "a number has no percent sign: % is the remainder of a division", "write "+number+", or a part of 1 where the data has that"))
}

func doubleEquals(at ast.Span) ast.Diagnostic {
	return replaced("=", syntax("double-equals", at, "PQL compares with one =", "write = in place of =="))
}

func symbolAnd(at ast.Span, text string) ast.Diagnostic {
	return replaced("and", syntax("symbol-and", at, "PQL joins conditions with a word, not with "+text, "write and in place of "+text))
}

func symbolOr(at ast.Span, text string) ast.Diagnostic {
	return replaced("or", syntax("symbol-or", at, "PQL joins conditions with a word, not with "+text, "write or in place of "+text))
}

func angleBrackets(at ast.Span) ast.Diagnostic {
	return replaced("!=", syntax("angle-brackets", at, "PQL has no <>", "write != in place of <>"))
}

func arrow(at ast.Span) ast.Diagnostic {
	return syntax("arrow", at, "=> may only follow the parameters of a function", "write >= to compare, (K, G) => … for a function")
}

func chained(at ast.Span) ast.Diagnostic {
	return syntax("chained-comparison", at, "comparisons do not chain", "join two with and: a < b and b < c")
}

func notAsOperand(at ast.Span) ast.Diagnostic {
	return syntax("not-operand", at, "not applies to a whole condition", "put it in parentheses: (not …), or write ! before a field")
}

func notInWords(at ast.Span) ast.Diagnostic {
	return syntax("not-in", at, "PQL writes this as one word", `write notIn: country notIn ["US", "CA"]`)
}

func parameterDistance(at ast.Span) ast.Diagnostic {
	return syntax("parameter-distance", at, "a parameter cannot say how far away a time is", "write the number, or compare with a time: timestamp >= @since")
}

func sqlIs(at ast.Span) ast.Diagnostic {
	return syntax("sql-is", at, "PQL has no is", "write x.isNull() or x.isNotNull(), or = to compare")
}

func sqlWhere(at ast.Span) ast.Diagnostic {
	return syntax("sql-where", at, "a query is a condition alone, without "+sqlWords, "leave this word out")
}

func sqlSelect(at ast.Span) ast.Diagnostic {
	return syntax("sql-select", at, "a query is a condition alone, without "+sqlWords, `write what stands behind WHERE: country = "US"; it is counted anyway`)
}

const sqlWords = "SELECT, FROM and WHERE"

func sqlBetween(at ast.Span) ast.Diagnostic {
	return syntax("between", at, "between may only follow occurs", "write x >= 1 and x <= 5, or for times: timestamp occurs between … and …")
}

func wordCase(at ast.Span, text, right string) ast.Diagnostic {
	return replaced(right, syntax("word-case", at, text+" is not a keyword", "write "+right))
}

func infixFunction(at ast.Span, name string) ast.Diagnostic {
	return syntax("infix-function", at, name+" is a function, not an operator", fmt.Sprintf(`write x.%s("…")`, name))
}

func parenthesisedList(at ast.Span, items ...ast.Expr) ast.Diagnostic {
	hint := `write ["a", "b"]`
	if len(items) <= 5 && plain(items) {
		hint = "write " + ast.Format(&ast.List{Items: items})
	}
	return syntax("parenthesised-list", at, "a list goes in square brackets", hint)
}

func unquotedSegment(at ast.Span) ast.Diagnostic {
	return syntax("unquoted-segment", at, "inSegment takes the segment's id or name in quotes", `write inSegment("…")`)
}

func oldSet(at ast.Span) ast.Diagnostic {
	return syntax("old-set", at, "the set syntax { X as … : … } of 2018 is not supported",
		"write select X from xEvent where …")
}

func oldQuantifier(at ast.Span, word string) ast.Diagnostic {
	right := map[string]string{"some": "exists", "all": "forall"}[word]
	return syntax("old-quantifier", at, "the quantifier "+word+" is not supported", "write "+right+" X from xEvent where …")
}

func colonForWhere(at ast.Span) ast.Diagnostic {
	return syntax("colon", at, "only exists and forall may have a colon for where", "write where in place of :")
}

func missingWhere(at ast.Span, form string) ast.Diagnostic {
	return syntax("missing-where", at, "where is missing before this condition", "write "+form+" X from A where X.b = 1")
}

func missingOver(at ast.Span, fn string) ast.Diagnostic {
	return syntax("missing-over", at, fn+" needs over after its expression",
		fmt.Sprintf("write %s X.price over X from orders, or orders.%s(price)", fn, fn))
}

func missingLabel(at ast.Span) ast.Diagnostic {
	return syntax("missing-label", at, "each step of a chain needs a label", "write A: WHAT(…)")
}

func clauseTwice(at ast.Span, clause string) ast.Diagnostic {
	return syntax("clause-twice", at, "this step has a "+clause+" already", "join the two conditions with and")
}

func within(at ast.Span) ast.Diagnostic {
	return syntax("within", at, "PQL has no within", "write occurs <= 3 days before now, and in a chain WHEN(<= 3 days before now)")
}

func windowOf(at ast.Span) ast.Diagnostic {
	return syntax("window-of", at, "occurs … of … is no longer PQL", "write before, after or from")
}

func missingComparison(at ast.Span, distance string) ast.Diagnostic {
	return syntax("missing-comparison", at, "a distance in time needs a comparison", "write occurs <= "+distance+" before now")
}

func lastSeveral(at ast.Span, which string) ast.Diagnostic {
	right := map[string]string{"last": "<= 3 days before now", "next": "<= 3 days after now"}[which]
	return syntax("last-several", at, which+" takes one unit, without a number", "write occurs "+right)
}

func pluralUnit(at ast.Span, which, unit string) ast.Diagnostic {
	return replaced(unit, syntax("plural-unit", at, which+" takes a single unit", "write "+which+" "+unit))
}

func xdmPrefix(at ast.Span) ast.Diagnostic {
	return syntax("xdm-prefix", at, "fields are written without the xdm: prefix", "leave xdm: out")
}

func badLabel(at ast.Span) ast.Diagnostic {
	return syntax("bad-label", at, "the name of a query is one word", "put a name with other characters in backquotes: `high-value`: …")
}

func twoQueries(at ast.Span, text string) ast.Diagnostic {
	hint := "join two conditions with and or or"
	switch strings.ToLower(text) {
	case "group", "order", "limit", "having":
		hint = "a query is a condition alone: what is made of its profiles is said by flags, or commands of a session"
	}
	d := syntax("two-queries", at, "unexpected "+shown(text)+", the query is complete before it", hint)
	if near := spelling.Nearest(text, []string{"and", "like", "matches", "notIn", "occurs"}); near != "" {
		d.Hint, d.Instead = "did you mean "+near+"?", near
	}
	return d
}

func tooDeep(at ast.Span) ast.Diagnostic {
	return syntax("too-deep", at, fmt.Sprintf("the query is nested deeper than %d levels", maxNesting), "split it into several queries and join them with inSegment")
}

func tooLong(at ast.Span) ast.Diagnostic {
	return syntax("too-long", at, fmt.Sprintf("the query is longer than %d KiB", maxText>>10), "split it into several queries and join them with inSegment")
}

func tooManyItems(at ast.Span) ast.Diagnostic {
	return syntax("too-many-items", at, fmt.Sprintf("the list has more than %d items", maxItems), "put the values into the data, and compare two fields")
}

// shown returns a token's text for a message, in quotes and cut to a readable
// length.
func shown(text string) string {
	if r := []rune(text); len(r) > 30 {
		text = strings.TrimSpace(string(r[:29])) + "…"
	}
	if text != "" && (text[0] == '"' || text[0] == '\'' || text[0] == '`') {
		return text
	}
	return `"` + text + `"`
}
