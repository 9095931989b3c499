package printer

import (
	"cmp"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// figure writes a number with all its digits, and nothing for one that is none.
func figure(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// part returns part of whole, nothing for a part of nothing.
func part(n, whole int) string {
	if whole == 0 {
		return ""
	}
	return figure(float64(n) / float64(whole))
}

// number writes a figure of values as JSON does, without quotes.
func number(f record.Figure) string {
	text, _ := json.Marshal(f) // a figure has a text
	return strings.Trim(string(text), `"`)
}

// ofValues writes a figure of values: a number, or a time.
func ofValues(v *record.Values, f record.Figure) string {
	if v.Times {
		return time.UnixMilli(int64(f)).UTC().Format("2006-01-02T15:04:05.000Z")
	}
	return number(f)
}

func valueCells(r *record.Record) [][]string {
	var out [][]string
	v := r.Values
	if v != nil {
		out = append(out, []string{"present", "", "", "", "", strconv.Itoa(v.Present), ""})
	}
	if v != nil && v.Infinite > 0 {
		out = append(out, []string{"infinite", "", "", "", "", strconv.Itoa(v.Infinite), part(v.Infinite, v.Present)})
	}
	if v != nil && v.Figures() {
		for _, f := range []struct {
			name string
			x    record.Figure
		}{{"min", v.Min}, {"average", v.Average}, {"max", v.Max}, {"sum", v.Sum}} {
			if f.name != "sum" || v.Numeric {
				out = append(out, []string{f.name, "", ofValues(v, f.x), "", "", "", ""})
			}
		}
	}
	if v != nil {
		out = append(out, distribution(v)...)
	}
	for _, id := range r.Sample {
		out = append(out, []string{"sample", "", id, "", "", "", ""})
	}
	return out
}

// distribution is the cells of what values are frequent, and how they lie.
func distribution(v *record.Values) [][]string {
	var out [][]string
	for _, q := range v.Quantiles {
		out = append(out, []string{"quantile", figure(q.At), ofValues(v, q.Value), "", "", "", ""})
	}
	for _, b := range v.Bins {
		out = append(out, []string{"bin", "", "", ofValues(v, b.Low), ofValues(v, b.High), strconv.Itoa(b.Count), part(b.Count, v.Present)})
	}
	for _, t := range v.Top {
		out = append(out, []string{"top", "", t.Value, "", "", strconv.Itoa(t.Count), part(t.Count, v.Present)})
	}
	for _, e := range v.Examples {
		out = append(out, []string{"example", "", e, "", "", "", ""})
	}
	return out
}

func breakdownCells(r *record.Record) [][]string {
	b := r.Breakdown
	if b == nil {
		return nil
	}
	all := 0
	if r.Count != nil {
		all = *r.Count
	}
	var out [][]string
	for _, v := range b.Values {
		out = append(out, []string{b.By, v.Value, strconv.Itoa(v.Count), part(v.Count, all), "false", placeText(b.Distinct)})
	}
	return append(out, []string{b.By, "", strconv.Itoa(b.Without), part(b.Without, all), "true", placeText(b.Distinct)})
}

func funnelCells(r *record.Record) [][]string {
	out := make([][]string, len(r.Funnel))
	for i, c := range r.Funnel {
		out[i] = []string{
			strconv.Itoa(i + 1), c.Clause, strconv.Itoa(c.Alone), strconv.Itoa(c.SoFar), figure(show.Kept(r, i)), strconv.Itoa(c.Without), strconv.FormatBool(c.CostsMost),
		}
	}
	return out
}

// nearCells has a line for each clause, of which nothing becomes anything, and one for each loosening.
func nearCells(r *record.Record) [][]string {
	var out [][]string
	for i, n := range r.Near {
		at, count := strconv.Itoa(i+1), ""
		if r.Count != nil {
			count = strconv.Itoa(*r.Count + n.Missed)
		}
		out = append(out, []string{at, n.Clause, "", "", strconv.Itoa(n.Missed), count, "false", ""})
		for _, l := range n.Loosened {
			out = append(out, []string{at, n.Clause, l.Part, l.Becomes, strconv.Itoa(l.Adds), strconv.Itoa(l.Count), strconv.FormatBool(l.Best), l.Query})
		}
	}
	return out
}

func liftCells(r *record.Record) [][]string {
	out := make([][]string, len(r.Lift))
	for i, l := range r.Lift {
		corrected, low, high := figure(l.Corrected), figure(l.Low), figure(l.High)
		if r.Compared == 0 { // of before there were these
			corrected, low, high = "", "", ""
		}
		out[i] = []string{
			l.Field, l.Value, strconv.FormatBool(l.Null), strconv.Itoa(l.Count), strconv.Itoa(l.All), figure(l.Share), figure(l.Base), figure(l.Index),
			low, high, figure(l.P), corrected, strconv.FormatBool(l.Small), placeText(r.Compared),
		}
	}
	return out
}

func overlapCells(r *record.Record) [][]string {
	o := r.Overlap
	if o == nil {
		return nil
	}
	names, all := make([]string, len(o.Both)), 0
	if r.Total != nil {
		all = *r.Total
	}
	var out [][]string
	for i, both := range o.Both {
		names[i] = show.AudienceName(o, i)
		out = append(out, []string{"audience", list([]int{i}), names[i], queryOf(o, i), "", strconv.Itoa(both[i]), part(both[i], all), "", ""})
	}
	for i, only := range o.Only {
		out = append(out, []string{"only", list([]int{i}), names[i], queryOf(o, i), "", strconv.Itoa(only), part(only, o.Both[i][i]), "", ""})
	}
	for i := range o.Both {
		for j := i + 1; j < len(o.Both); j++ {
			n := o.Both[i][j]
			out = append(out, []string{"pair", list([]int{i, j}), names[i], "", names[j], strconv.Itoa(n), part(n, o.Both[i][i]), part(n, o.Both[j][j]), figure(o.Jaccard[i][j])})
		}
	}
	for _, x := range o.Exact {
		out = append(out, []string{"exact", list(x.In), "", "", "", strconv.Itoa(x.Count), part(x.Count, o.Any), "", ""})
	}
	return append(out, []string{"any", "", "", "", "", strconv.Itoa(o.Any), part(o.Any, all), "", ""}, []string{"all", "", "", "", "", strconv.Itoa(o.All), part(o.All, all), "", ""})
}

// queryOf returns the rule of an audience, "" in records of before they had it.
func queryOf(o *record.Overlap, i int) string {
	if i >= len(o.Queries) {
		return ""
	}
	return o.Queries[i]
}

// list returns a list as JSON, nothing for an empty one.
func list[T any](items []T) string {
	if len(items) == 0 {
		return ""
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(items) // of texts and numbers
	return strings.TrimSuffix(b.String(), "\n")
}

func rowCells(r *record.Record) [][]string {
	if r.Rows == nil {
		return nil
	}
	out := make([][]string, len(r.Rows.Rows))
	for i, row := range r.Rows.Rows {
		for _, v := range row {
			out[i] = append(out[i], show.Cell(v))
		}
	}
	return out
}

// qualifyCells has a row for each rule that the profile is in.
func qualifyCells(r *record.Record) [][]string {
	if r.Qualify == nil {
		return nil
	}
	id := string(r.Qualify.ID)
	if text := ""; json.Unmarshal(r.Qualify.ID, &text) == nil {
		id = text
	}
	out := make([][]string, len(r.Qualify.In))
	for i, name := range r.Qualify.In {
		out[i] = []string{id, name}
	}
	return out
}

func schemaCells(r *record.Record) [][]string {
	out := make([][]string, len(r.Schema))
	for i, f := range r.Schema {
		out[i] = []string{f.Path, f.Type}
	}
	return out
}

func exportCells(r *record.Record) [][]string {
	e := r.Export
	if e == nil {
		return nil
	}
	return [][]string{{e.To, e.Name, e.Version, placeText(int(e.Bits)), placeText(e.Hashes), e.File, placeText(int(e.Bytes)), numberText(e.Rows), list(e.Holds)}}
}

// diffCells has one line: what was compared, and who has changed.
func diffCells(r *record.Record) [][]string {
	d := r.Diff
	if d == nil {
		return nil
	}
	e := r.Export
	if e == nil {
		e = &record.Export{}
	}
	cells := []string{d.Now.Saved, placeText(d.Now.Version), d.Before.Saved, placeText(d.Before.Version)}
	for _, n := range []int{d.Before.Profiles, d.Now.Profiles, d.Entered, d.Left, d.Stayed} {
		cells = append(cells, strconv.Itoa(n))
	}
	return [][]string{append(cells, list(d.EnteredIDs), list(d.LeftIDs), e.File, placeText(int(e.Bytes)), numberText(e.Rows), list(e.Holds))}
}

func savedCells(r *record.Record) [][]string {
	s := r.Saved
	if s == nil {
		return nil
	}
	return [][]string{{s.Name, strconv.Itoa(s.Version), strconv.FormatBool(s.Fresh), numberText(s.Members), s.Place}}
}

func membershipCells(r *record.Record) [][]string {
	e := r.Export
	if e == nil {
		return nil
	}
	cells := make([][]string, len(r.Rules))
	for i, rule := range r.Rules {
		cells[i] = []string{rule.Name, numberText(rule.Count), e.File, placeText(int(e.Bytes)), numberText(e.Rows), list(e.Holds)}
	}
	return cells
}

// changeCells has a line for each audience that is listed.
func changeCells(r *record.Record) [][]string {
	c := r.Changes
	if c == nil {
		return nil
	}
	none := &record.Export{}
	e, who, summary := cmp.Or(r.Export, none), cmp.Or(c.File, none), cmp.Or(c.Summary, none)
	holds := list(slices.Compact(slices.Sorted(slices.Values(slices.Concat(e.Holds, who.Holds)))))
	cells := make([][]string, len(c.Audiences))
	for i, a := range c.Audiences {
		cells[i] = []string{a.Audience, strconv.Itoa(a.Before), strconv.Itoa(a.Entered), strconv.Itoa(a.Left), strconv.Itoa(a.Stayed), numberText(a.Now), strconv.Itoa(a.Without), e.File, who.File, summary.File, holds}
	}
	return cells
}
