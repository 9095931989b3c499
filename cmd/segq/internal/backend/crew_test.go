package backend

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/redistest"
	"github.com/segq/segq/repl"
)

// TestHearing: a connection that has ended is missed when it was seen twice, and only where all were heard before; who gives a
// sign of life since is not lost.
func TestHearing(t *testing.T) {
	t.Parallel()
	now := time.Now()
	seen := func(quiet ...time.Duration) (all []redisx.Seen) {
		for i, q := range quiet {
			all = append(all, redisx.Seen{Name: fmt.Sprint(i), Quiet: q, Every: 3 * time.Second})
		}
		return all
	}
	var h hearing
	for _, step := range []struct {
		after     time.Duration
		alive     []redisx.Seen
		listening int
		missing   int
		doubt     bool
	}{
		{0, seen(time.Second, 2*time.Second), 0, 0, false}, // of an older version
		{time.Second, seen(time.Second, 2*time.Second), 2, 0, false},
		{2 * time.Second, seen(2*time.Second, 0), 1, 0, true},                           // one may be connecting
		{2500 * time.Millisecond, seen(2500*time.Millisecond, 0), 1, 1, true},           // it is not
		{3500 * time.Millisecond, seen(3500*time.Millisecond, time.Second), 0, 1, true}, // nor may be the other
		{3800 * time.Millisecond, seen(3800*time.Millisecond, 1300*time.Millisecond), 0, 2, true},
		{4 * time.Second, seen(100*time.Millisecond, 200*time.Millisecond), 0, 0, true}, // they are there all the same
		{5 * time.Second, seen(time.Second, time.Second), 2, 0, false},
	} {
		if n, doubt := h.missing(step.alive, step.listening, now.Add(step.after)); n != step.missing || doubt != step.doubt {
			t.Errorf("after %v: %d are missing, doubt %v", step.after, n, doubt)
		}
	}
	h = hearing{trusted: true}
	h.missing(seen(5*time.Second, time.Second), 1, now)
	c := crewOf(redisx.Roster{Workers: seen(5*time.Second, time.Second, 8*time.Second), Listening: 1}, &h, now.Add(100*time.Millisecond))
	if w := c.Workers; c.Alive != 1 || !w[0].Cut || w[1].Cut || w[2].Cut || !w[2].Silent {
		t.Errorf("%+v", c)
	}
}

// TestAttachedThroughRestarts: a session with a real server sees its workers and the jobs of its tenant; that the server is
// gone is an error that says what to do, and may be asked again; what was sent twice runs once.
func TestAttachedThroughRestarts(t *testing.T) {
	t.Parallel()
	addr, stop, err := redistest.Start()
	redistest.Need(t, err)
	t.Cleanup(stop)
	open := func() *redisx.Client {
		t.Helper()
		c, err := redisx.Open(t.Context(), redisx.Options{URL: "redis://" + addr})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		return c
	}
	client := open()
	b := New(t.Context(), &ask.Queue{Client: client}, ask.Options{Tenant: "crm"}, "default")
	workertest.Through(t, workertest.Sample(t), open())
	eventually(t, "a worker is there", func() bool {
		c, err := b.Crew(t.Context())
		return err == nil && c.Alive == 1 && len(c.Workers) == 1 && c.Workers[0].Dataset == "sample" && c.Workers[0].Profiles == 2000
	})
	if _, err := client.Submit(t.Context(), redisx.Command{ID: "other", Op: "query", Query: "true", Tenant: "other"}); err != nil {
		t.Fatal(err)
	}
	id, err := b.Submit(t.Context(), repl.Query{Text: `homeAddress.countryCode = "CA"`})
	if err != nil {
		t.Fatal(err)
	}
	done := func() bool {
		jobs, err := b.Poll(t.Context(), []string{id})
		return err == nil && jobs[0].State == repl.Done
	}
	eventually(t, "it is answered", done)

	stop()
	_, crewErr := b.Crew(t.Context())
	_, submitErr := b.Submit(t.Context(), repl.Query{Text: "true"})
	_, pollErr := b.Poll(t.Context(), []string{id})
	_, jobsErr := b.Everyone(t.Context(), 10)
	for _, err := range []error{crewErr, submitErr, pollErr, jobsErr, b.Cancel(t.Context(), id)} {
		if !errors.Is(err, repl.ErrAway) || !strings.Contains(err.Error(), "start redis-server there") || strings.Contains(err.Error(), "dial") {
			t.Errorf("the server is gone: %v", err)
		}
	}
	again, err := redistest.Again(addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(again)
	eventually(t, "the worker is there again", func() bool { c, err := b.Crew(t.Context()); return err == nil && c.Alive == 1 })
	if jobs, err := b.Poll(t.Context(), []string{id}); err != nil || jobs[0].State != repl.Lost {
		t.Fatalf("%+v (%v)", jobs, err)
	}
	for range 2 {
		if got, err := b.Submit(t.Context(), repl.Query{Text: `homeAddress.countryCode = "CA"`, ID: id}); got != id || err != nil {
			t.Fatalf("%s (%v)", got, err)
		}
	}
	eventually(t, "it is answered again", done)
}

// TestEveryone: a session sees the open jobs of its tenant, by whomever, and cancels any.
func TestEveryone(t *testing.T) {
	t.Parallel()
	url := workertest.Redis(t)
	client, err := redisx.Open(t.Context(), redisx.Options{URL: url, Namespace: "everyone-" + uuid.NewString()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	b := New(t.Context(), &ask.Queue{Client: client}, ask.Options{}, "everyone")
	for i, c := range []redisx.Command{
		{Op: "query", Query: "a = 1", Name: "gold", Class: "batch"}, {Op: "rules", Queries: []string{"a = 1", "b = 1"}},
		{Op: "overlap", Queries: []string{"a = 1", "b = 1"}}, {Op: "query", Query: "c = 1", Tenant: "other"},
	} {
		c.ID = fmt.Sprintf("job-%d", i)
		if _, err := client.Submit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	e, err := b.Everyone(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, j := range e.Jobs {
		said = append(said, fmt.Sprintf("%s %s %s %q %s %d", j.ID, j.State, j.Class, j.Op+" "+j.Text, j.Name, j.Place))
	}
	want := []string{`job-1 queued normal "rules 2 rules"  1`, `job-2 queued normal "overlap a = 1; b = 1"  2`, `job-0 queued batch "query a = 1" gold 1`}
	if strings.Join(said, "\n") != strings.Join(want, "\n") || e.Tenant != "default" || e.Waiting != 3 || e.Running != 0 {
		t.Errorf("%+v\n%s", e, strings.Join(said, "\n"))
	}
	if err := b.Cancel(t.Context(), "job-2"); err != nil {
		t.Fatal(err)
	}
	if e, err := b.Everyone(t.Context(), 1); err != nil || e.Waiting != 2 || len(e.Jobs) != 1 {
		t.Errorf("%+v (%v)", e, err)
	}
}
