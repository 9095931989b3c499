package loosen

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/segq/segq/lang/ast"
)

// lengths are the usual lengths of windows, by unit; of other units, and beyond them, 1, 2 and 5 times the
// powers of ten.
var lengths = map[ast.Unit][]int64{
	ast.Second:  {1, 2, 5, 10, 15, 30, 60, 90, 120, 300, 600, 900, 1800, 3600},
	ast.Minute:  {1, 2, 5, 10, 15, 30, 60, 90, 120, 180, 360, 720, 1440},
	ast.Hour:    {1, 2, 3, 6, 12, 24, 48, 72, 96, 168, 336, 720},
	ast.Day:     {1, 2, 3, 7, 14, 30, 60, 90, 120, 180, 365, 730, 1095},
	ast.Week:    {1, 2, 4, 8, 13, 26, 52, 104},
	ast.Month:   {1, 2, 3, 6, 12, 18, 24, 36},
	ast.Quarter: {1, 2, 4, 8, 12},
	ast.Year:    {1, 2, 3, 5, 10, 20, 50, 100},
}

// distance finds the number of a window behind its comparison.
var distance = regexp.MustCompile(`^(?:occurs)?[\s<>=!]*([0-9]+)`)

// window loosens a window that is so many units of time long; at is what it is about.
func (w *walker) window(x *ast.Window, at ast.Span, d direction) {
	switch x.Op {
	case "<", "<=":
	case ">", ">=":
		d = -d
	default:
		w.calendar(x, at, d)
		return
	}
	text := w.text[x.At.Start:x.At.End]
	found := distance.FindStringSubmatchIndex(text)
	to, ok := length(x.N, x.Unit, d)
	if !ok || found == nil || text[found[2]:found[3]] != strconv.FormatInt(x.N, 10) {
		return
	}
	unit := x.Unit.String()
	if to != 1 {
		unit = plural(x.Unit)
	}
	place := ast.Span{Start: x.At.Start + found[2], End: x.At.Start + found[3]}
	number := strconv.FormatInt(to, 10)
	w.add(at, x.Op+" "+number+" "+unit, place, number, nil)
}

// calendar loosens a window that is a day or another unit of the calendar: it holds the unit beside it, too.
func (w *walker) calendar(x *ast.Window, at ast.Span, d direction) {
	if x.To != nil || x.Dir != "" || x.Ref == nil {
		return
	}
	between := ""
	switch ref := x.Ref.(type) {
	case *ast.Calendar:
		unit := ref.Unit.String()
		between = "between last " + unit + " and this " + unit
		if ref.Which == "next" {
			between = "between this " + unit + " and next " + unit
		}
	case *ast.TimeWord:
		between = map[string]string{"today": "between yesterday and today", "yesterday": "between yesterday and today", "tomorrow": "between today and tomorrow"}[ref.Word]
	}
	if between == "" {
		return
	}
	if d < 0 {
		w.stay(at, "a unit of the calendar has no smaller one that is the next")
		return
	}
	place := w.whole(x.Ref)
	if place.Start < x.At.Start || place.End > x.At.End {
		place = x.Ref.Span()
	}
	if on := onWord.FindStringIndex(w.text[x.At.Start:place.Start]); x.On && on != nil {
		place.Start = x.At.Start + on[0]
	}
	w.add(at, between, place, between, nil)
}

// onWord is the on of a window before what it is on.
var onWord = regexp.MustCompile(`(?i:on)\s+$`)

// length returns the next length of a window.
func length(n int64, unit ast.Unit, d direction) (int64, bool) {
	usual := lengths[unit]
	if i := slices.IndexFunc(usual, func(l int64) bool { return l > n }); d > 0 && i >= 0 {
		return usual[i], true
	}
	if d < 0 && len(usual) > 0 && n <= usual[len(usual)-1] {
		below := int64(0)
		for _, l := range usual {
			if l < n {
				below = l
			}
		}
		return below, n > 0
	}
	text, ok := literal{whole: true, int: n}.step(d)
	to, err := strconv.ParseInt(text, 10, 64)
	return to, ok && err == nil && to >= 0
}

func plural(u ast.Unit) string {
	switch u {
	case ast.Century:
		return "centuries"
	case ast.Millennium:
		return "millennia"
	}
	return u.String() + "s"
}
