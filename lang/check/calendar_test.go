package check_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

// ms reads a time for a table.
func ms(t *testing.T, text string) int64 {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		t.Fatal(err)
	}
	return at.UnixMilli()
}

func text(at int64) string {
	switch at {
	case check.Earliest:
		return "-"
	case check.Latest:
		return "+"
	}
	return time.UnixMilli(at).UTC().Format("2006-01-02T15:04:05.999Z")
}

func TestTruncate(t *testing.T) {
	t.Parallel()
	// 28 August 2018 is a Tuesday.
	for unit, want := range map[ast.Unit]string{
		ast.Millisecond: "2018-08-28T12:34:56.789Z",
		ast.Second:      "2018-08-28T12:34:56Z",
		ast.Minute:      "2018-08-28T12:34:00Z",
		ast.Hour:        "2018-08-28T12:00:00Z",
		ast.Day:         "2018-08-28T00:00:00Z",
		ast.Week:        "2018-08-27T00:00:00Z",
		ast.Month:       "2018-08-01T00:00:00Z",
		ast.Quarter:     "2018-07-01T00:00:00Z",
		ast.Year:        "2018-01-01T00:00:00Z",
		ast.Decade:      "2010-01-01T00:00:00Z",
		ast.Century:     "2000-01-01T00:00:00Z",
		ast.Millennium:  "2000-01-01T00:00:00Z",
	} {
		if got := text(check.Truncate(ms(t, "2018-08-28T12:34:56.789Z"), unit)); got != want {
			t.Errorf("%v: %s, not %s", unit, got, want)
		}
	}
	for at, want := range map[string]string{
		"2018-08-26T23:59:59.999Z": "2018-08-20T00:00:00Z", // a Sunday ends its week
		"2018-08-27T00:00:00Z":     "2018-08-27T00:00:00Z", // a Monday begins one
		"1969-12-28T12:00:00Z":     "1969-12-22T00:00:00Z",
		"1970-01-01T00:00:00Z":     "1969-12-29T00:00:00Z",
	} {
		if got := text(check.Truncate(ms(t, at), ast.Week)); got != want {
			t.Errorf("the week of %s begins %s, not %s", at, got, want)
		}
	}
}

func TestAddUnits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		at   string
		n    int64
		unit ast.Unit
		want string
	}{
		{"2018-01-31T10:00:00Z", 1, ast.Month, "2018-02-28T10:00:00Z"},
		{"2020-01-31T10:00:00Z", 1, ast.Month, "2020-02-29T10:00:00Z"},
		{"2018-03-31T10:00:00Z", -1, ast.Month, "2018-02-28T10:00:00Z"},
		{"2018-05-31T00:00:00Z", 1, ast.Month, "2018-06-30T00:00:00Z"},
		{"2018-11-30T00:00:00Z", 1, ast.Quarter, "2019-02-28T00:00:00Z"},
		{"2020-02-29T23:59:59.999Z", 1, ast.Year, "2021-02-28T23:59:59.999Z"},
		{"2020-02-29T00:00:00Z", 4, ast.Year, "2024-02-29T00:00:00Z"},
		{"2020-02-29T00:00:00Z", -1, ast.Century, "1920-02-29T00:00:00Z"},
		{"2018-12-31T00:00:00Z", 1, ast.Day, "2019-01-01T00:00:00Z"},
		{"2018-08-28T12:00:00Z", -3, ast.Week, "2018-08-07T12:00:00Z"},
		{"2018-08-28T12:00:00Z", 90, ast.Minute, "2018-08-28T13:30:00Z"},
		{"1970-01-01T00:00:00Z", -1, ast.Month, "1969-12-01T00:00:00Z"},
		{"2018-08-28T12:00:00Z", math.MaxInt64, ast.Day, "+"},
		{"2018-08-28T12:00:00Z", math.MaxInt64, ast.Millisecond, "+"},
		{"2018-08-28T12:00:00Z", -math.MaxInt64, ast.Year, "-"},
		{"2018-08-28T12:00:00Z", math.MinInt64, ast.Second, "-"},
	} {
		if got := text(check.AddUnits(ms(t, c.at), c.n, c.unit)); got != c.want {
			t.Errorf("%s and %d %v: %s, not %s", c.at, c.n, c.unit, got, c.want)
		}
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	if s, ok := check.Day(2020, 2, 29); !ok || text(s.Start) != "2020-02-29T00:00:00Z" || text(s.End) != "2020-03-01T00:00:00Z" {
		t.Errorf("29 February 2020: %v, %v", s, ok)
	}
	for _, d := range [][3]int64{{2019, 2, 29}, {2019, 4, 31}, {2019, 13, 1}, {2019, 0, 1}, {2019, 1, 0}, {-1, 1, 1}, {10000, 1, 1}, {math.MaxInt64, 1, 1}} {
		if _, ok := check.Day(d[0], d[1], d[2]); ok {
			t.Errorf("there is a day %v", d)
		}
	}
}

func TestParseTimestamp(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"2026-11-01":                     "2026-11-01T00:00:00Z",
		"2026-11-01T10:15":               "2026-11-01T10:15:00Z",
		"2026-11-01T10:15:30":            "2026-11-01T10:15:30Z",
		"2026-11-01T10:15:30Z":           "2026-11-01T10:15:30Z",
		"2026-11-01T10:15:30.25Z":        "2026-11-01T10:15:30.25Z",
		"2026-11-01T10:15:30.123456789Z": "2026-11-01T10:15:30.123Z",
		"2026-11-01T00:30:00+01:00":      "2026-10-31T23:30:00Z",
		"2026-11-01T23:30:00-0200":       "2026-11-02T01:30:00Z",
		"2026-11-01T10:00:00+05":         "2026-11-01T05:00:00Z",
		"2026-11-01T10:00:00.5+05:30":    "2026-11-01T04:30:00.5Z",
		"2024-01-02 10:00:00 +0200":      "2024-01-02T08:00:00Z",
		"2024-01-02 10:00:00 -03:30":     "2024-01-02T13:30:00Z",
		"2024-01-02 10:00:00.5 +02":      "2024-01-02T08:00:00.5Z",
		"2024-01-02T10:00 UTC":           "2024-01-02T10:00:00Z",
		"2024-02-29":                     "2024-02-29T00:00:00Z",
		"0001-01-01":                     "0001-01-01T00:00:00Z",
		"9999-12-31T23:59:59.999Z":       "9999-12-31T23:59:59.999Z",
	} {
		got, ok := check.ParseTimestamp(in)
		if !ok || text(got) != want {
			t.Errorf("%s is %s (%v), not %s", in, text(got), ok, want)
		}
	}
	for _, in := range []string{
		"", "2026", "2026-11", "2026-11-1", "2026-13-01", "2026-00-01", "2026-02-29", "2026-11-31", "20261101", "2026-11-01x",
		"2026-11-01T", "2026-11-01T1", "2026-11-01T24:00:00Z", "2026-11-01T10:60:00Z", "2026-11-01T10:15:30.Z",
		"2026-11-01T10:15:30+", "2026-11-01T10:15:30+5", "2026-11-01T10:15:30+25:00", "2026-11-01T10:15:30Zx", " 2026-11-01", "2026-11-01 ",
		"2026-11-01T10:15 ", "2026-11-01T10:15  +02", "2026-11-01T10:15 x", "2026-11-01T10:15 UTCx", "2026-11-01 UTC", "2026-11-01T10:15UTC",
		"1761991200000", "२०२६-११-०१",
	} {
		if got, ok := check.ParseTimestamp(in); ok {
			t.Errorf("%q is %s", in, text(got))
		}
	}
}

// TestStretches goes through every form of a window. Now is noon of 28 August
// 2018; the instants are worked out by hand from the rules in the manual.
func TestStretches(t *testing.T) {
	t.Parallel()
	now := ms(t, "2018-08-28T12:00:00Z")
	instant := check.Stretch{Start: now, End: now}
	today := check.CalendarUnit(now, 0, ast.Day)
	july := check.CalendarUnit(now, -1, ast.Month)
	const tick = ".001Z"
	w := func(op string, n int64, unit ast.Unit, dir string) check.Window {
		return check.Window{Op: op, N: n, Unit: unit, Dir: dir}
	}
	for _, c := range []struct {
		name string
		w    check.Window
		ref  check.Stretch
		want string
	}{
		{"<= 3 days before now", w("<=", 3, ast.Day, "before"), instant, "2018-08-25T12:00:00Z..2018-08-28T12:00:00Z"},
		{"< 3 days before now", w("<", 3, ast.Day, "before"), instant, "2018-08-25T12:00:00" + tick + "..2018-08-28T12:00:00Z"},
		{"> 3 days before now", w(">", 3, ast.Day, "before"), instant, "-..2018-08-25T12:00:00Z"},
		{">= 3 days before now", w(">=", 3, ast.Day, "before"), instant, "-..2018-08-25T12:00:00" + tick},
		{"= 3 days before now", w("=", 3, ast.Day, "before"), instant, "2018-08-25T00:00:00Z..2018-08-26T00:00:00Z"},
		{"!= 3 days before now", w("!=", 3, ast.Day, "before"), instant, "-..2018-08-25T00:00:00Z 2018-08-26T00:00:00Z..+"},
		{"= 3 hours before now", w("=", 3, ast.Hour, "before"), instant, "2018-08-28T09:00:00Z..2018-08-28T10:00:00Z"},
		{"<= 1 month before today", w("<=", 1, ast.Month, "before"), today, "2018-07-28T00:00:00Z..2018-08-28T00:00:00Z"},
		{"<= 3 days after now", w("<=", 3, ast.Day, "after"), instant, "2018-08-28T12:00:00" + tick + "..2018-08-31T12:00:00" + tick},
		{"< 3 days after now", w("<", 3, ast.Day, "after"), instant, "2018-08-28T12:00:00" + tick + "..2018-08-31T12:00:00Z"},
		{"> 3 days after now", w(">", 3, ast.Day, "after"), instant, "2018-08-31T12:00:00" + tick + "..+"},
		{">= 3 days after now", w(">=", 3, ast.Day, "after"), instant, "2018-08-31T12:00:00Z..+"},
		{"= 3 weeks after now", w("=", 3, ast.Week, "after"), instant, "2018-09-17T00:00:00Z..2018-09-24T00:00:00Z"},
		{"< 1 day from now", w("<", 1, ast.Day, "from"), instant, "2018-08-27T12:00:00" + tick + "..2018-08-28T12:00:00Z 2018-08-28T12:00:00" + tick + "..2018-08-29T12:00:00Z"},
		{"> 1 day from now", w(">", 1, ast.Day, "from"), instant, "-..2018-08-27T12:00:00Z 2018-08-29T12:00:00" + tick + "..+"},
		{"= 1 day from now", w("=", 1, ast.Day, "from"), instant, "2018-08-27T00:00:00Z..2018-08-28T00:00:00Z 2018-08-29T00:00:00Z..2018-08-30T00:00:00Z"},
		{"!= 1 day from now", w("!=", 1, ast.Day, "from"), instant, "-..2018-08-27T00:00:00Z 2018-08-28T00:00:00Z..2018-08-29T00:00:00Z 2018-08-30T00:00:00Z..+"},
		{"before now", w("", 0, 0, "before"), instant, "-..2018-08-28T12:00:00Z"},
		{"before today", w("", 0, 0, "before"), today, "-..2018-08-28T00:00:00Z"},
		{"after now", w("", 0, 0, "after"), instant, "2018-08-28T12:00:00" + tick + "..+"},
		{"after today", w("", 0, 0, "after"), today, "2018-08-29T00:00:00Z..+"},
		{"last month", w("", 0, 0, ""), july, "2018-07-01T00:00:00Z..2018-08-01T00:00:00Z"},
		{"on an instant", w("", 0, 0, ""), instant, "2018-08-28T00:00:00Z..2018-08-29T00:00:00Z"},
		{"< a great many days before now", w("<", math.MaxInt64, ast.Day, "before"), instant, "-..2018-08-28T12:00:00Z"},
		{"> a great many days before now", w(">", math.MaxInt64, ast.Day, "before"), instant, ""},
		{"= a great many years before now", w("=", math.MaxInt64, ast.Year, "before"), instant, ""},
		{"= 0 days before now", w("=", 0, ast.Day, "before"), instant, "2018-08-28T00:00:00Z..2018-08-29T00:00:00Z"},
	} {
		if got := stretchesText(c.w.Stretches(c.ref, check.Stretch{})); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.want)
		}
	}
	between := check.Window{To: &check.Const{}}
	if got := stretchesText(between.Stretches(july, today)); got != "2018-07-01T00:00:00Z..2018-08-29T00:00:00Z" {
		t.Errorf("between last month and today: %s", got)
	}
	if got := stretchesText(between.Stretches(today, instant)); got != "2018-08-28T00:00:00Z..2018-08-28T12:00:00"+tick {
		t.Errorf("between today and now: %s", got)
	}
	if got := stretchesText(between.Stretches(today, july)); got != "" {
		t.Errorf("between today and last month: %s", got)
	}
}

func stretchesText(all []check.Stretch) string {
	var parts []string
	for _, s := range all {
		parts = append(parts, fmt.Sprintf("%s..%s", text(s.Start), text(s.End)))
	}
	return strings.Join(parts, " ")
}
