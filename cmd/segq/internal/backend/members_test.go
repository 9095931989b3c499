package backend

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl"
)

// moved writes the profiles of a file to another one in which one is not gold any more, and two are.
func moved(t *testing.T, data, to string) {
	t.Helper()
	text, err := os.ReadFile(data)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), `"_id":"p0","tier":"gold"`, `"_id":"p0","tier":"silver"`, 1)
	for _, id := range []string{"p1", "p2"} {
		changed = strings.Replace(changed, `"_id":"`+id+`","tier":"silver"`, `"_id":"`+id+`","tier":"gold"`, 1)
	}
	if err := os.WriteFile(to, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
}

// wantsDiff checks the answer to a comparison.
func wantsDiff(t *testing.T, j repl.Job, want record.Diff) {
	t.Helper()
	if j.Answer == nil || j.Answer.Diff == nil {
		t.Fatalf("%+v", j)
	}
	ignored := cmpopts.IgnoreFields(record.DiffSide{}, "Snapshot", "At", "Data")
	if diff := cmp.Diff(want, *j.Answer.Diff, ignored); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

var (
	saveGold = repl.Query{Text: `tier = "gold"`, Asks: &repl.Operation{Op: repl.Save, Into: "gold", Members: true}}
	diffGold = repl.Query{Text: `tier = "gold"`, Asks: &repl.Operation{Op: repl.Diff, Saved: "gold@1"}}
)

func goldSide(profiles int, members bool) record.DiffSide {
	return record.DiffSide{Profiles: profiles, Saved: "gold", Version: 1, Members: members, Query: `tier = "gold"`}
}

// TestMembersOfASession: a segment is saved with its members, and compared with them when the data has changed, or with other
// data.
func TestMembersOfASession(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	data := someProfiles(t)
	kept := func(context.Context) (store.Store, error) {
		return store.File(filepath.Join(filepath.Dir(data), "store.json")), nil
	}
	q, err := ask.OpenQueue(ctx, ask.Place{Paths: []string{data}, Threads: 2}, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	b := New(ctx, q, ask.Options{Tenant: "default", Class: "interactive", Store: kept}, "")
	j := ends(t, b, saveGold)
	if j.Answer == nil || j.Answer.Saved == nil || *j.Answer.Count != 250 || *j.Answer.Total != 1000 || *j.Answer.Saved.Members != 250 || !j.Answer.Saved.Fresh {
		t.Fatalf("%+v", j)
	}
	list, err := b.Saved(ctx)
	if err != nil || len(list.Segments) != 1 || !list.Segments[0].Members || list.Segments[0].Count != 250 {
		t.Fatalf("%+v, %v", list, err)
	}
	wantsDiff(t, ends(t, b, diffGold), record.Diff{Before: goldSide(250, true), Now: goldSide(250, false), Stayed: 250})

	other := filepath.Join(filepath.Dir(data), "other.ndjson")
	moved(t, data, other)
	against := repl.Query{Text: diffGold.Text, Asks: &repl.Operation{Op: repl.Diff, Saved: "gold@1", Against: []string{other}}}
	wantsDiff(t, ends(t, b, against), record.Diff{Before: goldSide(251, false), Now: goldSide(250, false), Entered: 1, Left: 2, Stayed: 249})
	against.Asks.Against = []string{other, "--id", "tier"}
	if j := ends(t, b, against); j.Answer == nil || j.Answer.Diff == nil || j.Answer.Diff.Before.Profiles != 1 || !strings.Contains(strings.Join(j.Answer.Warnings, " "), "the ids of before are those of tier in ") {
		t.Errorf("with a flag of its own: %+v", j)
	}
	against.Asks.Against = []string{other, "--bogus"}
	if j := ends(t, b, against); j.State != repl.Failed || !strings.Contains(j.Error, "no flag for reading data is called --bogus") {
		t.Errorf("%+v", j)
	}
	against.Asks.Against = []string{other + "x"}
	if j := ends(t, b, against); j.State != repl.Failed || !strings.Contains(j.Error, "other.ndjsonx") {
		t.Errorf("%+v", j)
	}

	if _, err := b.Reopen(ctx, []string{"--id", "tier"}, func(repl.Opening) {}); err != nil {
		t.Fatal(err)
	}
	if j := ends(t, b, diffGold); j.State != repl.Failed || !strings.Contains(j.Error, "the ids cannot be compared: _id in the members of gold, version 1, and tier in ") || !strings.Contains(j.Error, "--id _id") {
		t.Errorf("ids of another field: %+v", j)
	}
	if _, err := b.Reopen(ctx, []string{data}, func(repl.Opening) {}); err != nil {
		t.Fatal(err)
	}

	moved(t, data, data)
	if _, err := b.Reopen(ctx, nil, func(repl.Opening) {}); err != nil {
		t.Fatal(err)
	}
	wantsDiff(t, ends(t, b, diffGold), record.Diff{Before: goldSide(250, true), Now: goldSide(251, false), Entered: 2, Left: 1, Stayed: 249})
	unknown := repl.Query{Text: diffGold.Text, Asks: &repl.Operation{Op: repl.Diff, Saved: "gold@7"}}
	if j := ends(t, b, unknown); j.State != repl.Failed || !strings.Contains(j.Error, "gold has no version 7: the latest is 1") {
		t.Errorf("%+v", j)
	}
}

// TestMembersElsewhere: a session that is attached has its workers save members, and compare with them.
func TestMembersElsewhere(t *testing.T) {
	t.Parallel()
	d := open(t, someProfiles(t))
	client, err := redisx.Open(t.Context(), redisx.Options{URL: workertest.Redis(t), Namespace: "t-" + uuid.NewString()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	workertest.Through(t, d, client)
	kept := func(context.Context) (store.Store, error) { return store.Shared(client, "default"), nil }
	b := New(t.Context(), &ask.Queue{Client: client}, ask.Options{Tenant: "default", Class: "interactive", Store: kept}, "")
	if err := b.Gathers(); err != nil {
		t.Error(err)
	}
	if j := ends(t, b, saveGold); j.Answer == nil || j.Answer.Saved == nil || *j.Answer.Saved.Members != 250 {
		t.Fatalf("%+v", j)
	}
	wantsDiff(t, ends(t, b, diffGold), record.Diff{Before: goldSide(250, true), Now: goldSide(250, false), Stayed: 250})
	against := repl.Query{Text: diffGold.Text, Asks: &repl.Operation{Op: repl.Diff, Saved: "gold@1", Against: []string{"old.ndjson"}}}
	if _, err := b.Submit(t.Context(), against); err == nil || !strings.Contains(err.Error(), "segq diff NAME --against") {
		t.Errorf("other data is opened elsewhere: %v", err)
	}
	file := func(context.Context) (store.Store, error) {
		return store.File(filepath.Join(t.TempDir(), "s.json")), nil
	}
	other := New(t.Context(), &ask.Queue{Client: client}, ask.Options{Store: file}, "")
	if err := other.Gathers(); err == nil || !strings.Contains(err.Error(), "start it without --store") {
		t.Errorf("a store of one's own: %v", err)
	}
}

// TestGathersAtOnce: a Redis that hangs does not hold up who asks whether members can be kept.
func TestGathersAtOnce(t *testing.T) {
	t.Parallel()
	client := workertest.Over(t, workertest.Sample(t))
	hang := make(chan struct{})
	b := New(t.Context(), &ask.Queue{Client: client}, ask.Options{Store: func(context.Context) (store.Store, error) {
		<-hang
		return store.Owned(client, "default"), nil
	}}, "").(*backend)
	told := make(chan error, 1)
	go func() { told <- b.Gathers() }()
	select {
	case err := <-told:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(10 * time.Second):
		t.Error("it has waited for the store")
	}
	close(hang)
}
