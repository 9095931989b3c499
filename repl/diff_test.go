package repl_test

import (
	"testing"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl"
)

// Two audiences are compared in one pass, and the answer says who enters, leaves and stays.
func TestDiff(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter", "b = 2", "enter", ".diff #1 #2", "enter")
		got := s.asked(3)
		if got.Text != "a = 1" || got.Asks == nil || got.Asks.Op != repl.Overlap || len(got.Asks.Others) != 1 || got.Asks.Others[0].Text != "b = 2" {
			s.t.Fatalf("asked %+v %+v", got, got.Asks)
		}
		s.answered(3, 0, func(r *record.Record) {
			r.Count = nil
			r.Overlap = &record.Overlap{Names: []string{"a = 1", "b = 2"}, Both: [][]int{{100, 70}, {70, 95}}, Jaccard: [][]float64{{1, .5}, {.5, 1}}, Only: []int{30, 25}, All: 70, Any: 125, Distinct: 3}
		})
		s.wants("entered 25 · left 30 · stayed 70 · 100 before, 95 now")
		s.says([][2]string{{".diff", "error: say what to compare"}, {".diff #9", "error: no query of this session is called #9"}}...)
	})
}
