package backend

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl"
	"github.com/segq/segq/repl/show"
)

// ends waits for the end of a query.
func ends(t *testing.T, b repl.Backend, q repl.Query) repl.Job {
	t.Helper()
	if ds := b.Check(repl.Query{Text: q.Text}); ds.Failed() {
		t.Fatalf("%s: %v", q.Text, ds)
	}
	id, err := b.Submit(t.Context(), q)
	if err != nil {
		t.Fatalf("%s: %v", q.Text, err)
	}
	var job repl.Job
	eventually(t, "the query has ended", func() bool {
		jobs, err := b.Poll(t.Context(), []string{id})
		if err == nil && len(jobs) == 1 {
			job = jobs[0]
		}
		return job.State.Final()
	})
	return job
}

// TestOperationsAtEveryDoor: what is asked about an audience in a session is what the queue answers, whether the data
// is here or with a worker, and reaches the queries of the session by their names.
func TestOperationsAtEveryDoor(t *testing.T) {
	t.Parallel()
	d := workertest.Sample(t)
	client := workertest.Over(t, d)
	own := cmpopts.IgnoreFields(record.Record{}, "ID", "ElapsedMS", "Now", "Cached")
	answers := map[string][]*record.Record{}
	for door, b := range doors(t, d, client) {
		if ds := b.Check(repl.Query{Name: "gold", Text: `loyalty.tier = "gold"`}); len(ds) > 0 {
			t.Fatal(ds)
		}
		about := repl.Query{Text: `inSegment("gold") and xEvent.count() >= 3`}
		for _, op := range []repl.Operation{
			{Op: repl.Funnel},
			{Op: repl.Breakdown, By: "homeAddress.countryCode", Top: 3},
			{Op: repl.Near},
			{Op: repl.Lift, By: "all"},
			{Op: repl.Overlap, Others: []repl.Query{{Text: `inSegment("gold")`}, {Name: "silver", Text: `loyalty.tier = "silver"`}}},
			{Op: repl.Rows, IDs: true, Select: "loyalty.tier, xEvent.count()", Sample: 3},
		} {
			q := about
			q.Asks = &op
			job := ends(t, b, q)
			if job.State != repl.Done || job.Answer == nil || job.Answer.Status != record.OK {
				t.Errorf("%s, %s: %+v", door, op.Op, job)
				continue
			}
			answers[door] = append(answers[door], job.Answer)
		}
		q := about
		q.Asks = &repl.Operation{Op: repl.Why, Profile: show.Cell(answers[door][5].Rows.Rows[0][0])}
		if job := ends(t, b, q); job.Answer == nil || job.Answer.Why == nil || job.Answer.Why.In != 1 {
			t.Errorf("%s: why a profile of the sample is in the audience: %+v", door, job)
		}
	}
	if diff := cmp.Diff(answers["here"], answers["attached"], own); diff != "" {
		t.Errorf("-here +attached\n%s", diff)
	}
}
