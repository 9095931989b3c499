package show

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/segq/segq/redisx/record"
)

// maxExample is how much of a value is shown on a screen, in cells: some lines.
const maxExample = 240

// valuesParts shows what values a query took: figures, their distribution, and the most frequent.
func valuesParts(r *record.Record, l Look) []Part {
	v := r.Values
	if v == nil {
		return nil
	}
	first := Part{}
	if r.Count == nil || *r.Count != v.Present {
		first.Facts = []Fact{{"with a value", Count(v.Present)}}
	}
	if v.Figures() {
		first.Facts = append(first.Facts, figures(v)...)
	}
	if v.Infinite > 0 {
		first.Facts = append(first.Facts, Fact{"infinite", Count(v.Infinite)})
	}
	parts := append([]Part{first}, quantiles(v)...)
	parts = append(parts, binsOf(v)...)
	parts = append(parts, topOf(r, l)...)
	if len(v.Examples) > 0 {
		parts = append(parts, examples(r, l))
	}
	return parts
}

func figures(v *record.Values) []Fact {
	of := ""
	if v.Sizes {
		of = "size "
	}
	facts := []Fact{{of + "min", figure(v, v.Min)}, {"average", figure(v, v.Average)}, {"max", figure(v, v.Max)}}
	if v.Numeric {
		facts = append(facts, Fact{"sum", figure(v, v.Sum)})
	}
	return facts
}

// figure writes a figure of values: a number, or a time.
func figure(v *record.Values, f record.Figure) string {
	if !v.Times {
		return Number(float64(f))
	}
	at := time.UnixMilli(int64(f)).UTC()
	if at.Equal(at.Truncate(24 * time.Hour)) {
		return at.Format(time.DateOnly)
	}
	return at.Format("2006-01-02T15:04:05.999Z")
}

// quantiles shows quantiles by their names: p5, median. The least and the greatest value are shown
// anyway.
func quantiles(v *record.Values) []Part {
	if len(v.Quantiles) == 0 {
		return nil
	}
	p := Part{}
	for _, q := range v.Quantiles {
		if q.At == 0 || q.At == 1 {
			continue
		}
		name := "p" + strconv.FormatFloat(q.At*100, 'g', 4, 64)
		if q.At == 0.5 {
			name = "median"
		}
		p.Facts = append(p.Facts, Fact{name, figure(v, q.Value)})
	}
	return []Part{p}
}

// binsOf shows how values are distributed.
func binsOf(v *record.Values) []Part {
	if len(v.Bins) == 0 {
		return nil
	}
	p := Part{Columns: []Column{{Head: "from", Right: true}, {Head: "to", Right: true}, {Head: "profiles", Right: true}, {Head: "share", Right: true, Spare: 1}}}
	counts := make([]int, len(v.Bins))
	for i, b := range v.Bins {
		counts[i] = b.Count
		p.Rows = append(p.Rows, []string{figure(v, b.Low), figure(v, b.High), Count(b.Count), Share(b.Count, v.Present)})
	}
	p.Lengths = longest(counts)
	return []Part{p}
}

// topOf shows the most frequent values.
func topOf(r *record.Record, l Look) []Part {
	v := r.Values
	if len(v.Top) == 0 {
		return nil
	}
	if v.Top[0].Count == 1 && len(v.Top) < v.Distinct { // none of them is frequent
		return []Part{{Below: []string{Count(v.Distinct) + " different values, each of one profile"}}}
	}
	p := counted("value", v.Top, v.Present)
	if rest := v.Distinct - len(v.Top); rest > 0 {
		p.Below = append(p.Below, l.more(Plural(rest, "more value", "more values"), "values.top")...)
	} else if cut(r, "values.top") {
		p.Below = append(p.Below, l.more("more values", "values.top")...)
	}
	return []Part{p}
}

// counted is a table of values and how many profiles of all have them.
func counted(head string, values []record.ValueCount, all int) Part {
	p := Part{Columns: []Column{{Head: head, Fold: true, HeadRole: Name}, {Head: "profiles", Right: true}, {Head: "share", Right: true, Spare: 1}}}
	p.Columns[0].Right = !slices.ContainsFunc(values, func(v record.ValueCount) bool { return !isNumber(v.Value) })
	counts := make([]int, len(values))
	for i, v := range values {
		counts[i] = v.Count
		p.Rows = append(p.Rows, []string{text(v.Value), Count(v.Count), Share(v.Count, all)})
	}
	p.Lengths = longest(counts)
	return p
}

// isNumber says whether a value is written as numbers are.
func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil
}

// text is a value that is a text: it is to be seen even where it is empty or has blanks at its ends, and is not taken for none.
func text(s string) string {
	if s == "" || s == Null || strings.TrimSpace(s) != s {
		return `"` + s + `"`
	}
	return Clean(s)
}

// examples shows a few values of lists and objects.
func examples(r *record.Record, l Look) Part {
	p := Part{}
	for _, e := range r.Values.Examples {
		if e = Clean(e); l.Width > 0 {
			e = Fit(e, maxExample)
		}
		p.Below = append(p.Below, "example: "+e)
	}
	if slices.Contains(r.Truncated, "values.examples") {
		p.Below = append(p.Below, l.more(fmt.Sprintf("these are examples of %s values", Count(r.Values.Present)), "values.examples")...)
	}
	return p
}
