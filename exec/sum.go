package exec

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// Sum adds up the results of one query over parts of the rows: what is counted, and by the values of
// a field. The zero value is ready for use by one goroutine at a time.
type Sum struct {
	result Result
	by     map[string]int
}

// Add adds the result of a query over one more part, which has all values, and says how many values of a field are held
// by now.
func (s *Sum) Add(q *Query, r Result) (values int) {
	all := &s.result
	all.ID, all.Count, all.Total, all.Without = r.ID, all.Count+r.Count, all.Total+r.Total, all.Without+r.Without
	all.Err, all.Overflowed = cmp.Or(all.Err, r.Err), all.Overflowed || r.Overflowed
	all.ManyValues = all.ManyValues || r.ManyValues
	if s.by == nil && q.By != nil {
		s.by = map[string]int{}
	}
	if !all.ManyValues {
		for _, g := range r.Groups {
			s.by[g.Value] += g.Count
		}
	}
	if q.ByMost > 0 && len(s.by) > q.ByMost {
		all.ManyValues = true
	}
	if all.ManyValues {
		clear(s.by)
	}
	return len(s.by)
}

// Progress returns how far the query is.
func (s *Sum) Progress() Progress { return Progress{Rows: s.result.Total, Matched: s.result.Count} }

// Result returns the sum, with the time that it took. numbers says that the values of the field are
// numbers, which decides the order of those that are equally frequent.
func (s *Sum) Result(elapsed time.Duration, numbers bool) Result {
	r := s.result
	r.Elapsed = elapsed
	if r.Err != nil {
		return Result{ID: r.ID, Err: r.Err, Elapsed: elapsed}
	}
	if r.ManyValues {
		r.Without = 0
		return r
	}
	for value, n := range s.by {
		r.Groups = append(r.Groups, ValueCount{value, n})
	}
	order := cmp.Compare[string]
	if numbers {
		order = compareNumbers
	}
	slices.SortFunc(r.Groups, func(a, b ValueCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), order(a.Value, b.Value))
	})
	r.Distinct = len(r.Groups)
	return r
}

// compareNumbers compares numbers by their texts. Whole ones have more digits than a float.
func compareNumbers(a, b string) int {
	x, errX := strconv.ParseInt(a, 10, 64)
	y, errY := strconv.ParseInt(b, 10, 64)
	if errX == nil && errY == nil {
		return cmp.Compare(x, y)
	}
	f, _ := strconv.ParseFloat(a, 64)
	g, _ := strconv.ParseFloat(b, 64)
	return cmp.Compare(f, g)
}
