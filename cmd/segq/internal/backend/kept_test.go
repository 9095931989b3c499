package backend

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/repl"
	"github.com/segq/segq/repl/show"
)

// TestParametersAtEveryDoor: values that a session gives hold for what is checked, counted while somebody types, asked,
// and saved.
func TestParametersAtEveryDoor(t *testing.T) {
	t.Parallel()
	d := workertest.Sample(t)
	client := workertest.Over(t, d)
	const text = `loyalty.tier in @tiers and loyalty.points > @least`
	for door, b := range doors(t, d, client) {
		if ds := b.Check(repl.Query{Text: text}); !ds.Failed() {
			t.Errorf("%s: a parameter without a value passes", door)
		}
		for name, value := range map[string]string{"tiers": `["gold", "silver"]`, "least": "900"} {
			if _, err := b.SetParam(name, value); err != nil {
				t.Fatal(err)
			}
		}
		if p := b.Params(); len(p) != 2 || p[0].Value != "900" || p[1].Value != `["gold","silver"]` {
			t.Errorf("%s: %v", door, p)
		}
		with, without := ends(t, b, repl.Query{Text: text}), ends(t, b, repl.Query{Text: `loyalty.tier in ["gold", "silver"] and loyalty.points > 900`})
		if with.Answer == nil || *with.Answer.Count != *without.Answer.Count || *with.Answer.Count == 0 {
			t.Errorf("%s: %+v, want %+v", door, with.Answer, without.Answer)
		}
		eventually(t, "what is typed is counted", func() bool {
			return b.Peek(t.Context(), text, len(text)).Count == int64(*without.Answer.Count)
		})
		if !b.DropParam("tiers") || b.DropParam("tiers") {
			t.Errorf("%s: a value is taken away once", door)
		}
		if _, err := b.SetParam("tiers", "["); err == nil {
			t.Errorf("%s: half a list is a value", door)
		}
	}
}

// TestSavedHere: an attached session says of a segment that a session without workers has saved on this machine where it is, and how it
// comes to the workers.
func TestSavedHere(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	own := store.DefaultFile()
	if _, err := store.Save(t.Context(), store.File(own), &store.Segment{Name: "vip", Query: "true"}); err != nil {
		t.Fatal(err)
	}
	d := workertest.Sample(t)
	client := workertest.Over(t, d)
	b := New(t.Context(), &ask.Queue{Client: client}, ask.Options{Store: func(context.Context) (store.Store, error) { return store.Owned(client, "default"), nil }}, "")
	for text, want := range map[string]string{`inSegment("vip")`: "segq --attach --store " + own, `inSegment("vap")`: "no segments are known here"} {
		if found := b.Check(repl.Query{Text: text}); len(found) != 1 || !strings.Contains(found[0].Hint, want) {
			t.Errorf("%s: %+v", text, found)
		}
	}
}

// TestSaveOfASession: what is saved means the same outside of the session.
func TestSaveOfASession(t *testing.T) {
	t.Parallel()
	d := workertest.Sample(t)
	file := filepath.Join(t.TempDir(), "store.json")
	open := func(context.Context) (store.Store, error) { return store.File(file), nil }
	b := New(t.Context(), &ask.Queue{Client: workertest.Over(t, d), Data: d}, ask.Options{Store: open}, "")
	if _, err := b.SetParam("tier", `"gold"`); err != nil {
		t.Fatal(err)
	}
	if ds := b.Check(repl.Query{Name: "member", Text: `loyalty.tier = @tier`}); ds.Failed() {
		t.Fatal(ds)
	}
	q := repl.Query{Text: `inSegment("member") and homeAddress.countryCode = "CA"`}
	known := repl.Counted{Count: 26, Total: 2000, Snapshot: d.Snapshot.Fingerprint, Now: time.Now().UTC()}
	s, err := b.Save(t.Context(), "vip", q, known)
	if err != nil || s.Version != 1 || !s.Fresh || s.Place != file {
		t.Fatalf("%+v, %v", s, err)
	}
	if want := `(loyalty.tier = "gold") and homeAddress.countryCode = "CA"`; s.Query != want {
		t.Errorf("saved as %s, want %s", s.Query, want)
	}
	if ds := b.Check(repl.Query{Text: `inSegment("vip")`}); ds.Failed() {
		t.Errorf("it is not known at once: %v", ds)
	}
	if s, err = b.Save(t.Context(), "vip", q, known); err != nil || s.Version != 1 || s.Fresh {
		t.Errorf("the same once more: %+v, %v", s, err)
	}
	if _, err := b.Save(t.Context(), "vip", repl.Query{Text: `inSegment("vip")`}, known); err == nil {
		t.Error("a segment asks about itself")
	}
	if _, err := b.Save(t.Context(), `a"b`, q, known); err == nil {
		t.Error("a name has a quote")
	}
	if list, err := b.Saved(t.Context()); err != nil || len(list.Segments) != 1 || list.Segments[0].Count != 26 || list.Segments[0].Data != d.Name {
		t.Errorf("%+v, %v", list, err)
	}
	if _, err := b.SavedVersions(t.Context(), "vop"); err == nil || !strings.Contains(err.Error(), "did you mean vip?") {
		t.Errorf("%v", err)
	}
	if err := b.DropSaved(t.Context(), []string{"vip"}, false); err != nil {
		t.Error(err)
	}
	if ds := b.Check(repl.Query{Text: `inSegment("vip")`}); !ds.Failed() {
		t.Error("a segment that was dropped is there")
	}
}

// TestExplainAtEveryDoor: an audience is explained the same here and attached, and so is how it runs.
func TestExplainAtEveryDoor(t *testing.T) {
	t.Parallel()
	d := workertest.Sample(t)
	client := workertest.Over(t, d)
	for door, b := range doors(t, d, client) {
		q := repl.Query{Text: `loyalty.tier = "gold" and person.birthDate occurs > 30 years before now`}
		lines, err := b.Explain(t.Context(), q, show.Look{})
		all := strings.Join(lines, "\n")
		for _, want := range []string{"profiles where all of these hold:\n  loyalty.tier is \"gold\"", "times, as of", "person.birthDate occurs > 30 years before now: before", "loyalty.tier (string"} {
			if err != nil || !strings.Contains(all, want) {
				t.Errorf("%s: no %q in\n%s (%v)", door, want, all, err)
			}
		}
		plan, err := b.Plan(t.Context(), q)
		if err != nil || !strings.Contains(strings.Join(plan, "\n"), "loyalty.tier = gold") {
			t.Errorf("%s: plan %q, %v", door, plan, err)
		}
		if _, err := b.Explain(t.Context(), repl.Query{Text: "no.such = 1"}, show.Look{}); err == nil {
			t.Errorf("%s: a wrong query is explained", door)
		}
	}
}
