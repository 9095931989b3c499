package show

import (
	"fmt"
	"strings"

	"github.com/segq/segq/redisx/record"
)

// overlapParts shows what audiences have in common: each, each two, and of three or more the
// profiles that are in exactly some of them.
func overlapParts(r *record.Record, l Look) []Part {
	o := r.Overlap
	if o == nil || len(o.Both) == 0 {
		return nil
	}
	labels, apart := labelsOf(o)
	parts := []Part{audiences(r, labels, apart), pairs(o, labels)}
	if len(o.Both) > 2 && len(o.Exact) > 0 {
		parts = append(parts, exactly(r, labels, l))
	}
	last := &parts[len(parts)-1]
	last.Below = append(last.Below, fmt.Sprintf("%s in any of them, %s in all", Count(o.Any), Count(o.All)))
	return parts
}

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

// audiences shows each audience.
func audiences(r *record.Record, labels []string, apart bool) Part {
	o := r.Overlap
	p := Part{Columns: []Column{{Head: "audience", Fold: true}, {Head: "profiles", Right: true}, {Head: "share", Right: true}, {Head: "in no other", Right: true}}}
	if apart {
		p.Columns = append([]Column{{}}, p.Columns...)
	}
	all := 0
	if r.Total != nil {
		all = *r.Total
	}
	counts := make([]int, len(o.Both))
	for i, both := range o.Both {
		counts[i] = both[i]
		only := ""
		if i < len(o.Only) {
			only = Count(o.Only[i])
		}
		row := []string{OneLine(AudienceName(o, i)), Count(both[i]), Share(both[i], all), only}
		if apart {
			row = append([]string{labels[i]}, row...)
		}
		p.Rows = append(p.Rows, row)
	}
	p.Lengths = longest(counts)
	return p
}

// pairs shows what each two audiences have in common.
func pairs(o *record.Overlap, labels []string) Part {
	p := Part{Columns: []Column{
		{Head: "both", Fold: true}, {Head: "profiles", Right: true}, {Head: "of the first", Right: true}, {Head: "of the second", Right: true}, {Head: "Jaccard", Right: true},
	}}
	for i := range o.Both {
		for j := i + 1; j < len(o.Both); j++ {
			n := o.Both[i][j]
			jaccard := o.Jaccard[i][j]
			p.Rows = append(p.Rows, []string{labels[i] + " & " + labels[j], Count(n), Share(n, o.Both[i][i]), Share(n, o.Both[j][j]), factor(jaccard)})
			p.Lengths = append(p.Lengths, jaccard)
		}
	}
	return p
}

// exactly shows the sets of audiences that some profiles are in, and in no others.
func exactly(r *record.Record, labels []string, l Look) Part {
	o := r.Overlap
	p := Part{Columns: []Column{{Head: "in exactly", Fold: true}, {Head: "profiles", Right: true}, {Head: "of any", Right: true}}}
	counts := make([]int, len(o.Exact))
	for i, x := range o.Exact {
		counts[i] = x.Count
		p.Rows = append(p.Rows, []string{Joined(x, labels), Count(x.Count), Share(x.Count, o.Any)})
	}
	p.Lengths = longest(counts)
	if rest := o.Distinct - len(o.Exact); rest > 0 {
		p.Below = append(p.Below, l.more(Plural(rest, "more combination", "more combinations"), "overlap.exact"))
	} else if cut(r, "overlap.exact") {
		p.Below = append(p.Below, l.more("more combinations", "overlap.exact"))
	}
	return p
}

// Joined names the audiences of an intersection.
func Joined(x record.Intersection, names []string) string {
	in := make([]string, len(x.In))
	for k, i := range x.In {
		in[k] = names[i]
	}
	return strings.Join(in, " & ")
}
