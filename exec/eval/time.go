package eval

import (
	"time"

	"github.com/segq/segq/lang/check"
)

// clock returns now, or a part of it in UTC.
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

// timePart returns a part of a Timestamp in UTC, or the day that three integers
// name, as an interval; null when there is no such day.
func timePart(op check.Op, args []Value) Value {
	if op == check.Date {
		day, ok := check.Day(args[0].Int(), args[1].Int(), args[2].Int())
		if !ok {
			return Value{}
		}
		return intervalValue(day)
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
