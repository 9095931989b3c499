package eval

import (
	"math"
	"time"

	"github.com/segq/segq/lang/ast"
)

// farYears is how far units of the calendar may move an instant, and from which
// year on there are none: a timestamp holds 292 million years.
const farYears = 200_000_000

// months is the length of the calendar units.
var months = map[ast.Unit]int64{
	ast.Month: 1, ast.Quarter: 3, ast.Year: 12, ast.Decade: 120, ast.Century: 1200, ast.Millennium: 12000,
}

// lengths is the length of the other units.
var lengths = map[ast.Unit]time.Duration{
	ast.Millisecond: time.Millisecond, ast.Second: time.Second, ast.Minute: time.Minute,
	ast.Hour: time.Hour, ast.Day: 24 * time.Hour, ast.Week: 7 * 24 * time.Hour,
}

func utc(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// truncate gives the start, in UTC, of the unit that an instant lies in. Weeks
// start on Monday, and a century with the year that 100 divides.
func truncate(ms int64, unit ast.Unit) int64 {
	t := utc(ms)
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
		n := int(months[unit] / 12)
		y, m, d = y-(y%n+n)%n, time.January, 1
	default: // as long everywhere, and aligned to 1970
		n := lengths[unit].Milliseconds()
		return ms - (ms%n+n)%n
	}
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC).UnixMilli()
}

// add moves an instant by n units. Where the month it comes to is too short for
// its day, it gives the last day of that month. It stops at the ends of time.
func add(ms, n int64, unit ast.Unit) int64 {
	end := int64(math.MaxInt64)
	if n < 0 {
		end = math.MinInt64
	}
	count, ok := months[unit]
	if !ok {
		moved, ok := product(n, lengths[unit].Milliseconds())
		if sum := ms + moved; ok && (sum >= ms) == (n >= 0) {
			return sum
		}
		return end
	}
	count, ok = product(n, count)
	if !ok || count > 12*farYears || count < -12*farYears {
		return end
	}
	t := utc(ms)
	moved := t.AddDate(0, int(count), 0)
	if moved.Day() != t.Day() {
		moved = moved.AddDate(0, 0, -moved.Day())
	}
	if y := moved.Year(); y > farYears || y < -farYears {
		return end
	}
	return moved.UnixMilli()
}

// calendarSpan gives the unit that lies offset units from that of now, half-open.
func calendarSpan(now int64, offset int, unit ast.Unit) (start, end int64) {
	start = add(truncate(now, unit), int64(offset), unit)
	return start, add(start, 1, unit)
}
