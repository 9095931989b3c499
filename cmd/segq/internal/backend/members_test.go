package backend

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/repl"
)

// TestMembersOfASession: a segment is saved with its members, and compared with them when the data has changed.
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
	gold := repl.Query{Text: `tier = "gold"`, Asks: &repl.Operation{Gather: true}}
	j := ends(t, b, gold)
	if j.Answer == nil || j.Answer.Count == nil || *j.Answer.Count != 250 || j.Answer.Total == nil || !j.Answer.Exact || j.Answer.Export != nil {
		t.Fatalf("%+v", j)
	}
	known := repl.Counted{Count: 250, Total: 1000, Snapshot: j.Answer.Snapshot, Gathered: j.ID}
	s, err := b.Save(ctx, "gold", repl.Query{Text: gold.Text}, known)
	if err != nil || !s.Members {
		t.Fatalf("%+v, %v", s, err)
	}
	if _, err := b.Save(ctx, "gold", repl.Query{Text: gold.Text}, known); err == nil {
		t.Error("ids are saved twice")
	}
	text, err := os.ReadFile(data)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), `"_id":"p0","tier":"gold"`, `"_id":"p0","tier":"silver"`, 1)
	for _, id := range []string{"p1", "p2"} {
		changed = strings.Replace(changed, `"_id":"`+id+`","tier":"silver"`, `"_id":"`+id+`","tier":"gold"`, 1)
	}
	if err := os.WriteFile(data, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Reopen(ctx, nil, func(repl.Opening) {}); err != nil {
		t.Fatal(err)
	}
	gold.Asks.Against = "gold@1"
	j = ends(t, b, gold)
	d, err := b.Compare(ctx, j.ID)
	want := repl.Difference{Before: 250, Now: 251, Entered: 2, Left: 1, Stayed: 249, Snapshot: s.Snapshot}
	if diff := cmp.Diff(want, d); diff != "" || err != nil {
		t.Errorf("%v (-want +got)\n%s", err, diff)
	}
	if _, err := b.Compare(ctx, j.ID); err == nil {
		t.Error("ids are compared twice")
	}
	gold.Asks.Against = "gold@7"
	if _, err := b.Submit(ctx, gold); err == nil {
		t.Error("a version that there is not has members")
	}
	attached := New(ctx, &ask.Queue{Client: q.Client}, ask.Options{Store: kept}, "")
	if err := attached.Gathers(); !errors.Is(err, repl.ErrElsewhere) {
		t.Errorf("attached: %v", err)
	}
}
