package eval_test

import (
	"cmp"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// What follows is the calendar once more, by the rules of package time, and the
// windows once more, by comparison of instants instead of stretches.

var monthUnits = map[ast.Unit]int{
	ast.Month: 1, ast.Quarter: 3, ast.Year: 12, ast.Decade: 120, ast.Century: 1200, ast.Millennium: 12000,
}

var clockUnits = map[ast.Unit]time.Duration{
	ast.Millisecond: time.Millisecond, ast.Second: time.Second, ast.Minute: time.Minute,
	ast.Hour: time.Hour, ast.Day: 24 * time.Hour, ast.Week: 7 * 24 * time.Hour,
}

func startOf(t time.Time, unit ast.Unit) time.Time {
	y, m, d := t.Date()
	switch unit {
	case ast.Day:
	case ast.Week:
		d -= (int(t.Weekday()) + 6) % 7
	case ast.Month:
		d = 1
	case ast.Quarter:
		m, d = m-(m-1)%3, 1
	case ast.Year, ast.Decade, ast.Century, ast.Millennium:
		y, m, d = y-y%(monthUnits[unit]/12), time.January, 1
	default:
		return t.Truncate(clockUnits[unit])
	}
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func moved(t time.Time, n int, unit ast.Unit) time.Time {
	if d, ok := clockUnits[unit]; ok {
		return t.Add(time.Duration(n) * d)
	}
	to := t.AddDate(0, n*monthUnits[unit], 0)
	if to.Day() != t.Day() { // the month is too short: its last day
		to = to.AddDate(0, 0, -to.Day())
	}
	return to
}

// rolls says whether x is at the distance of w from ref.
func rolls(x time.Time, w check.Window, ref time.Time) bool {
	if w.Op == "!=" {
		w.Op = "="
		return !rolls(x, w, ref)
	}
	if w.Dir == "from" {
		before, after := w, w
		before.Dir, after.Dir = "before", "after"
		return rolls(x, before, ref) || rolls(x, after, ref)
	}
	sign := -1
	if w.Dir == "after" {
		sign = 1
	}
	edge := moved(ref, sign*int(w.N), w.Unit)
	past, side := cmp.Compare(x.UnixMilli(), edge.UnixMilli())*sign, cmp.Compare(x.UnixMilli(), ref.UnixMilli())*sign
	switch w.Op {
	case "=":
		return startOf(x, w.Unit).Equal(startOf(edge, w.Unit))
	case "<":
		return side > 0 && past < 0
	case "<=":
		return side > 0 && past <= 0
	case ">":
		return past > 0
	}
	return past >= 0
}

// moments draws instants of a few years that are often the start of a unit, the
// end of a month, or one millisecond off.
func moments() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		at := time.Date(rapid.IntRange(2018, 2021).Draw(t, "year"), time.Month(rapid.IntRange(1, 12).Draw(t, "month")),
			rapid.SampledFrom([]int{1, 2, 15, 28, 29, 30, 31}).Draw(t, "day"),
			rapid.SampledFrom([]int{0, 12, 23}).Draw(t, "hour"), 0, 0, 0, time.UTC)
		return at.Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "ms")) * time.Millisecond)
	})
}

func TestRollingWindows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ref := moments().Draw(t, "ref")
		w := check.Window{
			Op:   rapid.SampledFrom([]string{"=", "!=", "<", "<=", ">", ">="}).Draw(t, "op"),
			N:    int64(rapid.IntRange(0, 4).Draw(t, "n")),
			Unit: rapid.Map(rapid.IntRange(int(ast.Millisecond), int(ast.Decade)), func(u int) ast.Unit { return ast.Unit(u) }).Draw(t, "unit"),
			Dir:  rapid.SampledFrom([]string{"before", "after", "from"}).Draw(t, "dir"),
		}
		x := rapid.OneOf(moments(), rapid.Just(moved(ref, int(w.N), w.Unit)), rapid.Just(moved(ref, -int(w.N), w.Unit))).Draw(t, "x")
		at := func(t time.Time) *check.Const {
			return &check.Const{Info: info(check.TimestampType), V: t.UnixMilli()}
		}
		want := rolls(x, w, ref)
		n := &check.Occurs{Info: info(check.BoolType), X: at(x), Window: w}
		n.Window.Ref = at(ref)
		if got := value(t, n).Bool(); got != want {
			t.Errorf("%v occurs %s %d %v %s %v: %v, want %v", x, w.Op, w.N, w.Unit, w.Dir, ref, got, want)
		}
	})
}
