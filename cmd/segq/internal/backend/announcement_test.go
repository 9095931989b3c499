package backend

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl"
)

// TestAttachedSessionKnowsTheData: a session without data of its own checks and completes
// by what a worker has said of its data, as if that were here.
func TestAttachedSessionKnowsTheData(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	nobody, err := redisx.Embedded(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nobody.Close() })
	b := New(ctx, &ask.Queue{Client: nobody}, ask.Options{}, "")
	if ds := b.Check(repl.Query{Text: "homeAddress.nowhere = 1"}); len(ds) > 0 || len(b.Schema()) > 0 {
		t.Fatalf("nobody has said what the data is: %v", ds)
	}

	d, err := dataset.Open(ctx, nil, dataset.Options{}, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	client := workertest.Over(t, d)
	workertest.Ends(t, client, redisx.Command{ID: "any", Op: "query", Query: "true"}) // the worker is there
	b = New(ctx, &ask.Queue{Client: client}, ask.Options{}, "")
	here := New(ctx, &ask.Queue{Client: client, Data: d}, ask.Options{}, "")
	eventually(t, "either knows which fields are filled", func() bool { return here.Schema()[0].Filled == 1 && b.Schema()[0].Filled == 1 })
	if diff := cmp.Diff(here.Schema(), b.Schema()); diff != "" {
		t.Errorf("the schema (-here +elsewhere)\n%s", diff)
	}
	for _, text := range []string{
		"homeAddress.nowhere = 1", `homeAddress.countryCode = 5`, "xEvent[eventTypo = \"a\"]", `inSegment("x")`,
		"homeAddress.countryCode = \"CA\"", "xEvent.count() > 3", "xEvent[0]",
	} {
		if diff := cmp.Diff(here.Check(repl.Query{Text: text}), b.Check(repl.Query{Text: text})); diff != "" {
			t.Errorf("%s (-here +elsewhere)\n%s", text, diff)
		}
	}
	if got, want := b.Describe(), here.Describe(); got.Fields != want.Fields || !slices.Contains(got.Facts, "attached to 1 worker") {
		t.Errorf("%+v, and here %+v", got, want)
	}
	if got, want := b.Describe().Profiles, here.Describe().Profiles; got != want {
		t.Errorf("%d profiles, want %d", got, want)
	}
}

// TestWorkersThatComeAndChange: a session that nobody serves says so, of its queries too; and knows what data workers
// have as soon as one has answered from it.
func TestWorkersThatComeAndChange(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	nobody, err := redisx.Embedded(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { nobody.Close() })
	b := New(ctx, &ask.Queue{Client: nobody}, ask.Options{}, "crm")
	const start = "segq --serve --namespace crm DATA"
	if n := b.Describe().Notes; !slices.Equal(n, []string{"no worker serves this data; start one: " + start}) {
		t.Errorf("notes %q", n)
	}
	id, err := b.Submit(ctx, repl.Query{Text: "true"})
	if err != nil {
		t.Fatal(err)
	}
	jobs, err := b.Poll(ctx, []string{id})
	if err != nil || len(jobs) != 1 || jobs[0].Unserved != start {
		t.Errorf("%+v (%v)", jobs, err)
	}
	d, err := dataset.Open(ctx, nil, dataset.Options{}, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	workertest.Through(t, d, nobody)
	eventually(t, "the answer is there", func() bool {
		jobs, err := b.Poll(ctx, []string{id})
		return err == nil && jobs[0].State == repl.Done
	})
	eventually(t, "the data of the worker is known", func() bool {
		if _, err := b.Poll(ctx, []string{id}); err != nil {
			t.Error(err)
		}
		return b.Describe().Snapshot == d.Snapshot.Fingerprint
	})
	if info := b.Describe(); info.Dataset != "sample" || info.Profiles != 2000 || info.Fields == 0 {
		t.Errorf("%+v", info)
	}
}
