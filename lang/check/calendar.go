package check

import (
	"math"
	"time"

	"github.com/segq/segq/lang/ast"
)

// Stretch is the instants from Start to before End, in milliseconds since 1970
// UTC.
type Stretch struct {
	Start, End int64
}

// The first and the last instant that arithmetic of time can give. They stand
// for "always" at either end.
const (
	Earliest = math.MinInt64
	Latest   = math.MaxInt64
)

// clockUnits are the lengths of the units that have one, in milliseconds.
var clockUnits = [...]int64{
	ast.Millisecond: 1,
	ast.Second:      1000,
	ast.Minute:      60 * 1000,
	ast.Hour:        3600 * 1000,
	ast.Day:         24 * 3600 * 1000,
	ast.Week:        7 * 24 * 3600 * 1000,
}

// monthsIn are the lengths of the calendar units in months.
var monthsIn = [...]int64{
	ast.Month:      1,
	ast.Quarter:    3,
	ast.Year:       12,
	ast.Decade:     120,
	ast.Century:    1200,
	ast.Millennium: 12000,
}

// Truncate returns the start of the unit that t lies in, in UTC. Weeks start on
// Monday; decades, centuries and millennia in years that they divide.
func Truncate(t int64, unit ast.Unit) int64 {
	if unit <= ast.Week {
		length, origin := clockUnits[unit], int64(0)
		if unit == ast.Week {
			origin = -3 * clockUnits[ast.Day] // Monday, 29 December 1969
		}
		return t - floorMod(t-origin, length)
	}
	at := time.UnixMilli(t).UTC()
	months := int64(at.Year())*12 + int64(at.Month()) - 1
	months -= floorMod(months, monthsIn[unit])
	return monthStart(months)
}

// AddUnits moves t by n units. Where the month it reaches is too short, it
// gives the last day of that month at the same time of day: 31 January and one
// month are the end of February. What lies outside the years ±200 million is
// Earliest or Latest.
func AddUnits(t, n int64, unit ast.Unit) int64 {
	if t == Earliest || t == Latest {
		return t
	}
	if unit <= ast.Week {
		return addClock(t, n, clockUnits[unit])
	}
	const far = 200_000_000 * 12
	if n > far/monthsIn[unit] {
		return Latest
	}
	if n < -far/monthsIn[unit] {
		return Earliest
	}
	at := time.UnixMilli(t).UTC()
	months := int64(at.Year())*12 + int64(at.Month()) - 1 + n*monthsIn[unit]
	start := monthStart(months)
	last := (monthStart(months+1)-start)/clockUnits[ast.Day] - 1
	day := min(int64(at.Day())-1, last)
	return start + day*clockUnits[ast.Day] + floorMod(t, clockUnits[ast.Day])
}

// CalendarUnit returns the unit that lies offset units from the one of now.
func CalendarUnit(now, offset int64, unit ast.Unit) Stretch {
	start := AddUnits(Truncate(now, unit), offset, unit)
	return Stretch{start, AddUnits(start, 1, unit)}
}

// Day returns the UTC day of a date, and whether there is such a day.
func Day(year, month, day int64) (Stretch, bool) {
	if year < 0 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31 {
		return Stretch{}, false
	}
	at := time.Date(int(year), time.Month(month), int(day), 0, 0, 0, 0, time.UTC)
	start := at.UnixMilli()
	return Stretch{start, start + clockUnits[ast.Day]}, int64(at.Day()) == day
}

func addClock(t, n, length int64) int64 {
	if n > math.MaxInt64/length {
		return Latest
	}
	if n < math.MinInt64/length {
		return Earliest
	}
	d := n * length
	switch sum := t + d; {
	case d > 0 && sum < t:
		return Latest
	case d < 0 && sum > t:
		return Earliest
	default:
		return sum
	}
}

// monthStart returns the start of a month counted from January of the year 0.
func monthStart(months int64) int64 {
	year := months / 12
	if months%12 < 0 {
		year--
	}
	return time.Date(int(year), time.Month(floorMod(months, 12)+1), 1, 0, 0, 0, 0, time.UTC).UnixMilli()
}

func floorMod(a, b int64) int64 {
	if m := a % b; m < 0 {
		return m + b
	} else {
		return m
	}
}
