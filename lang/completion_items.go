package lang

import (
	"slices"
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/parse"
)

// completer gathers what fits after the tokens of its reader.
type completer struct {
	*reader
	values ValueSource
	typed  string // what was typed of the word at the cursor
	bare   string // ... without its quotes

	against  []string // the field that is compared here
	compared bool     // a value is wanted to compare with, of the type wanted
	wanted   want

	choices []choice
	more    int // values that are left out
}

// add offers words of the language.
func (c *completer) add(kind ItemKind, weight int8, words ...string) {
	for _, w := range words {
		c.offer(Item{Text: w, Kind: kind, Doc: wordDocs[w]}, w, weight)
	}
}

var comparisons = []string{"=", "!=", "<", "<=", ">", ">="}

// collect decides by the last tokens what is wanted.
func (c *completer) collect() {
	end := len(c.words)
	last := c.word(end - 1)
	quoted := c.typed != "" && (c.typed[0] == '"' || c.typed[0] == '\'')
	switch {
	case strings.HasPrefix(c.typed, "/"), last == "@", last == "$", end > 0 && c.kinds[end-1] == parse.Bad:
	case last == "^":
		c.add(OperatorItem, weightFitting, ".")
	case quoted:
		if !c.operand(end) {
			c.literals(c.wants(end), end)
		}
	case last == ".":
		c.members(end)
	case c.time(end, last), c.step(end, last):
	case c.operand(end):
		c.operators(end)
		if c.newLine {
			c.operands(end, wanted{condition: true})
		}
	default:
		c.operands(end, c.wants(end))
	}
}

// literals offers values, keys and segments.
func (c *completer) literals(w wanted, end int) {
	open := c.opens[end]
	switch {
	case open >= 0 && c.word(open-1) == "inSegment" && c.word(open-2) != ".":
		for _, id := range c.cat.Segments() {
			c.literal(SegmentItem, Value{Text: id}, "segment")
		}
	case w.keys:
		c.keys(w.of.items(), true)
	default:
		c.valuesOf(w.of, end)
	}
}

// literal offers a string.
func (c *completer) literal(kind ItemKind, v Value, t string) {
	text := ast.Format(&ast.String{Value: v.Text})
	c.offer(Item{Text: text, Kind: kind, Type: t, Count: v.Count}, v.Text, weightWanted)
}

// valuesOf offers the values that a field has, but for those that a list has already.
func (c *completer) valuesOf(p place, end int) {
	if p.t == nil {
		return
	}
	leaf := p.items()
	switch leaf.t.Kind {
	case check.Bool:
		c.add(ValueItem, weightWanted, "true", "false")
		return
	case check.String, check.Int, check.Float:
	default:
		return
	}
	if c.values == nil || len(p.path) == 0 || p.keyed {
		return // of one key of a map nobody knows the values
	}
	best, more := c.values.Values(p.path, c.bare, maxValues)
	c.more += more
	listed := c.listed(end)
	for _, v := range best {
		text := ast.Format(&ast.String{Value: v.Text})
		switch {
		case leaf.t.Kind != check.String:
			c.offer(Item{Text: v.Text, Kind: ValueItem, Type: leaf.t.String(), Count: v.Count}, v.Text, weightWanted)
		case !listed[text]:
			c.literal(ValueItem, v, "string")
		}
	}
}

// listed returns the strings of the list that is open at token end.
func (c *completer) listed(end int) map[string]bool {
	listed := map[string]bool{}
	for i, open := c.opens[end]+1, c.opens[end]; open >= 0 && i < end; i++ {
		if c.kinds[i] == parse.String {
			listed[c.words[i]] = true
		}
	}
	return listed
}

// keys offers the keys of a map, as strings or as names.
func (c *completer) keys(p place, quoted bool) {
	if c.values == nil || len(p.path) == 0 || p.t == nil || p.t.Kind != check.Map {
		return
	}
	best, more := c.values.Keys(p.path, c.bare, maxValues)
	c.more += more
	for _, v := range best {
		if quoted {
			c.literal(KeyItem, v, "string")
		} else if !strings.ContainsAny(v.Text, "`\n") && v.Text != "" {
			text := written(v.Text, true)
			c.offer(Item{Text: text, Kind: KeyItem, Type: p.t.Elem.String(), Count: v.Count}, v.Text, weightWanted)
		}
	}
}

// members offers what may follow a dot: fields, and functions by receiver.
func (c *completer) members(end int) {
	if n := c.carets(end - 1); n > 0 {
		start := end - 1 - n
		c.fields(c.item(end, n), c.wants(start).want, true)
		return
	}
	p := c.ending(end - 1)
	if p.t == nil {
		return
	}
	w := c.wants(c.operandStart(end - 1))
	c.fields(p.items(), w.want, true)
	for i := range check.Functions() {
		if f := &check.Functions()[i]; takes(f, p.t) {
			c.function(f, w.want)
		}
	}
}

// function offers a function, with its brackets where it has no arguments.
func (c *completer) function(f *check.Function, want want) {
	it, weight := Item{Text: f.Name + "(", Kind: FunctionItem, Type: f.Signature, Doc: f.Doc}, int8(weightFar)
	switch {
	case c.after == '(':
		it.Text = f.Name
	case strings.Contains(f.Signature, f.Name+"()"):
		it.Text += ")"
	}
	if want.given(f) && f.Name != "in" && f.Name != "notIn" {
		weight = weightFunction
	}
	c.offer(it, f.Name, weight)
}

// operands offers what an expression may begin with.
func (c *completer) operands(end int, w wanted) {
	c.literals(w, end)
	c.against, c.compared, c.wanted = w.beside, w.compared, w.want
	if w.nothing {
		return
	}
	c.variables(end, w.want)
	c.laterVariables(end, w.want)
	item := c.item(end, 0)
	c.fields(item, w.want, false)
	c.aliases(item, w.want)
	c.outerFields(end)
	if w.paths {
		return
	}
	for i := range check.Functions() {
		if f := &check.Functions()[i]; strings.HasPrefix(f.Signature, f.Name+"(") && (w.want.given(f) || resultTypes[resultOf(f)] == nil) {
			if f.Name != "mapEntry" || c.word(end-1) == "=>" {
				c.function(f, w.want)
			}
		}
	}
	switch {
	case w.condition:
		c.add(KeywordItem, weightFar, "not", "exists", "forall", "select", "chain(", "true", "false")
		if !slices.Contains([]string{"and", "AND", "or", "OR", "not", "NOT"}, c.word(end-1)) {
			c.add(KeywordItem, weightFar, "let")
		}
	case w.want == wantBool && w.of.t == nil:
		c.add(ValueItem, weightWanted, "true", "false")
	case w.want == wantTime && !w.window:
		c.add(TimeItem, weightFunction, "now", "today", "yesterday", "tomorrow", "this", "last", "next")
	case w.want == wantList && !c.newLine:
		c.add(OperatorItem, weightWanted, "[")
	}
}

// aliases offers the names that the language has for the item.
func (c *completer) aliases(item place, want want) {
	root := item.path != nil && len(item.path) == 0
	events := c.cat.Events()
	switch {
	case item.t == nil:
	case root && events != "" && events != "xEvent" && item.t.Field(events) != nil:
		t := item.t.Field(events).Type
		c.offer(Item{Text: "xEvent", Kind: FieldItem, Type: t.String(), Doc: "the events of the profile", Path: events}, "xEvent", weightOf(t, want))
	case !root && item.t.Kind != check.Object && item.t.Kind != check.Map:
		c.offer(Item{Text: "this", Kind: KeywordItem, Type: item.t.String(), Doc: wordDocs["this"]}, "this", weightOf(item.t, want))
	}
}

// mostCarets is how far out fields are looked for.
const mostCarets = 3

// outerFields offers the fields of the items around this one.
func (c *completer) outerFields(end int) {
	levels, inner := 0, c.item(end, 0)
	for open := c.opens[end]; open >= 0 && levels < mostCarets; open = c.opens[open] {
		if _, ok := c.over(open, end); ok {
			levels++
			outer := c.item(end, levels).items()
			c.fieldsBehind(strings.Repeat("^", levels)+".", outer, weightOuter, inner.path)
			inner = outer
		}
	}
}

// step offers the parts of the steps of a chain, and says whether the cursor is between them.
func (c *completer) step(end int, last string) bool {
	open := c.opens[end]
	if open < 0 || c.words[open] != "[" || c.chainAt(open) < 0 {
		return false
	}
	switch last {
	case ":":
		c.add(KeywordItem, weightFitting, "WHAT(")
	case ")":
		from := c.lastComma(open, end)
		for _, w := range []string{"WHEN(", "COUNT(", "WHERE("} {
			name := strings.TrimSuffix(w, "(")
			if !slices.ContainsFunc(c.words[from:end], func(s string) bool { return strings.EqualFold(s, name) }) {
				c.add(KeywordItem, weightFitting, w)
			}
		}
	}
	return true
}

// lastComma returns the last comma of the bracket at open before token end, or the bracket.
func (c *completer) lastComma(open, end int) int {
	for i := end - 1; i > open; i-- {
		if c.words[i] == "," && c.opens[i] == open {
			return i
		}
	}
	return open
}
