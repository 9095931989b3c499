package backend

import (
	"testing"

	"github.com/segq/segq/cmd/segq/internal/ask"
)

// TestRefreshOfTheSample: what cannot have changed, as far as anybody knows, is not opened again.
func TestRefreshOfTheSample(t *testing.T) {
	t.Parallel()
	q, err := ask.OpenQueue(t.Context(), ask.Place{Threads: 2}, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	b := New(t.Context(), q, ask.Options{Tenant: "default", Class: "interactive"}, "")
	if changed, err := b.Refresh(t.Context()); changed || err != nil {
		t.Errorf("changed %v, %v", changed, err)
	}
}
