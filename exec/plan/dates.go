package plan

import (
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// A part of the date of an instant is compared with a constant by the spans of
// instants that have such a part: one a year for a month, one a month for a day. They
// are as many as the column has years.

// mostYears is how many years a column may span for that.
const mostYears = 200

// datePart compiles getYear, getMonth or getDayOfMonth of a column of instants
// against the numbers from lo to hi; not ok says that it is something else.
func (c *compiler) datePart(part *check.Call, lo, hi int64, e *env, text string) (id, bool) {
	x, e := e.deref(part.Args[0])
	if call, ok := x.(*check.Call); ok && call.Op == check.IntToTimestamp {
		x, e = e.deref(call.Args[0])
	}
	p, ok := c.place(x, e)
	if !ok {
		return 0, false
	}
	col, ok := p.col.(*column.Timestamps)
	if !ok || col.Order == nil || len(col.Order.Least) == 0 {
		return 0, false
	}
	from, until := time.UnixMilli(col.Order.Least[0]).UTC(), time.UnixMilli(col.Order.Greatest).UTC()
	if until.Year()-from.Year() > mostYears {
		return 0, false
	}
	var spans []span
	for year := from.Year(); year <= until.Year(); year++ {
		spans = appendParts(spans, part.Op, year, lo, hi)
	}
	return c.in(p, valueSet{spans: spans}, part.Op.String()+" "+text), true
}

// appendParts adds the spans of one year in which the part is from lo to hi.
func appendParts(spans []span, op check.Op, year int, lo, hi int64) []span {
	add := func(from, until time.Time) {
		spans = appendSpan(spans, span{from.UnixMilli(), until.UnixMilli() - 1})
	}
	date := func(month, day int) time.Time { return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC) }
	switch op {
	case check.GetYear:
		if int64(year) >= lo && int64(year) <= hi {
			add(date(1, 1), date(13, 1))
		}
	case check.GetMonth:
		if lo, hi = max(lo, 1), min(hi, 12); lo <= hi {
			add(date(int(lo), 1), date(int(hi)+1, 1))
		}
	case check.GetDayOfMonth:
		for month := 1; month <= 12; month++ {
			days := int64(date(month+1, 0).Day())
			if first, last := max(lo, 1), min(hi, days); first <= last {
				add(date(month, int(first)), date(month, int(last)+1))
			}
		}
	}
	return spans
}
