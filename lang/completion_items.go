package lang

import (
	"slices"
	"strconv"
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/parse"
)

// completer gathers what fits after the tokens of its reader.
type completer struct {
	*reader
	values ValueSource
	typed  string
	items  []Item
}

func (c *completer) add(kind ItemKind, words ...string) {
	for _, w := range words {
		c.items = append(c.items, Item{Text: w, Kind: kind})
	}
}

var comparisons = []string{"=", "!=", "<", "<=", ">", ">="}

// collect decides by the last tokens what is wanted.
func (c *completer) collect() {
	end := len(c.words)
	last := c.word(end - 1)
	quoted := c.typed != "" && (c.typed[0] == '"' || c.typed[0] == '\'')
	switch {
	case strings.HasPrefix(c.typed, "/"):
	case last == "(" && c.word(end-2) == "inSegment":
		for _, id := range c.cat.Segments() {
			c.add(SegmentItem, strconv.Quote(id))
		}
	case quoted:
		c.valuesOf(c.compared(end))
	case last == ".":
		c.members(end)
	case c.time(end, last):
	case c.operand(end):
		c.operators(c.ending(end))
	case last == "^":
		c.add(OperatorItem, ".")
	case last != "@" && last != "$":
		c.valuesOf(c.compared(end))
		c.operands(end)
	}
}

// compared returns what the value before token end is compared with.
func (c *completer) compared(end int) place {
	open := c.opens[end]
	switch last := c.word(end - 1); {
	case last == "=" || last == "!=":
		return c.ending(end - 1)
	case open < 0 || last != "," && end-1 != open:
	case c.words[open] == "[" && (c.word(open-1) == "in" || c.word(open-1) == "notIn"):
		return c.ending(open - 1)
	case c.words[open] == "(" && c.word(open-2) == ".":
		if slices.Contains([]string{"equals", "notEqualTo", "includes"}, c.word(open-1)) {
			return c.ending(open - 2)
		}
	}
	return place{}
}

// valuesOf adds the values that a string field has, the most frequent first.
func (c *completer) valuesOf(p place) {
	if c.values == nil || p.path == nil || p.t == nil {
		return
	}
	switch leaf := p.elem().t; {
	case leaf.Kind == check.Bool:
		c.add(ValueItem, "true", "false")
	case leaf.Kind == check.String:
		best, _ := c.values.Values(p.path, strings.TrimLeft(c.typed, `"'`), maxValues)
		for _, v := range best {
			text := ast.Format(&ast.String{Value: v.Text})
			c.items = append(c.items, Item{Text: text, Kind: ValueItem, Type: "string", Count: v.Count})
		}
	}
}

// members adds what may follow a dot: fields, and functions by receiver.
func (c *completer) members(end int) {
	p := c.ending(end - 1)
	if n := c.carets(end - 1); n > 0 {
		c.fields(c.item(end, n))
		return
	}
	inner := p
	for inner.t != nil && inner.t.Kind == check.List {
		inner.t = inner.t.Elem
	}
	c.fields(inner)
	if p.t == nil {
		return
	}
	for _, f := range check.Functions() {
		if recv, _, ok := strings.Cut(f.Signature, "."+f.Name); ok && receives(recv, p.t.Kind) {
			c.items = append(c.items, Item{Text: f.Name + "(", Kind: FunctionItem, Type: f.Signature, Doc: f.Doc})
		}
	}
}

// receives says whether a function with this word for its receiver in its
// signature takes a value of kind k.
func receives(word string, k check.Kind) bool {
	switch word {
	case "list":
		return k == check.List
	case "map":
		return k == check.Map
	case "string":
		return k == check.String
	case "timestamp":
		return k == check.Timestamp
	}
	return word == "value"
}

// fields adds the fields of an object.
func (c *completer) fields(p place) {
	if p.t == nil || p.t.Kind != check.Object {
		return
	}
	for _, f := range p.t.Fields {
		text := ast.Format(&ast.Name{Ident: ast.Ident{Text: f.Name}})
		c.items = append(c.items, Item{Text: text, Kind: FieldItem, Type: f.Type.String()})
	}
}

// operands adds what an expression may begin with.
func (c *completer) operands(end int) {
	for k := 0; k+1 < end; k++ {
		if w := c.words[k+1]; k+2 < end && (w == "from" || w == "FROM") && c.name(k) != "" && c.visible(k, end) {
			c.add(VariableItem, c.words[k])
		}
		if w := c.words[k]; k+2 < end && (w == "let" || w == "LET") && c.visible(k, end) {
			c.add(VariableItem, c.words[k+1])
		}
	}
	c.fields(c.item(end, 0))
	for _, f := range check.Functions() {
		if strings.HasPrefix(f.Signature, f.Name+"(") {
			c.items = append(c.items, Item{Text: f.Name + "(", Kind: FunctionItem, Type: f.Signature, Doc: f.Doc})
		}
	}
	c.add(KeywordItem, "not", "exists", "forall", "select", "let", "chain(", "true", "false")
}

// operators adds what may follow an operand.
func (c *completer) operators(p place) {
	leaf := p.elem().t
	if leaf == nil {
		leaf = check.AnyType
	}
	switch leaf.Kind {
	case check.String:
		c.add(OperatorItem, "=", "!=", "in", "notIn", "like", "matches")
	case check.Int, check.Float:
		c.add(OperatorItem, comparisons...)
		c.add(OperatorItem, "in", "notIn", "+", "-", "*", "/", "%")
	case check.Timestamp:
		c.add(OperatorItem, "occurs")
		c.add(OperatorItem, comparisons...)
	case check.Bool:
		c.add(OperatorItem, "=", "!=")
	}
	c.add(KeywordItem, "and", "or")
}

// time adds the words of a window, and says whether the cursor is in one.
func (c *completer) time(end int, last string) bool {
	which := []string{"this", "last", "next"}
	days := []string{"now", "today", "yesterday", "tomorrow", "this", "last", "next"}
	_, unit := ast.UnitNamed(last)
	switch {
	case last == "occurs", last == "(" && strings.EqualFold(c.word(end-2), "when"):
		c.add(TimeItem, days...)
		c.add(TimeItem, "<=", "<", ">", ">=", "=", "!=", "before", "after", "from", "between", "on")
	case slices.Contains(comparisons, last) && c.word(end-2) == "occurs": // a number
	case slices.Contains([]string{"before", "after", "on", "between"}, last) && !c.behindDot(end-1):
		c.add(TimeItem, days...)
		c.add(FunctionItem, "date(")
	case slices.Contains(which, last) && c.inWindow(end-1):
		c.units("")
	case unit && c.distance(end-1):
		c.add(TimeItem, "before", "after", "from")
	case c.distance(end):
		c.units("s")
	default:
		return false
	}
	return true
}

func (c *completer) behindDot(i int) bool { return c.word(i-1) == "." }

// inWindow says whether token i stands where a window names its time.
func (c *completer) inWindow(i int) bool {
	return slices.Contains([]string{"occurs", "before", "after", "from", "on", "between"}, c.word(i-1))
}

// distance says whether "occurs < 3" stands before token i.
func (c *completer) distance(i int) bool {
	if i < 3 || c.kinds[i-1] != parse.Int || !slices.Contains(comparisons, c.words[i-2]) {
		return false
	}
	return c.words[i-3] == "occurs" || c.words[i-3] == "(" && strings.EqualFold(c.word(i-4), "when")
}

func (c *completer) units(ending string) {
	for u := ast.Millisecond; u <= ast.Year; u++ {
		c.add(UnitItem, u.String()+ending)
	}
}
