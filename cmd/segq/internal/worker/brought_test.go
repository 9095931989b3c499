package worker

import (
	"errors"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/cmd/segq/internal/store"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// TestSetOfACommand: the rules of a set are read and checked once for each of its contents, whatever it is called.
func TestSetOfACommand(t *testing.T) {
	t.Parallel()
	d, err := dataset.Open(t.Context(), nil, dataset.Options{}, 1, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	c, err := redisx.Embedded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	h := &handler{Dataset: d, client: c, sets: &sets{}}
	kept := store.Shared(c, "default")
	put := func(name, text string) {
		set, err := store.NewRules(name, []rules.Source{{Name: "a.pql", Text: text}})
		if err == nil {
			_, err = store.PutRules(t.Context(), kept, set)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	ask := func(c redisx.Command) (*work, []setRule) {
		c.Op, c.Tenant = "rules", "default"
		w := &work{task: &redisx.Task{Command: c}, record: &record.Record{}}
		if err := h.bring(t.Context(), w); err != nil {
			t.Fatal(err)
		}
		return w, h.ruleSetOf(w)
	}
	const text = "gold: loyalty.tier = \"gold\"\nbig: inSegment(\"gold\") and xEvent.count() > @n\nwrong: teir = 1"
	put("night", text)
	put("same", text)
	w, first := ask(redisx.Command{Set: "night", Params: redisx.Params{"n": int64(3)}})
	if *w.record.RuleSet != (record.RuleSet{Name: "night", Version: 1}) || len(first) != 3 || first[0].Typed == nil || first[1].Typed == nil {
		t.Fatalf("%+v %+v", w.record.RuleSet, first)
	}
	if wrong := first[2]; wrong.Name != "wrong" || wrong.Text != "teir = 1" || wrong.Typed != nil || !wrong.Found.Failed() {
		t.Errorf("%+v", wrong)
	}
	w, same := ask(redisx.Command{Set: "same", Params: redisx.Params{"n": int64(3)}})
	if *w.record.RuleSet != (record.RuleSet{Name: "same", Version: 1}) || &same[0] != &first[0] {
		t.Errorf("%+v, or the rules were checked again", w.record.RuleSet)
	}
	if _, other := ask(redisx.Command{Set: "night", Params: redisx.Params{"n": int64(4)}}); &other[0] == &first[0] {
		t.Error("other parameters, and the same rules")
	}
	put("night", "gold: true")
	if w, latest := ask(redisx.Command{Set: "night"}); w.record.RuleSet.Version != 2 || len(latest) != 1 || len(w.task.Command.Queries) != 1 {
		t.Errorf("%+v %+v", w.record.RuleSet, latest)
	}
	if w, old := ask(redisx.Command{Set: "night", SetVersion: 1, Params: redisx.Params{"n": int64(3)}}); w.record.RuleSet.Version != 1 || &old[0] != &first[0] {
		t.Errorf("%+v", w.record.RuleSet)
	}
	w = &work{task: &redisx.Task{Command: redisx.Command{Op: "rules", Tenant: "other", Set: "night"}}, record: &record.Record{}}
	var refused refusal
	if err := h.bring(t.Context(), w); !errors.As(err, &refused) || refused.says.Code != "no-rule-set" {
		t.Error(err)
	}
}
