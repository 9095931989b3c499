package eval

import (
	"time"

	"github.com/segq/segq/lang/ast"
)

// truncate gives the start of the unit that t lies in. Weeks start on Monday.
func truncate(t time.Time, unit ast.Unit) time.Time {
	y, m, d := t.Date()
	switch unit {
	case ast.Millisecond:
		return t.Truncate(time.Millisecond)
	case ast.Second:
		return t.Truncate(time.Second)
	case ast.Minute:
		return t.Truncate(time.Minute)
	case ast.Hour:
		return t.Truncate(time.Hour)
	case ast.Day:
	case ast.Week:
		d -= (int(t.Weekday()) + 6) % 7
	case ast.Month:
		d = 1
	case ast.Quarter:
		m, d = m-(m-1)%3, 1
	default:
		n := years(unit)
		y, m, d = y-y%n, 1, 1
	}
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// add moves t by n units. Where the month it comes to is too short, it gives the
// last day of that month.
func add(t time.Time, n int, unit ast.Unit) time.Time {
	switch unit {
	case ast.Millisecond:
		return t.Add(time.Duration(n) * time.Millisecond)
	case ast.Second:
		return t.Add(time.Duration(n) * time.Second)
	case ast.Minute:
		return t.Add(time.Duration(n) * time.Minute)
	case ast.Hour:
		return t.Add(time.Duration(n) * time.Hour)
	case ast.Day:
		return t.AddDate(0, 0, n)
	case ast.Week:
		return t.AddDate(0, 0, 7*n)
	case ast.Month:
	case ast.Quarter:
		n *= 3
	default:
		n *= 12 * years(unit)
	}
	moved := t.AddDate(0, n, 0)
	if moved.Day() != t.Day() {
		return moved.AddDate(0, 0, -moved.Day())
	}
	return moved
}

func years(unit ast.Unit) int {
	switch unit {
	case ast.Decade:
		return 10
	case ast.Century:
		return 100
	case ast.Millennium:
		return 1000
	}
	return 1
}

// calendarSpan gives the unit that lies offset units from that of now, half-open.
func calendarSpan(now int64, offset int, unit ast.Unit) (start, end int64) {
	t := add(truncate(time.UnixMilli(now).UTC(), unit), offset, unit)
	return t.UnixMilli(), add(t, 1, unit).UnixMilli()
}
