package eval

import (
	"time"

	"github.com/segq/segq/lang/check"
)

// clock gives now, or a part of it in UTC.
func clock(op check.Op, now int64) Value {
	t := time.UnixMilli(now).UTC()
	switch op {
	case check.CurrentYear:
		return intValue(int64(t.Year()))
	case check.CurrentMonth:
		return intValue(int64(t.Month()))
	case check.CurrentDayOfMonth:
		return intValue(int64(t.Day()))
	}
	return timestampValue(now)
}

// timePart gives a part of a Timestamp in UTC, or the day that three integers
// name.
func timePart(op check.Op, args []Value) Value {
	if op == check.Date {
		return date(args[0].Int(), args[1].Int(), args[2].Int())
	}
	t := time.UnixMilli(args[0].Int()).UTC()
	switch op {
	case check.GetYear:
		return intValue(int64(t.Year()))
	case check.GetMonth:
		return intValue(int64(t.Month()))
	case check.GetDayOfMonth:
		return intValue(int64(t.Day()))
	}
	panic("eval: a part of time of an unknown kind")
}

// date gives a UTC day as an interval; null when the calendar, which has the
// years 1 to 9999, has no such day.
func date(year, month, day int64) Value {
	if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31 {
		return Value{}
	}
	start := time.Date(int(year), time.Month(month), int(day), 0, 0, 0, 0, time.UTC)
	if start.Day() != int(day) { // 30 February has become a day of March
		return Value{}
	}
	return Value{t: check.IntervalType, a: start.UnixMilli(), b: start.AddDate(0, 0, 1).UnixMilli()}
}
