// Package loosen finds what can be loosened in a rule: one number, window or set, by one step, so that
// the rule holds for more.
//
// The tour: [Steps] walks the tree of a rule (walk.go) and knows at each place whether the rule holds for more
// where the part does, or where it does not: behind a not, and below a count that is to be small, the direction
// turns round. What a step is of numbers is in number.go, of windows in window.go, of sets in set.go, of beginnings
// and ends of texts in affix.go; what has none is among the [Stays]. A step is a change of the text of the rule, which stays as its
// author wrote it everywhere else.
package loosen

import (
	"regexp"

	"github.com/segq/segq/lang/ast"
)

// Stay is a part of a rule that has no step, and why.
type Stay struct {
	At  ast.Span
	Why string
}

// Stays returns the parts of a rule that have no step where somebody may expect one.
func Stays(text string, x ast.Expr) []Stay {
	w := &walker{text: text}
	w.cond(x, more, scope{})
	return w.stays
}

// stay notes a part that has no step.
func (w *walker) stay(at ast.Span, why string) { w.stays = append(w.stays, Stay{at, why}) }

// Step is one loosening of a rule.
type Step struct {
	// At is the comparison, window or step of a chain that is loosened, in the text of the rule, and Becomes
	// what it is then, without the part that stays: ">= 2" of xEvent.count() >= 3.
	At      ast.Span
	Becomes string
	// Text is the rule with it. Of a Choice it is not a loosening yet.
	Text string
	// Choice is what is to be known before the text is: nil of most.
	Choice *Choice
}

// Choice is the step of a set, by one value of a field of the profile, which the data is to name.
type Choice struct {
	// Path is the field. The text of the step is the rule with a test for any value in place of the comparison:
	// of what holds for that one and not for the rule, each profile is added by the value that it has.
	Path []string
	// Numbers says that the set holds numbers, else it holds texts.
	Numbers bool
	// Inner says that it is a field of the elements of a list: a profile has several values of it, and what one adds is known of
	// the rule with it alone.
	Inner bool
	with  func(value string) (Step, bool)
}

// With returns the step for a value, as text. It says no where the value is none that changes the set.
func (c *Choice) With(value string) (Step, bool) { return c.with(value) }

// Steps returns the loosenings of a rule, in the order of its text: the first most of found. x is the rule as it is
// parsed from text. Not all texts need be rules: of what is written in an odd way, they may be wrong.
func Steps(text string, x ast.Expr, most int) (steps []Step, found int) {
	w := &walker{text: text, most: most}
	w.cond(x, more, scope{})
	return w.steps, w.found
}

// edit returns the text with what is at a place replaced.
func edit(text string, at ast.Span, by string) string {
	return text[:at.Start] + by + text[at.End:]
}

// whole returns the place of an operand with the parentheses around it, which leave no trace in the tree.
func (w *walker) whole(x ast.Expr) ast.Span {
	at := x.Span()
	for {
		before, after := opening.FindStringIndex(w.text[:at.Start]), closing.FindStringIndex(w.text[at.End:])
		if before == nil || after == nil {
			return at
		}
		at = ast.Span{Start: before[0], End: at.End + after[1]}
	}
}

// bare returns the text of an operand without the parentheses around it.
func (w *walker) bare(x ast.Expr) string { return w.text[x.Span().Start:x.Span().End] }

// opening and closing are parentheses at the edges of a text.
var opening, closing = regexp.MustCompile(`\(\s*$`), regexp.MustCompile(`^\s*\)`)
