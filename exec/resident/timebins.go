package resident

import "time"

// span is a width of bins of instants: so many milliseconds from a moment on, or months.
type span struct{ ms, from, months int64 }

// Units in milliseconds. Weeks begin on Mondays, as in ISO 8601: the first one of 1970 was the 5th of January.
const (
	second = 1000
	minute = 60 * second
	hour   = 60 * minute
	day    = 24 * hour
	monday = 4 * day
)

var spans = []span{
	{ms: 1}, {ms: 10}, {ms: 100}, {ms: second}, {ms: 5 * second}, {ms: 15 * second}, {ms: 30 * second},
	{ms: minute}, {ms: 5 * minute}, {ms: 15 * minute}, {ms: 30 * minute}, {ms: hour}, {ms: 3 * hour}, {ms: 6 * hour}, {ms: 12 * hour},
	{ms: day}, {ms: 7 * day, from: monday}, {months: 1}, {months: 3}, {months: 6}, {months: 12}, {months: 2 * 12}, {months: 5 * 12},
	{months: 10 * 12}, {months: 20 * 12}, {months: 50 * 12}, {months: 100 * 12}, {months: 200 * 12}, {months: 500 * 12}, {months: 1000 * 12},
}

// timeBorders returns the borders of bins for the instants from low to high, in UTC: those of the least span
// that makes no more than most; nil where there is none.
func timeBorders(low, high int64, most int) []float64 {
	for _, s := range spans {
		first := s.index(low)
		if n := s.index(high) - first; n < 0 || n >= int64(most) {
			continue
		}
		var out []float64
		for i := first; i <= s.index(high)+1; i++ {
			out = append(out, float64(s.start(i)))
		}
		return out
	}
	return nil
}

// index numbers the bin of an instant.
func (s span) index(ms int64) int64 {
	if s.months == 0 {
		return floorDiv(ms-s.from, s.ms)
	}
	t := time.UnixMilli(ms).UTC()
	return floorDiv(int64(t.Year())*12+int64(t.Month())-1, s.months)
}

// start is the first instant of a bin.
func (s span) start(i int64) int64 {
	if s.months == 0 {
		return i*s.ms + s.from
	}
	month := i * s.months
	return time.Date(int(floorDiv(month, 12)), time.Month(month-12*floorDiv(month, 12)+1), 1, 0, 0, 0, 0, time.UTC).UnixMilli()
}

func floorDiv(x, y int64) int64 {
	if x < 0 {
		return -((-x + y - 1) / y)
	}
	return x / y
}
