package printer

import (
	"strconv"
	"strings"

	"github.com/segq/segq/redisx/record"
)

// whyCells are a line for each rule, or where there is a tree, for each of its clauses, elements among them.
func whyCells(r *record.Record) [][]string {
	if r.Why == nil {
		return nil
	}
	var out [][]string
	for _, rule := range r.Why.Rules {
		in := ""
		if rule.In != nil {
			in = strconv.FormatBool(*rule.In)
		}
		t := &whyLines{before: []string{r.Why.Profile, rule.Name, rule.Query, in}}
		switch {
		case rule.Tree != nil:
			t.clause(0, rule.Tree)
		case rule.Error != nil:
			t.add(0, "error", rule.Error.Message, "", "", "", "")
		default:
			t.add(0, "", "", "", "", "", "")
		}
		out = append(out, t.lines...)
	}
	return out
}

// whyLines are the lines of one rule.
type whyLines struct {
	before []string
	lines  [][]string
}

func (t *whyLines) add(depth int, cells ...string) {
	line := append(t.before[:len(t.before):len(t.before)], strconv.Itoa(len(t.lines)+1), strconv.Itoa(depth))
	t.lines = append(t.lines, append(line, cells...))
}

// clause adds a clause and what is below it.
func (t *whyLines) clause(depth int, c *record.WhyClause) {
	var values []string
	for _, v := range c.Values {
		text := string(v.Value)
		if text == "" && v.Size != nil {
			text = strconv.Itoa(*v.Size)
		}
		values = append(values, v.Of+": "+text)
	}
	elements, held := "", ""
	if len(c.Lists) > 0 {
		elements, held = strconv.Itoa(c.Lists[0].Elements), strconv.Itoa(c.Lists[0].Held)
	}
	t.add(depth, c.Kind, c.Clause, c.Verdict, strings.Join(values, "; "), elements, held)
	for i := range c.Of {
		t.clause(depth+1, &c.Of[i])
	}
	for _, l := range c.Lists {
		for i := range l.Nearest {
			t.element(depth+1, &l.Nearest[i])
		}
	}
}

// element adds an element of a list, and the parts of the condition.
func (t *whyLines) element(depth int, e *record.WhyElement) {
	var names []string
	for _, m := range e.Of {
		name := strconv.Itoa(m.Index)
		if m.Key != "" {
			name = m.Key
		}
		if m.Name != "" {
			name = m.Name + "=" + name
		}
		if m.At != "" {
			name += " " + m.At
		}
		if len(m.Value) > 0 {
			name += " " + string(m.Value)
		}
		names = append(names, name)
	}
	t.add(depth, "element", strings.Join(names, "; "), e.Verdict, "", "", "")
	for i := range e.Parts {
		t.clause(depth+1, &e.Parts[i])
	}
}
