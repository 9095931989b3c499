package show

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/segq/segq/redisx/record"
)

// overlapParts shows what audiences have in common: each, each two, and of three or more the
// profiles that are in exactly some of them, which come first where there are many pairs.
func overlapParts(r *record.Record, l Look) []Part {
	o := r.Overlap
	if o == nil || len(o.Both) == 0 {
		return nil
	}
	labels, apart := labelsOf(o)
	parts := []Part{audiences(r, labels, apart)}
	if o.Any > 0 {
		common := []Part{pairs(o, labels, l)}
		if len(o.Both) > 2 && len(o.Exact) > 0 {
			common = append(common, exactly(r, labels, l))
		}
		if len(o.Both) > fewAudiences {
			slices.Reverse(common)
		}
		parts = append(parts, common...)
	}
	last := &parts[len(parts)-1]
	last.Below = append(last.Below, Words(fmt.Sprintf("%s in any of them, %s in all", Count(o.Any), Count(o.All)), l.Width)...)
	return parts
}

// fewAudiences have few pairs, and mostPairs are so many as an outline shows of more.
const fewAudiences, mostPairs = 6, 20

// shortName is how long the names of audiences may be to be written everywhere.
const shortName = 16

// labelsOf returns what audiences are called where there is little room: by their names if all
// are short, else by letters, which are set apart then.
func labelsOf(o *record.Overlap) (labels []string, apart bool) {
	for i := range o.Both {
		labels = append(labels, OneLine(AudienceName(o, i)))
		apart = apart || Cells(labels[i]) > shortName
	}
	if !apart {
		return labels, false
	}
	for i := range labels {
		labels[i] = letters(i)
	}
	return labels, true
}

// letters counts as the columns of spreadsheets do: A to Z, AA.
func letters(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return letters(i/26-1) + string(rune('A'+i%26))
}

// AudienceName is what an audience of an overlap is called.
func AudienceName(o *record.Overlap, i int) string {
	if i < len(o.Names) && o.Names[i] != "" {
		return o.Names[i]
	}
	return letters(i)
}

// rulesOf returns the rules of audiences where some of them are not what these are called.
func rulesOf(o *record.Overlap) (rules []string) {
	named := false
	for i := range o.Both {
		if i >= len(o.Queries) {
			return nil
		}
		rules = append(rules, OneLine(o.Queries[i]))
		named = named || rules[i] != OneLine(AudienceName(o, i))
	}
	if !named {
		return nil
	}
	return rules
}

// audiences shows each audience.
func audiences(r *record.Record, labels []string, apart bool) Part {
	o, rules := r.Overlap, rulesOf(r.Overlap)
	p := Part{Columns: []Column{{Head: "profiles", Right: true}, {Head: "share", Right: true, Spare: 1}, {Head: "in no other", Right: true, Spare: 2}}}
	if rules != nil {
		p.Columns = slices.Insert(p.Columns, 0, Column{Head: "rule", Fold: true, Spare: 3})
	}
	p.Columns = slices.Insert(p.Columns, 0, Column{Head: "audience", Fold: true})
	if apart {
		p.Columns = slices.Insert(p.Columns, 0, Column{})
	}
	all := 0
	if r.Total != nil {
		all = *r.Total
	}
	counts := make([]int, len(o.Both))
	for i, both := range o.Both {
		counts[i] = both[i]
		row := []string{OneLine(AudienceName(o, i))}
		if apart {
			row = []string{labels[i], row[0]}
		}
		if rules != nil {
			row = append(row, rules[i])
		}
		only := ""
		if i < len(o.Only) {
			only = Count(o.Only[i])
		}
		p.Rows = append(p.Rows, append(row, Count(both[i]), Share(both[i], all), only))
	}
	p.Lengths = longest(counts)
	return p
}

// pairs shows what each two audiences have in common: of many, those that are most alike.
func pairs(o *record.Overlap, labels []string, l Look) Part {
	p := Part{Columns: []Column{
		{Head: "both", Fold: true}, {Head: "profiles", Right: true}, {Head: "of the first", Right: true, Spare: 1}, {Head: "of the second", Right: true, Spare: 2}, {Head: "Jaccard", Right: true, Spare: 3},
	}}
	var two [][2]int
	for i := range o.Both {
		for j := i + 1; j < len(o.Both); j++ {
			two = append(two, [2]int{i, j})
		}
	}
	if l.Top == 0 && len(o.Both) > fewAudiences {
		slices.SortStableFunc(two, func(a, b [2]int) int { return cmp.Compare(o.Jaccard[b[0]][b[1]], o.Jaccard[a[0]][a[1]]) })
		if rest := len(two) - mostPairs; rest > 0 {
			p.Below = l.more(Plural(rest, "more pair", "more pairs")+", less alike", "overlap.pairs")
			two = two[:mostPairs]
		}
	}
	for _, t := range two {
		i, j := t[0], t[1]
		n, jaccard := o.Both[i][j], o.Jaccard[i][j]
		p.Rows = append(p.Rows, []string{labels[i] + " & " + labels[j], Count(n), Share(n, o.Both[i][i]), Share(n, o.Both[j][j]), factor(jaccard)})
		p.Lengths = append(p.Lengths, jaccard)
	}
	return p
}

// exactly shows the sets of audiences that some profiles are in, and in no others.
func exactly(r *record.Record, labels []string, l Look) Part {
	o := r.Overlap
	p := Part{Columns: []Column{{Head: "in exactly", Fold: true}, {Head: "profiles", Right: true}, {Head: "of any", Right: true, Spare: 1}}}
	counts := make([]int, len(o.Exact))
	for i, x := range o.Exact {
		counts[i] = x.Count
		p.Rows = append(p.Rows, []string{joined(x, labels), Count(x.Count), Share(x.Count, o.Any)})
	}
	p.Lengths = longest(counts)
	if rest := o.Distinct - len(o.Exact); rest > 0 {
		p.Below = append(p.Below, l.more(Plural(rest, "more combination", "more combinations"), "overlap.exact")...)
	} else if cut(r, "overlap.exact") {
		p.Below = append(p.Below, l.more("more combinations", "overlap.exact")...)
	}
	return p
}

// joined names the audiences of an intersection.
func joined(x record.Intersection, names []string) string {
	in := make([]string, len(x.In))
	for k, i := range x.In {
		in[k] = names[i]
	}
	return strings.Join(in, " & ")
}
