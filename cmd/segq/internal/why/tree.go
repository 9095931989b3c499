package why

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/trace"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// mostText is how many bytes of a text are told.
const mostText = 1000

// teller tells a trace in the words of the rule.
type teller struct {
	text    string
	segment func(*check.Segment) string
}

// clause returns a clause of a record.
func (t *teller) clause(c *trace.Clause) record.WhyClause {
	out := record.WhyClause{Kind: string(c.Kind), Verdict: string(c.Verdict), Cut: c.Cut}
	inner := t
	switch c.Kind {
	case trace.And, trace.Or, trace.Not, trace.If:
	case trace.Segment:
		out.Clause = t.written(c.Span)
		inner = &teller{segment: t.segment}
		if t.segment != nil {
			inner.text = t.segment(c.Segment)
		}
	case trace.Step:
		out.Clause, out.Wanted, out.Found, out.Unreached = t.written(c.Span), c.Wanted, c.Taken, !c.Reached
		if c.Label != "" {
			out.Clause = c.Label + ": " + out.Clause
		}
	default:
		out.Clause = t.written(c.Span)
	}
	for _, v := range c.Values {
		out.Values = append(out.Values, t.value(v))
	}
	for _, l := range c.Lists {
		out.Lists = append(out.Lists, t.list(l))
	}
	for _, below := range c.Of {
		out.Of = append(out.Of, inner.clause(below))
	}
	return out
}

// written returns what stands in a place of the rule.
func (t *teller) written(at ast.Span) string {
	if at.Start < 0 || at.End > len(t.text) || at.Start >= at.End {
		return ""
	}
	text, _ := shortened(words(t.text[at.Start:at.End]))
	return text
}

// shortened returns the beginning of a long text.
func shortened(text string) (string, bool) {
	if len(text) <= mostText {
		return text, false
	}
	end := mostText
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "…", true
}

// value returns a value of a record.
func (t *teller) value(v trace.Value) record.WhyValue {
	out := record.WhyValue{Of: t.written(v.Span), Type: typeNames[v.Type.Kind]}
	if v.Size >= 0 {
		out.Size = &v.Size
	}
	switch {
	case v.First != nil:
		parts := make([]string, len(v.First))
		for i, one := range v.First {
			text, cut := scalarJSON(one)
			parts[i], out.Cut = string(text), out.Cut || cut
		}
		out.Value = json.RawMessage("[" + strings.Join(parts, ",") + "]")
	case v.Absent:
		out.Value = json.RawMessage("null")
	case v.Size < 0 && v.Type.Kind != check.Object:
		out.Value, out.Cut = scalarJSON(v.V)
	}
	return out
}

// typeNames are the names of types in records.
var typeNames = map[check.Kind]string{
	check.Any: "null", check.Bool: "bool", check.Int: "int", check.Float: "float", check.String: "string", check.Timestamp: "timestamp",
	check.Interval: "interval", check.List: "list", check.Object: "object", check.Map: "map",
}

// scalarJSON returns a value that is made of no others, and says whether it is longer.
func scalarJSON(v eval.Value) (text json.RawMessage, cut bool) {
	if v.Kind() == check.String {
		text, cut := shortened(v.Text())
		if cut {
			encoded, _ := json.Marshal(text)
			return encoded, true
		}
	}
	return v.AppendJSON(nil), false
}

// list returns a list of a record.
func (t *teller) list(l trace.ListOf) record.WhyList {
	out := record.WhyList{Of: t.written(l.Span), Elements: l.Elements, Held: l.Held, Cut: l.Cut}
	for _, e := range l.Nearest {
		one := record.WhyElement{Verdict: string(trace.False), Early: e.Early}
		if e.Holds {
			one.Verdict = string(trace.True)
		}
		for _, m := range e.Of {
			one.Of = append(one.Of, member(m))
		}
		for _, p := range e.Parts {
			one.Parts = append(one.Parts, t.clause(p))
		}
		out.Nearest = append(out.Nearest, one)
	}
	return out
}

// member returns an element of a record.
func member(m trace.Member) record.WhyMember {
	out := record.WhyMember{Name: m.Name, Index: m.Index, Key: m.Key}
	if !m.At.IsNull() {
		out.At = m.At.Text()
	}
	switch m.V.Kind() {
	case check.Object, check.List, check.Map:
	default:
		out.Value, _ = scalarJSON(m.V)
	}
	return out
}
