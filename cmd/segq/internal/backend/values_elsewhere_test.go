package backend

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/values"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/redisx"
)

// fakeWorker tells values as a worker does, and counts what it is asked.
type fakeWorker struct {
	mu       sync.Mutex
	snapshot string
	known    []lang.Value
	fails    error
	asked    []string
}

func (w *fakeWorker) request(_ context.Context, _ string, body []byte) ([]byte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	q, err := values.ReadQuestion(body)
	w.asked = append(w.asked, q.Typed)
	if err != nil || w.fails != nil {
		return nil, errors.Join(err, w.fails)
	}
	a := values.Answer{All: len(w.known), Snapshot: w.snapshot}
	a.Values, a.More = values.Ranked(w.known, q.Typed, q.Limit)
	return json.Marshal(a)
}

// TestValuesAreRemembered: what was told for fewer letters is asked for once, if that was all; what other data has
// is asked for again, and so is what nobody could answer, after a while.
func TestValuesAreRemembered(t *testing.T) {
	t.Parallel()
	w := &fakeWorker{snapshot: "one", known: []lang.Value{{Text: "gold", Count: 9}, {Text: "silver", Count: 5}}}
	m := &valueMemory{ctx: t.Context(), request: w.request, renew: func() {}, snapshot: func() string { return w.snapshot }}
	tell := func(typed string, limit int) string {
		q := values.Question{Field: values.Field{Path: []string{"tier"}}, Typed: typed, Limit: limit}
		a := m.answer(t.Context(), q)
		for a.Pending {
			a = m.answer(t.Context(), q)
		}
		return fmt.Sprint(a.Values, a.More, a.All)
	}
	steps := []struct {
		do    func()
		typed string
		limit int
		want  string
		asked int
	}{
		{nil, "", 9, "[{gold 9} {silver 5}] 0 2", 1},
		{nil, "", 1, "[{gold 9}] 1 2", 1},
		{nil, "s", 9, "[{silver 5}] 0 2", 1},
		{nil, "x", 9, "[] 0 2", 1},
		{func() { w.snapshot, w.known = "two", []lang.Value{{Text: "bronze", Count: 3}} }, "", 9, "[{bronze 3}] 0 1", 2},
		{func() { // more than one answer has
			w.snapshot, w.known = "three", nil
			for i := range 3000 {
				w.known = append(w.known, lang.Value{Text: fmt.Sprintf("v%04d", i), Count: 7})
			}
		}, "", 1, "[{v0000 7}] 2999 3000", 3},
		{nil, "v2", 1, "[{v2000 7}] 1379 3000", 4}, // those with a 2 among the first three digits
		{nil, "v20", 1, "[{v2000 7}] 326 3000", 5},
		{nil, "v200", 1, "[{v2000 7}] 29 3000", 5},
		{func() { w.snapshot, w.fails = "four", errors.New("nobody") }, "", 9, "[] 0 -1", 6},
		{nil, "", 9, "[] 0 -1", 6},
		{func() { w.snapshot, w.fails = "five", nil; w.known = w.known[:1] }, "", 9, "[{v0000 7}] 0 1", 7},
	}
	for i, s := range steps {
		if s.do != nil {
			s.do()
		}
		if got := tell(s.typed, s.limit); got != s.want || len(w.asked) != s.asked {
			t.Errorf("step %d: %s after %q, want %s after %d", i, got, w.asked, s.want, s.asked)
		}
	}
}

// TestReplacedValuesAreAskedAgain: a request that a newer one has ended says nothing of its field.
func TestReplacedValuesAreAskedAgain(t *testing.T) {
	t.Parallel()
	w := &fakeWorker{snapshot: "one", known: []lang.Value{{Text: "gold", Count: 9}}, fails: redisx.ErrReplaced}
	m := &valueMemory{ctx: t.Context(), request: w.request, renew: func() {}, snapshot: func() string { return "one" }}
	q := values.Question{Field: values.Field{Path: []string{"tier"}}, Limit: 9}
	if a := m.answer(t.Context(), q); !a.Pending {
		t.Errorf("%+v", a)
	}
	w.mu.Lock()
	w.fails = nil
	w.mu.Unlock()
	a := m.answer(t.Context(), q)
	for a.Pending {
		a = m.answer(t.Context(), q)
	}
	if len(a.Values) != 1 {
		t.Errorf("%+v", a)
	}
}
