package show

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/segq/segq/redisx/record"
)

// whyParts shows in which rules a profile is, and what decided it.
func whyParts(r *record.Record, l Look) []Part {
	if r.Why == nil {
		return nil
	}
	if len(r.Why.Rules) == 1 && r.Why.Rules[0].Tree != nil {
		return []Part{whyPart(r, r.Why.Rules[0], l)}
	}
	parts := []Part{whyRules(r.Why, l)}
	for _, rule := range r.Why.Rules {
		if rule.Tree != nil {
			parts = append(parts, whyPart(r, rule, l))
		}
	}
	return parts
}

// fewRules is up to how many rules all are listed, and not only those that the profile is in.
const fewRules = 20

// whyRules lists the rules that a profile is in.
func whyRules(w *record.Why, l Look) Part {
	p := Part{
		Facts:   []Fact{{Clean(w.Profile) + " is in", Count(w.In) + " of " + Plural(len(w.Rules), "rule", "rules")}},
		Columns: []Column{{Head: ""}, {Head: "rule", Fold: true, Role: Name}, {Head: "query", Fold: true}},
	}
	left := 0
	for _, rule := range w.Rules {
		in := rule.In != nil && *rule.In
		if !in && rule.Error == nil && len(w.Rules) > fewRules && l.Top == 0 {
			left++
			continue
		}
		said := OneLine(rule.Query)
		if rule.Error != nil {
			said = OneLine(rule.Error.Message)
		}
		p.Rows = append(p.Rows, []string{whyMark(rule.In), Clean(rule.Name), said})
	}
	if left > 0 {
		p.Below = l.more("and not in "+Plural(left, "other", "others"), "why.rules")
	}
	return p
}

// whyMark is the mark of an answer.
func whyMark(in *bool) string {
	switch {
	case in == nil:
		return "!"
	case *in:
		return holds
	}
	return fails
}

// whyPart shows the tree of a rule: drawn for people, and as a table for what is one.
func whyPart(r *record.Record, rule record.WhyRule, l Look) Part {
	t := &whyTree{look: l, now: r.Now}
	in := rule.In != nil && *rule.In
	name := Clean(rule.Name)
	if name == "" && len(r.Why.Rules) > 1 {
		name = OneLine(rule.Query)
	}
	said := "does not match"
	switch {
	case name == "" && in:
		said = "matches"
	case in:
		said = "is in " + name
	case name != "":
		said = "is not in " + name
	}
	t.clause(0, rule.Tree)
	p := Part{Columns: []Column{{Head: "clause", Fold: true}, {Head: "verdict"}, {Head: "values", Fold: true}}}
	p.Facts = []Fact{{Clean(r.Why.Profile), said}}
	for _, line := range t.lines {
		p.Rows = append(p.Rows, []string{strings.Repeat("  ", line.depth) + line.clause, line.verdict, line.said()})
	}
	p.Drawn = t.drawn()
	return p
}

// whyTree gathers the lines of a tree.
type whyTree struct {
	look  Look
	now   time.Time
	lines []whyLine
}

// whyLine is a line of a tree.
type whyLine struct {
	depth           int
	clause, verdict string
	values          string
	// parts are those of an element, with their marks.
	parts   []string
	element bool
}

func (l *whyLine) said() string {
	return strings.Join(append(slices.DeleteFunc([]string{l.values}, func(s string) bool { return s == "" }), l.parts...), "  ")
}

// The marks of what holds, and of what does not.
const holds, fails = "✓", "✗"

// whyMarks are the marks of verdicts. Where there is nothing to compare, the values say so.
var whyMarks = map[string]string{record.WhyTrue: holds, record.WhyFalse: fails, record.WhyNull: fails}

// clause adds the lines of a clause.
func (t *whyTree) clause(depth int, c *record.WhyClause) {
	line := whyLine{depth: depth, clause: OneLine(c.Clause), verdict: c.Verdict, values: t.values(c)}
	if line.clause == "" {
		line.clause = c.Kind
	}
	if c.Kind == "step" {
		line.values = strconv.FormatInt(c.Found, 10) + " of " + strconv.FormatInt(c.Wanted, 10)
		if c.Unreached {
			line.values, line.verdict = "not reached", ""
		}
	}
	if c.Cut {
		line.values = strings.TrimSpace(line.values + "  … not told in full")
	}
	t.lines = append(t.lines, line)
	for i := range c.Of {
		t.clause(depth+1, &c.Of[i])
	}
	for i := range c.Lists {
		t.list(depth, c, &c.Lists[i])
	}
}

// values are those of a clause, in one text: with what they are of where that does not stand before.
func (t *whyTree) values(c *record.WhyClause) string {
	var all []string
	for i, v := range c.Values {
		text := t.value(v)
		if filtered(c) {
			text = t.held(&c.Lists[0])
		} else if i > 0 || v.Of != "" && !strings.HasPrefix(c.Clause, v.Of) {
			text = OneLine(v.Of) + " " + text
		}
		all = append(all, text)
	}
	if c.Kind == "list" && len(c.Lists) > 0 {
		all = append(all, t.held(&c.Lists[0]))
	}
	if c.Verdict == record.WhyNull && len(all) == 0 {
		all = append(all, Null)
	}
	return strings.Join(all, "  ")
}

// filtered says whether a clause asks for nothing but that some elements of its one list meet a condition.
func filtered(c *record.WhyClause) bool {
	if len(c.Values) != 1 || len(c.Lists) != 1 || c.Values[0].Value != nil {
		return false
	}
	size := c.Values[0].Size
	return size != nil && *size == c.Lists[0].Held
}

// held says for how many elements of a list a condition holds, and of plain ones which they are.
func (t *whyTree) held(l *record.WhyList) string {
	text := held(l)
	if !plainList(l) {
		return text
	}
	var some []string
	for _, e := range l.Nearest {
		some = append(some, t.member(e.Of[0]))
	}
	if len(some) < l.Elements {
		some = append(some, "…")
	}
	return text + ": " + strings.Join(some, ", ")
}

// plainList says whether the elements of a list are values of which one thing is asked.
func plainList(l *record.WhyList) bool {
	for _, e := range l.Nearest {
		if len(e.Of) != 1 || len(e.Of[0].Value) == 0 || e.Of[0].Key != "" || len(e.Parts) != 1 || len(e.Parts[0].Lists)+len(e.Parts[0].Of) > 0 {
			return false
		}
	}
	return len(l.Nearest) > 0
}

// held says for how many elements of a list a condition holds.
func held(l *record.WhyList) string {
	more := ""
	if l.Cut {
		more = "+"
	}
	return Count(l.Held) + " of " + Count(l.Elements) + more
}

// value is a value in words: times with how long ago they were.
func (t *whyTree) value(v record.WhyValue) string {
	text := strings.TrimSpace(Clean(string(v.Value)))
	switch {
	case text == "null":
		return Null
	case text == string(maskedJSON):
		return Masked
	case v.Type == "timestamp":
		return t.when(v.Value)
	case v.Size != nil && text == "":
		return Plural(*v.Size, "element", "elements")
	case v.Size != nil && len(v.Value) > 0:
		var some []json.RawMessage
		if json.Unmarshal(v.Value, &some) == nil && len(some) < *v.Size {
			return strings.TrimSuffix(text, "]") + ", … of " + Count(*v.Size) + "]"
		}
	case text == "":
		return "present"
	}
	return text
}

// when is a time, and how long before now it was, or after.
func (t *whyTree) when(value json.RawMessage) string {
	at, ok := whyTime(value)
	if !ok {
		return Clean(string(value))
	}
	return day(at) + ", " + ago(t.now.Sub(at))
}

func whyTime(value json.RawMessage) (at time.Time, ok bool) {
	var text string
	if json.Unmarshal(value, &text) != nil {
		return at, false
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	return at, err == nil
}

// day is a time without what it does not have.
func day(at time.Time) string {
	if at.Equal(at.Truncate(24 * time.Hour)) {
		return at.Format(time.DateOnly)
	}
	return at.Format("2006-01-02 15:04:05")
}

// ago says how long ago something was, in the unit that one would choose.
func ago(d time.Duration) string {
	side := "ago"
	if d < 0 {
		d, side = -d, "from now"
	}
	for _, unit := range []struct {
		d    time.Duration
		name string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}, {time.Second, "second"}} {
		if d >= unit.d {
			n := int(d / unit.d)
			return Plural(n, unit.name, unit.name+"s") + " " + side
		}
	}
	return "now"
}

// list adds the elements of a list that say most. How many they are stands above them, unless the values say so.
func (t *whyTree) list(depth int, c *record.WhyClause, l *record.WhyList) {
	told := c.Kind == "list" || c.Kind == "step" || filtered(c)
	if told && plainList(l) {
		return
	}
	if !told && (len(c.Lists) > 1 || len(c.Values) != 1 || string(c.Values[0].Value) != strconv.Itoa(l.Held)) {
		t.lines = append(t.lines, whyLine{depth: depth + 2, clause: OneLine(l.Of), values: t.held(l), element: true})
	}
	for i := range l.Nearest {
		t.element(depth+2, &l.Nearest[i])
	}
	if l.Elements > len(l.Nearest) && len(l.Nearest) > 0 {
		t.lines = append(t.lines, whyLine{depth: depth + 2, clause: "… " + Plural(l.Elements-len(l.Nearest), "other", "others"), element: true})
	}
}

// element adds an element with its parts: in its line what compares values, below it what is larger.
func (t *whyTree) element(depth int, e *record.WhyElement) {
	line := whyLine{depth: depth, verdict: e.Verdict, element: true}
	var names []string
	for _, m := range e.Of {
		names = append(names, t.member(m))
	}
	line.clause = strings.Join(names, "  ")
	if e.Early {
		line.parts = append(line.parts, fails+" before the step before")
	}
	var below []record.WhyClause
	for _, p := range e.Parts {
		if p.Kind != "test" || len(p.Lists) > 0 {
			below = append(below, p)
			continue
		}
		line.parts = append(line.parts, whyMarks[p.Verdict]+" "+t.part(&p, len(e.Of) > 1))
	}
	t.lines = append(t.lines, line)
	for i := range below {
		t.clause(depth+1, &below[i])
	}
}

// part is a clause about an element in short: what it compares, and the values. Of a time alone it is how long ago it was.
func (t *whyTree) part(c *record.WhyClause, variables bool) string {
	if len(c.Values) == 0 {
		return OneLine(c.Clause)
	}
	var all []string
	for _, v := range c.Values {
		text := t.value(v)
		if at, ok := whyTime(v.Value); ok && v.Type == "timestamp" {
			text = day(at)
			if len(c.Values) == 1 {
				text = ago(t.now.Sub(at))
			}
		}
		name := OneLine(v.Of)
		if dot := strings.LastIndexByte(name, '.'); !variables && dot >= 0 && !strings.ContainsAny(name[dot:], "() ") {
			name = name[dot+1:]
		}
		all = append(all, strings.TrimSpace(name+" "+text))
	}
	return strings.Join(all, ", ")
}

// member names an element: by when it was, its value, its key, or its place.
func (t *whyTree) member(m record.WhyMember) string {
	var words []string
	if m.Name != "" {
		words = append(words, Clean(m.Name))
	}
	at, ok := time.Time{}, false
	if m.At != "" {
		var err error
		at, err = time.Parse(time.RFC3339Nano, m.At)
		ok = err == nil
	}
	if m.Key != "" {
		words = append(words, Clean(m.Key))
	}
	switch {
	case ok:
		words = append(words, day(at))
	case bytes.Equal(m.Value, maskedJSON):
		words = append(words, Masked)
	case len(m.Value) > 0 && !bytes.Equal(m.Value, []byte("null")):
		words = append(words, Clean(string(m.Value)))
	case m.Key == "":
		words = append(words, "#"+strconv.Itoa(m.Index+1))
	}
	return strings.Join(words, " ")
}
