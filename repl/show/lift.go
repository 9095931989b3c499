package show

import (
	"cmp"
	"math"
	"slices"

	"github.com/segq/segq/redisx/record"
)

// levels are the probabilities below which a difference gets so many dots.
var levels = []float64{0.05, 0.01, 0.001}

// liftTable is what the values of a lift have in common.
type liftTable struct {
	*record.Record
	one     bool // all are of one field
	bounded bool // their indexes have intervals
	small   bool // some have too few profiles
}

// liftParts shows which values are more frequent in an audience than elsewhere.
func liftParts(r *record.Record, l Look) []Part {
	if len(r.Lift) == 0 {
		return nil
	}
	if r.Count != nil && *r.Count == 0 {
		return []Part{{Below: l.Said(Plain, "no profile is in this audience: there is nothing to compare")}}
	}
	shown, more := outline(r, l)
	t := liftTable{Record: r, one: true}
	for _, x := range r.Lift {
		t.one = t.one && x.Field == r.Lift[0].Field
	}
	for _, x := range shown {
		t.bounded = t.bounded || x.High != 0
		t.small = t.small || few(x)
	}
	p := Part{Columns: t.columns(shown), Below: more}
	for _, x := range shown {
		p.Rows = append(p.Rows, t.row(x))
	}
	if len(shown) > 0 {
		p.Below = append(p.Below, t.legend(l)...)
	}
	return []Part{p}
}

// few says whether an index has the mark of one that is rough.
func few(x record.Lift) bool { return x.Small && x.Count > 0 }

// columns are the columns of a lift: of one field, the head of the values is its name.
func (t *liftTable) columns(shown []record.Lift) []Column {
	columns := []Column{{Head: "field", Fold: true, Role: Name, Spare: 1}, {Head: "value", Fold: true}}
	if t.one {
		columns = []Column{{Head: "value", Fold: true}}
		if field := t.Lift[0].Field; field != "" {
			columns[0] = Column{Head: Clean(field), Fold: true, HeadRole: Name}
		}
		columns[0].Right = !slices.ContainsFunc(shown, func(x record.Lift) bool { return !x.Null && !isNumber(x.Value) })
	}
	columns = append(columns, Column{Head: "audience", Right: true, Spare: 3}, Column{Head: "everyone", Right: true, Spare: 4}, Column{Head: "index", Right: true})
	if t.bounded {
		columns = append(columns, Column{Head: "95 % interval", Right: true, Role: Faint, Spare: 2})
	}
	if t.small {
		columns = append(columns, Column{Role: Faint})
	}
	return append(columns, Column{})
}

func (t *liftTable) row(x record.Lift) []string {
	value := text(x.Value)
	if x.Null {
		value = Null
	}
	var row []string
	if !t.one {
		row = append(row, Clean(x.Field))
	}
	row = append(row, value, Fraction(x.Share), Fraction(x.Base), Index(x.Index))
	if t.bounded {
		row = append(row, Index(x.Low)+" – "+Index(x.High))
	}
	if t.small {
		mark := ""
		if few(x) {
			mark = "~"
		}
		row = append(row, mark)
	}
	return append(row, dots(t.p(x)))
}

// Index writes an index, whose 100 is what there is among everyone, without decimals.
func Index(x float64) string {
	switch {
	case x > 0 && x < 0.5:
		return "<1"
	case x >= 1<<63:
		return Number(x)
	}
	return Count(int64(math.Round(x)))
}

// p is the probability by which a value is judged. Records of before there were corrected ones
// have another.
func (t *liftTable) p(x record.Lift) float64 {
	if t.Compared > 0 {
		return x.Corrected
	}
	return x.P
}

// dots has one for each level of significance.
func dots(p float64) string {
	dots := ""
	for _, level := range levels {
		if p < level {
			dots += "●"
		}
	}
	return dots
}

// legend says what the figures and marks mean.
func (t *liftTable) legend(l Look) []string {
	lines := l.Said(Faint, "index 100: as frequent as among everyone")
	marks := "● p < 0.05  ●● < 0.01  ●●● < 0.001"
	if t.Compared > 0 {
		marks += ", corrected for " + Plural(t.Compared, "value", "values")
	}
	lines = append(lines, l.Said(Faint, marks)...)
	if t.small {
		lines = append(lines, l.Said(Faint, "~ of an audience like everyone, fewer than 5 profiles would have the value: its index is rough")...)
	}
	return lines
}

// The outline of a lift has so many values that are more frequent than among everyone, and so many that
// are rarer; a lift of so few values needs none.
const outlineMore, outlineLess, outlineAll = 20, 5, 25

// outlineField is how many values of one field that are among them: a field of many values leaves room for others.
const outlineField = 4

// outline returns the values that are shown, in their order, and what is said of the others: where not
// so many are asked for, only values that differ for certain.
func outline(r *record.Record, l Look) (shown []record.Lift, more []string) {
	left := 0
	if cut(r, "lift") && l.Top == 0 { // somebody has asked for so many
		l.Top = len(r.Lift)
	}
	switch n := len(r.Lift); {
	case l.Top > 0:
		shown, left = r.Lift[:min(l.Top, n)], max(n-l.Top, 0)
	case n <= outlineAll:
		shown = r.Lift
	default:
		shown = certain(r)
		left = n - len(shown)
	}
	if len(shown) == 0 {
		more = l.Said(Plain, "no value is for certain more or less frequent than among everyone")
	}
	switch {
	case cut(r, "lift"):
		return shown, append(more, l.more("more values", "lift")...)
	case left > 0:
		return shown, append(more, l.more(Plural(left, "more value", "more values")+aside(r, shown), "lift")...)
	}
	return shown, more
}

// certain returns the values whose index certainly is another than 100: the first of those above, and of
// those below the ones that are certainly rarest.
func certain(r *record.Record) []record.Lift {
	t := liftTable{Record: r}
	var above, below []int
	for i, x := range r.Lift {
		switch clear := x.Low > 100 || x.High != 0 && x.High < 100 || t.p(x) < levels[0]; {
		case clear && x.Index > 100:
			above = append(above, i)
		case clear:
			below = append(below, i)
		}
	}
	slices.SortStableFunc(below, func(i, j int) int { return cmp.Compare(r.Lift[i].High, r.Lift[j].High) })
	kept := slices.Concat(handful(r, above, outlineMore), handful(r, below, outlineLess))
	slices.Sort(kept)
	shown := make([]record.Lift, len(kept))
	for k, i := range kept {
		shown[k] = r.Lift[i]
	}
	return shown
}

// handful returns the first most of some values, of each field no more than a few, unless it is the only one.
func handful(r *record.Record, values []int, most int) (kept []int) {
	var rest []int
	of := map[string]int{}
	for _, i := range values {
		if of[r.Lift[i].Field]++; of[r.Lift[i].Field] > outlineField {
			rest = append(rest, i)
		} else if len(kept) < most {
			kept = append(kept, i)
		}
	}
	if len(of) == 1 {
		kept = append(kept, rest[:min(len(rest), most-len(kept))]...)
	}
	return kept
}

// aside says how many of the values that are not shown may be as frequent as among everyone.
func aside(r *record.Record, shown []record.Lift) string {
	unclear := 0
	for _, x := range r.Lift {
		if x.Low <= 100 && x.High >= 100 {
			unclear++
		}
	}
	for _, x := range shown {
		if x.Low <= 100 && x.High >= 100 {
			unclear--
		}
	}
	if unclear == 0 {
		return ""
	}
	return ", " + Count(unclear) + " of them with 100 in the interval"
}
