package show

import (
	"strings"

	"github.com/segq/segq/redisx/record"
)

// levels are the probabilities below which a difference gets so many dots.
var levels = []float64{0.05, 0.01, 0.001}

// liftParts shows which values are more frequent in an audience than elsewhere.
func liftParts(r *record.Record, l Look) []Part {
	if len(r.Lift) == 0 {
		return nil
	}
	one, bounded := true, false
	for _, x := range r.Lift {
		one = one && x.Field == r.Lift[0].Field
		bounded = bounded || x.High != 0
	}
	p := Part{Columns: liftColumns(r, one, bounded)}
	small := false
	for _, x := range r.Lift {
		small = small || x.Small
		p.Rows = append(p.Rows, liftRow(r, x, one, bounded))
	}
	p.Below = liftLegend(r, small, l)
	if cut(r, "lift") {
		p.Below = append([]string{l.more("more values", "lift")}, p.Below...)
	}
	return []Part{p}
}

// liftColumns are the columns of a lift: of one field, the head of the values is its name.
func liftColumns(r *record.Record, one, bounded bool) []Column {
	columns := []Column{{Head: "field", Fold: true, Role: Name}, {Head: "value", Fold: true}}
	if one {
		columns = []Column{{Head: "value", Fold: true}}
		if field := r.Lift[0].Field; field != "" {
			columns[0] = Column{Head: Clean(field), Fold: true, HeadRole: Name}
		}
	}
	columns = append(columns, Column{Head: "audience", Right: true}, Column{Head: "everyone", Right: true}, Column{Head: "index", Right: true})
	if bounded {
		columns = append(columns, Column{Head: "95 % interval", Right: true, Role: Faint})
	}
	return append(columns, Column{})
}

func liftRow(r *record.Record, x record.Lift, one, bounded bool) []string {
	value := text(x.Value)
	if x.Null {
		value = null
	}
	var row []string
	if !one {
		row = append(row, Clean(x.Field))
	}
	row = append(row, value, Fraction(x.Share), Fraction(x.Base), times(x.Index/100))
	if bounded {
		row = append(row, factor(x.Low/100)+" – "+factor(x.High/100))
	}
	return append(row, liftMark(r, x))
}

// liftMark has a dot for each level of significance, and says that few profiles have the value.
func liftMark(r *record.Record, x record.Lift) string {
	p := x.P
	if r.Compared > 0 {
		p = x.Corrected
	}
	dots := ""
	for _, level := range levels {
		if p < level {
			dots += "●"
		}
	}
	if x.Small {
		dots += strings.Repeat(" ", len(levels)-len([]rune(dots))+1) + "few: " + Count(x.Count)
	}
	return dots
}

// liftLegend says what the marks mean.
func liftLegend(r *record.Record, small bool, l Look) []string {
	dots := "● p < 0.05  ●● < 0.01  ●●● < 0.001"
	if r.Compared > 0 {
		dots += ", corrected for " + Plural(r.Compared, "value", "values")
	}
	legend := []string{dots}
	if small {
		legend = append(legend, "few: so few profiles of the audience have the value that its interval means little")
	}
	var lines []string
	for _, text := range legend {
		for _, line := range Words(text, l.Width) {
			lines = append(lines, l.As(Faint, line))
		}
	}
	return lines
}
