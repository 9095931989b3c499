package jobs

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/segq/segq/redisx"
)

// stopped is a job that has seen a tenth of its rows, one in five of which matched.
func stopped(op string, state redisx.State) redisx.Job {
	j := redisx.Job{ID: "j1", State: state}
	j.Command.Op = op
	for range 10 {
		j.Partitions = append(j.Partitions, redisx.Partition{Total: 10_000, Rows: 1000, Matched: 200})
	}
	return j
}

// TestStoppedIsNoAnswer: what a job had found when it was stopped is shown as the estimate that it is, and that of
// a job that is done as its answer.
func TestStoppedIsNoAnswer(t *testing.T) {
	t.Parallel()
	few := stopped("query", redisx.Cancelled)
	few.Partitions = append(few.Partitions[:2], make([]redisx.Partition, 8)...)
	for i := range few.Partitions {
		few.Partitions[i].Total = 10_000
	}
	waited := stopped("query", redisx.Cancelled)
	for i := range waited.Partitions {
		waited.Partitions[i].Rows, waited.Partitions[i].Matched = 0, 0
	}
	for _, test := range []struct {
		job  redisx.Job
		want string
	}{
		{stopped("query", redisx.Cancelled), "stopped at 10 %: ≈ 20,000 ± 860 (20.00 %)"},
		{stopped("query", redisx.Expired), "stopped at 10 %: ≈ 20,000 ± 860 (20.00 %)"},
		{stopped("funnel", redisx.Cancelled), "stopped at 10 %"},
		{few, "stopped at 2 %: 400 matched of 2,000 seen, too few for an estimate"},
		{waited, ""},
		{stopped("query", redisx.Done), "2,000 of 100,000"}, // Done never stops early: what it counted is its answer
	} {
		l := LineOf(test.job)
		if got := l.Progress(); got != test.want {
			t.Errorf("%s %s: %q, want %q", test.job.Command.Op, test.job.State, got, test.want)
		}
	}
	text, err := json.Marshal(LineOf(stopped("query", redisx.Cancelled)))
	if err != nil || !strings.Contains(string(text), `"estimate":{"count":20000,"low":19141,"high":20859}`) {
		t.Errorf("as JSON: %s, %v", text, err)
	}
	if text, _ = json.Marshal(LineOf(stopped("query", redisx.Done))); strings.Contains(string(text), "estimate") {
		t.Errorf("an answer has an estimate: %s", text)
	}
}
