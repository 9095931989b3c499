package exec_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/segq/segq/exec"
)

// Parts are added up by value; values that are equally frequent come in the order of their type.
func TestSum(t *testing.T) {
	t.Parallel()
	q := &exec.Query{By: []string{"n"}, ByMost: 4}
	var s exec.Sum
	s.Add(q, exec.Result{ID: "q", Count: 4, Total: 10, Without: 1, Groups: []exec.ValueCount{{Value: "10", Count: 2}, {Value: "9", Count: 1}}})
	if n := s.Add(q, exec.Result{ID: "q", Count: 3, Total: 5, Groups: []exec.ValueCount{{Value: "9", Count: 1}, {Value: "-1.5", Count: 2}}, Overflowed: true}); n != 3 {
		t.Errorf("%d values are held", n)
	}
	want := exec.Result{
		ID: "q", Count: 7, Total: 15, Distinct: 3, Without: 1, Overflowed: true, Elapsed: time.Second,
		Groups: []exec.ValueCount{{Value: "-1.5", Count: 2}, {Value: "9", Count: 2}, {Value: "10", Count: 2}},
	}
	if diff := cmp.Diff(want, s.Result(time.Second, true)); diff != "" {
		t.Errorf("as numbers (-want +got)\n%s", diff)
	}
	if got := s.Result(0, false).Groups; got[0].Value != "-1.5" || got[1].Value != "10" {
		t.Errorf("as texts: %v", got)
	}
	s.Add(q, exec.Result{Groups: []exec.ValueCount{{Value: "a", Count: 1}, {Value: "b", Count: 1}}})
	if r := s.Result(0, false); !r.ManyValues || r.Groups != nil || r.Distinct != 0 || r.Without != 0 || r.Count != 7 {
		t.Errorf("with more values than there may be: %+v", r)
	}
}

// One part that has too many values has them for all, and an error of one part is that of all.
func TestSumOfWhatHasNone(t *testing.T) {
	t.Parallel()
	q := &exec.Query{By: []string{"n"}, ByMost: 4}
	var s exec.Sum
	s.Add(q, exec.Result{ID: "q", Count: 9, ManyValues: true})
	s.Add(q, exec.Result{ID: "q", Count: 1, Groups: []exec.ValueCount{{Value: "a", Count: 1}}})
	if r := s.Result(0, false); !r.ManyValues || r.Groups != nil || r.Count != 10 {
		t.Errorf("%+v", r)
	}
	s.Add(q, exec.Result{ID: "q", Err: exec.ErrClosed})
	if diff := cmp.Diff(exec.Result{ID: "q", Err: exec.ErrClosed}, s.Result(0, false), cmpopts.EquateErrors()); diff != "" {
		t.Error(diff)
	}
}
