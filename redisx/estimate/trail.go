package estimate

import "math"

// Trail remembers how a scan came to where it is: whether what was seen late is like what was seen early. The zero value
// is before the first row.
type Trail struct{ marks []mark }

// mark is how many rows were seen at one time, and matched.
type mark struct{ rows, matched float64 }

// Add takes the counters as they are by now. Those of a scan that began anew begin a new trail.
func (t *Trail) Add(parts []Partition) {
	rows, matched, _ := Sum(parts)
	n := len(t.marks)
	switch {
	case rows == 0:
		return
	case n > 0 && float64(rows) < t.marks[n-1].rows:
		t.marks, n = nil, 0
	}
	if n == 0 || float64(rows) >= 1.1*t.marks[n-1].rows { // a few hundred for any table
		t.marks = append(t.marks, mark{float64(rows), float64(matched)})
	}
}

// leastSeen is the part of all rows that has to be seen: of a trend that goes on, so much is noticed.
const leastSeen = 0.1

// Sure says whether the estimate of a scan may be relied on as far as its margin goes, where the scan is to end there: a tenth is seen, it has
// begun everywhere, and the later half of the rows seen is like the earlier one, within what chance does to so many. The
// first rows of each partition are no sample that somebody has drawn. Where the order of the data has to do with
// what is counted, the halves differ, and it has to go on; an order that shows in neither half cannot be seen so.
func (t *Trail) Sure(parts []Partition) bool {
	e, ok := Project(parts)
	if !ok {
		return false
	}
	for _, p := range parts {
		if p.Rows == 0 {
			return false
		}
	}
	rows, matched, total := Sum(parts)
	now := mark{float64(rows), float64(matched)}
	half := mark{}
	for _, m := range t.marks {
		if math.Abs(m.rows-now.rows/2) < math.Abs(half.rows-now.rows/2) {
			half = m
		}
	}
	if now.rows < leastSeen*float64(total) || half.rows < now.rows/4 || half.rows > now.rows*3/4 {
		return false
	}
	early, late := half.matched/half.rows, (now.matched-half.matched)/(now.rows-half.rows)
	// Each half has twice the variance of both, and their difference four times. More than one of its standard errors is a reason to look
	// on: who goes on loses some time, who stops where the halves differ may be far off.
	chance := 2 * e.Error / float64(total) / math.Sqrt(1-now.rows/float64(total))
	return math.Abs(early-late) <= chance
}
