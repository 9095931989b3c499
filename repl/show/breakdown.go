package show

import (
	"slices"

	"github.com/segq/segq/redisx/record"
)

// Null is what a missing value is called. A text that reads like it has quotes.
const Null = "(null)"

// breakdownParts shows an audience by the values of a field.
func breakdownParts(r *record.Record, l Look) []Part {
	b := r.Breakdown
	if b == nil {
		return nil
	}
	all := b.Without
	for _, v := range b.Values {
		all += v.Count
	}
	if r.Count != nil {
		all = *r.Count
	}
	if len(b.Values) > 1 && b.Values[0].Count == 1 && slices.Contains(r.Masked, b.By) { // a hidden value of one profile each
		return oneEach(r, l)
	}
	p := counted(Clean(b.By), b.Values, all)
	if rest := b.Distinct - len(b.Values); rest > 0 {
		shown := 0
		for _, v := range b.Values {
			shown += v.Count
		}
		p.Below = append(p.Below, l.more(Plural(rest, "more value", "more values")+", "+Plural(all-shown-b.Without, "profile", "profiles"), "breakdown.values")...)
	} else if cut(r, "breakdown.values") {
		p.Below = append(p.Below, l.more("more values", "breakdown.values")...)
	}
	if b.Without > 0 {
		p.Rows = append(p.Rows, []string{Null, Count(b.Without), Share(b.Without, all)})
		counts := []int{}
		for _, v := range b.Values {
			counts = append(counts, v.Count)
		}
		p.Lengths = longest(append(counts, b.Without))
	}
	return []Part{p}
}

// oneEach says of values that are hidden, and of one profile each, how many they are.
func oneEach(r *record.Record, l Look) []Part {
	b := r.Breakdown
	n := max(b.Distinct, len(b.Values))
	said := Clean(b.By) + ": " + Count(n) + " different values, each of one profile"
	if cut(r, "breakdown.values") {
		said = Clean(b.By) + ": more than " + Count(len(b.Values)) + " different values, each of one profile"
	}
	lines := l.Said(Plain, said)
	if b.Without > 0 {
		lines = append(lines, l.Said(Plain, Null+" "+Count(b.Without))...)
	}
	return []Part{{Below: lines}}
}
