package lang

import (
	"slices"
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/parse"
)

// operators offers what may follow an operand that ends before token end.
func (c *completer) operators(end int) {
	start := c.operandStart(end)
	before := c.word(start - 1)
	open := c.opens[end]
	switch {
	case c.naming(start, end):
		c.add(KeywordItem, weightFitting, "from")
		return
	case strings.EqualFold(before, "let"):
		c.add(OperatorItem, weightFitting, "=")
		return
	case before == "between":
		c.offer(Item{Text: "and", Kind: TimeItem, Doc: timeDocs["and"]}, "and", weightFitting)
		return
	case open >= 0 && strings.EqualFold(c.word(open-1), "when"):
		return
	case open >= 0 && c.words[open] == "[" && slices.Contains([]string{"in", "IN", "notIn"}, c.word(open-1)):
		return // a list goes on with a comma
	}
	if c.clauses(start, end, before) {
		return
	}
	if c.comparison(end) >= 0 {
		c.add(KeywordItem, weightFitting, "and", "or")
		return
	}
	c.comparisons(c.valueBefore(end))
}

// naming says whether the operand is the name of a variable that is being declared.
func (c *completer) naming(start, end int) bool {
	if start != end-1 || c.name(start) == "" {
		return false
	}
	switch w := c.word(start - 1); strings.ToLower(w) {
	case "select", "exists", "forall", "over":
		return true
	}
	return false
}

// clauses offers the words that go on with a form that is not complete, and says whether nothing else can.
func (c *completer) clauses(start, end int, before string) (only bool) {
	switch before {
	case "from", "FROM":
		if !c.windowFrom(start - 1) {
			c.add(KeywordItem, weightWanted, "where")
		}
	case "sum", "average", "min", "max":
		c.add(KeywordItem, weightWanted, "over")
		if start == end-1 {
			c.add(KeywordItem, weightWanted, "from")
		}
		c.add(OperatorItem, weightFitting, "+", "-", "*", "/", "%")
		return true
	case ",":
		if start == end-1 && c.declaring(start) {
			c.add(KeywordItem, weightWanted, "from")
			return c.onlyDeclares(start)
		}
	}
	if c.letIn(end) {
		c.offer(Item{Text: "in", Kind: KeywordItem, Doc: "and what the name is used in"}, "in", weightWanted)
	}
	return false
}

// onlyDeclares says whether a comma before token i can but lead to another variable: it is in no bracket, or one
// that groups.
func (c *completer) onlyDeclares(i int) bool {
	open := c.opens[i]
	return open < 0 || c.words[open] == "(" && (open == 0 || c.kinds[open-1] != parse.Function)
}

// declaring says whether a form that declares variables is open at token i.
func (c *completer) declaring(i int) bool {
	for k := i - 1; k > c.opens[i]; k-- {
		if c.opens[k] == c.opens[i] && slices.Contains([]string{"select", "exists", "forall", "over"}, strings.ToLower(c.words[k])) {
			return true
		}
	}
	return false
}

// comparisons offers the operators for a value.
func (c *completer) comparisons(p place) {
	leaf := p.items().t
	if leaf == nil {
		leaf = check.AnyType
	}
	switch leaf.Kind {
	case check.String:
		c.add(OperatorItem, weightFitting, "=", "!=", "in", "notIn", "like", "matches")
	case check.Int, check.Float:
		c.add(OperatorItem, weightFitting, comparisons...)
		c.add(OperatorItem, weightFitting, "in", "notIn", "+", "-", "*", "/", "%")
	case check.Timestamp:
		c.add(OperatorItem, weightFitting, "occurs")
		c.add(OperatorItem, weightFitting, comparisons...)
	case check.Bool:
		c.add(KeywordItem, weightFitting, "and", "or")
		c.add(OperatorItem, weightFitting, "=", "!=")
		return
	case check.Any:
		c.add(OperatorItem, weightFitting, comparisons...)
		c.add(OperatorItem, weightFitting, "in", "notIn", "like", "matches", "occurs")
	}
	c.add(KeywordItem, weightFitting, "and", "or")
}

// time offers the words of a window, and says whether the cursor is in one.
func (c *completer) time(end int, last string) bool {
	switch _, unit := ast.UnitNamed(last); {
	case last == "occurs", last == "(" && strings.EqualFold(c.word(end-2), "when"):
		c.timeWords("<", "<=", ">", ">=")
		c.times()
		c.timeWords("before", "after", "from", "between", "on", "=", "!=")
		c.function(functionNamed("date"), wantAny)
	case slices.Contains(comparisons, last) && c.windowAt(end-2): // a number
	case slices.Contains([]string{"before", "after", "on", "between"}, last) && !c.behindDot(end-1), last == "from" && c.windowFrom(end-1):
		c.times()
		c.operands(end, wanted{want: wantTime, window: true, compared: true})
	case (last == "this" || last == "last" || last == "next") && (c.inWindow(end-1) || slices.Contains(comparisons, c.word(end-2))):
		c.units("")
	case unit && c.distance(end-1):
		c.timeWords("before", "after", "from")
	case c.distance(end):
		c.units("s")
	case c.untilIsNext(end):
		c.times()
		c.operands(end, wanted{want: wantTime, window: true, compared: true})
	default:
		return false
	}
	return true
}

// times offers points and stretches of time.
func (c *completer) times() {
	c.timeWords("now", "today", "yesterday", "tomorrow", "this", "last", "next")
}

// timeWords offers words of a window.
func (c *completer) timeWords(words ...string) {
	for _, w := range words {
		doc, ok := timeDocs[w]
		if !ok {
			doc = wordDocs[w]
		}
		c.offer(Item{Text: w, Kind: TimeItem, Doc: doc}, w, weightFitting)
	}
}

// untilIsNext says whether token end is the second time of a between.
func (c *completer) untilIsNext(end int) bool {
	w := c.word(end - 1)
	return (w == "and" || w == "AND") && c.word(c.operandStart(end-1)-1) == "between"
}

func (c *completer) behindDot(i int) bool { return c.word(i-1) == "." }

// windowAt says whether token i begins a window.
func (c *completer) windowAt(i int) bool {
	return c.word(i) == "occurs" || c.word(i) == "(" && strings.EqualFold(c.word(i-1), "when")
}

// inWindow says whether token i stands where a window names its time.
func (c *completer) inWindow(i int) bool {
	return c.windowAt(i-1) || slices.Contains([]string{"before", "after", "from", "on", "between"}, c.word(i-1)) || c.untilIsNext(i)
}

// units offers the units of time.
func (c *completer) units(ending string) {
	for u := ast.Millisecond; u <= ast.Year; u++ {
		word := u.String() + ending
		c.offer(Item{Text: word, Kind: UnitItem, Doc: "a unit of time"}, word, weightFitting)
	}
}

// distance says whether "occurs < 3" stands before token i.
func (r *reader) distance(i int) bool {
	if i < 3 || r.kinds[i-1] != parse.Int || !slices.Contains(comparisons, r.words[i-2]) {
		return false
	}
	return r.words[i-3] == "occurs" || r.words[i-3] == "(" && strings.EqualFold(r.word(i-4), "when")
}
