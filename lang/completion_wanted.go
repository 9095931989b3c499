package lang

import (
	"slices"
	"strings"

	"github.com/segq/segq/lang/check"
)

// want is the type that an operand should have.
type want uint8

const (
	wantAny want = iota
	wantNumber
	wantText
	wantTime
	wantBool
	wantList
	wantObjects // a list of them
)

// fits says whether a type is what is wanted.
func (w want) fits(t *check.Type) bool {
	switch w {
	case wantNumber:
		return t.Kind == check.Int || t.Kind == check.Float
	case wantText:
		return t.Kind == check.String
	case wantTime:
		return t.Kind == check.Timestamp || t.Kind == check.Interval
	case wantBool:
		return t.Kind == check.Bool
	case wantList:
		return t.Kind == check.List
	case wantObjects:
		return t.Kind == check.List && (t.Elem.Kind == check.Object || t.Elem.Kind == check.List)
	}
	return true
}

// given says whether a function gives what is wanted.
func (w want) given(f *check.Function) bool {
	result := resultOf(f)
	if w == wantList || w == wantObjects {
		return strings.HasPrefix(result, "list")
	}
	t := resultTypes[result]
	return w == wantAny || t != nil && w.fits(t)
}

// alike returns what can be compared with a value of type t.
func alike(t *check.Type) want {
	for t != nil && t.Kind == check.List {
		t = t.Elem
	}
	if t != nil {
		for w := wantNumber; w <= wantBool; w++ {
			if w.fits(t) {
				return w
			}
		}
	}
	return wantAny
}

// wanted says what an operand should be where the cursor is.
type wanted struct {
	want want
	// of is the field whose values, or the map whose keys, can stand here.
	of   place
	keys bool
	// compared says that what stands here is compared, so that nothing of another type can be meant, and beside
	// is the path of the field with which.
	compared bool
	beside   []string
	// condition says that a condition can stand here, with its keywords.
	condition bool
	// window says that it is in a window of time, whose words are offered already.
	window bool
	// paths says that only a path can stand here.
	paths bool
	// nothing says that a name that nobody knows yet stands here, or a number.
	nothing bool
}

// wants says what an operand should be that begins at token end.
func (c *completer) wants(end int) wanted {
	last := c.word(end - 1)
	switch last {
	case "=", "!=", "<", "<=", ">", ">=":
		if last == "=" && strings.EqualFold(c.word(end-3), "let") {
			return wanted{condition: true}
		}
		left := c.valueBefore(end - 1)
		if last == "=" || last == "!=" {
			return compared(alike(left.t), left)
		}
		return wanted{want: alike(left.t), compared: true, beside: left.path}
	case "like", "matches":
		return compared(wantText, c.ending(end-1))
	case "+", "-", "*", "/", "%":
		return wanted{want: wantNumber, compared: true}
	case "in", "IN", "notIn":
		if last == "notIn" || !c.letIn(end-1) {
			return wanted{want: wantList}
		}
	case "from", "FROM":
		return wanted{want: wantObjects, paths: true}
	case "over", "let", "LET", "select", "SELECT", "exists", "EXISTS", "forall", "FORALL":
		return wanted{nothing: true}
	}
	if last == "," && c.declaring(end-1) && c.onlyDeclares(end) {
		return wanted{nothing: true}
	}
	if open := c.opens[end]; open >= 0 && (last == "," || end-1 == open) {
		return c.wantsInside(open, end)
	}
	return wanted{condition: true}
}

// compared says that something of a type is wanted, to compare it with what the field of a place has.
func compared(want want, of place) wanted {
	return wanted{want: want, of: of, compared: true, beside: of.path}
}

// wantsInside says what the part of a bracket should be that begins at token end.
func (c *completer) wantsInside(open, end int) wanted {
	before := c.word(open - 1)
	switch {
	case c.words[open] == "{":
		return wanted{nothing: true}
	case c.words[open] == "[" && (before == "in" || before == "IN" || before == "notIn"):
		of := c.valueBefore(open - 1)
		return compared(alike(of.t), of)
	case c.words[open] == "[" && before == "," && c.chainAt(open) >= 0:
		return wanted{nothing: true} // the label of a step
	case c.words[open] == "[" && c.word(open-1) == "(" && c.word(open-3) == "." && c.sets(open-2):
		of := c.ending(open - 3)
		return compared(alike(of.t), of)
	case c.words[open] == "[" || open < 1:
		return wanted{condition: true}
	case strings.EqualFold(before, "chain"):
		return c.wantsOfChain(open, end)
	case strings.EqualFold(before, "count") && c.word(open-2) != ".":
		return wanted{nothing: true}
	}
	return c.wantsAsArgument(open, end)
}

// chainAt returns the bracket of the chain whose steps the bracket at open holds, -1 for none.
func (c *completer) chainAt(open int) int {
	if outer := c.opens[open]; outer > 0 && strings.EqualFold(c.word(outer-1), "chain") {
		return outer
	}
	return -1
}

// sets says whether token i is the name of a function between two lists.
func (c *completer) sets(i int) bool {
	return slices.Contains([]string{"intersects", "intersection", "subsetOf", "supersetOf"}, c.word(i))
}

// commas counts the commas of the bracket at open before token end.
func (c *completer) commas(open, end int) (n int) {
	for i := open + 1; i < end; i++ {
		if c.words[i] == "," && c.opens[i] == open {
			n++
		}
	}
	return n
}

func (c *completer) wantsOfChain(open, end int) wanted {
	switch c.commas(open, end) {
	case 0:
		return wanted{want: wantObjects, paths: true}
	case 1:
		return wanted{want: wantTime, compared: true, paths: true}
	}
	return wanted{nothing: true}
}

// wantsAsArgument says what the argument of a function should be that begins at token end.
func (c *completer) wantsAsArgument(open, end int) wanted {
	name, n := c.word(open-1), c.commas(open, end)
	var receiver place
	if c.word(open-2) == "." {
		receiver = c.ending(open - 2)
	}
	switch name {
	case "equals", "notEqualTo":
		return compared(wantText, receiver)
	case "startsWith", "doesNotStartWith", "endsWith", "doesNotEndWith", "contains", "doesNotContain":
		if n > 0 {
			return wanted{want: wantBool}
		}
		return compared(wantText, receiver)
	case "matches", "regexGroup":
		return wanted{want: wantText, nothing: n > 0}
	case "includes":
		return compared(alike(receiver.t), receiver)
	case "intersects", "intersection", "subsetOf", "supersetOf":
		return wanted{want: wantList}
	case "get":
		return wanted{want: wantText, of: receiver, keys: true}
	case "sum", "average", "min", "max":
		return wanted{want: wantNumber, paths: true}
	case "topN", "bottomN":
		return wanted{want: wantNumber, paths: true, nothing: n > 0}
	case "inSegment", "percentile", "count", "head", "distinct", "keys", "values", "median":
		return wanted{nothing: true}
	case "isNull", "isNotNull", "getYear", "getMonth", "getDayOfMonth", "currentYear", "currentMonth", "currentDayOfMonth":
		return wanted{nothing: true}
	case "date":
		return wanted{want: wantNumber}
	}
	return wanted{condition: true}
}
