package backend

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl"
)

// TestPeekHere: a session counts what is typed over data of its own, with its parameters, its now and the queries
// that it has named. (TestTour has the same count of the first query from plain Go.)
func TestPeekHere(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	client, err := redisx.Embedded(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	d, err := dataset.Open(ctx, nil, dataset.Options{}, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	b := New(ctx, &ask.Queue{Client: client, Data: d}, ask.Options{Params: map[string]any{"country": "CA"}, Now: "2026-11-01T00:00:00Z"}, "")
	if ds := b.Check(repl.Query{Name: "canadians", Text: `homeAddress.countryCode = "CA"`}); ds.Failed() {
		t.Fatal(ds)
	}
	plain := b.Peek(ctx, `homeAddress.countryCode = "CA"`, 3)
	if plain.Count == 0 || plain.Total != 2000 || !plain.Exact || plain.Clause != nil {
		t.Fatalf("%+v", plain)
	}
	for _, text := range []string{`inSegment("canadians")`, "homeAddress.countryCode = @country"} {
		got := b.Peek(ctx, text, len(text))
		if got.Count != plain.Count || got.Counted != (ast.Span{End: len(text)}) {
			t.Errorf("%s: %+v, want %d", text, got, plain.Count)
		}
	}
	text := `inSegment("canadians") and loyalty.tier = "gold" and loyalty.po`
	want := repl.Peek{
		Counted: ast.Span{End: 48}, Count: b.Peek(ctx, `loyalty.tier = "gold" and homeAddress.countryCode = "CA"`, 0).Count, Total: 2000, Exact: true,
		Clause: &repl.Clause{At: ast.Span{Start: 27, End: 48}, Pass: b.Peek(ctx, `loyalty.tier = "gold"`, 0).Count, Without: plain.Count},
	}
	if diff := cmp.Diff(want, b.Peek(ctx, text, 30)); diff != "" {
		t.Errorf("%s (-want +got)\n%s", text, diff)
	}
	const none = `loyalty.tier = "Gold" and xEvent.co`
	want = repl.Peek{Counted: ast.Span{End: 21}, Total: 2000, Exact: true, Note: fmt.Sprintf(`no profile has "Gold"; "gold" has %d`, b.Peek(ctx, `loyalty.tier = "gold"`, 0).Count), Instead: `loyalty.tier = "gold"`}
	if diff := cmp.Diff(want, b.Peek(ctx, none, len(none))); diff != "" {
		t.Errorf("%s (-want +got)\n%s", none, diff)
	}
	// The next key ends the count of the one before.
	p := &peeking{}
	first, end := p.only(ctx)
	defer end()
	second, end := p.only(ctx)
	defer end()
	if first.Err() != context.Canceled || second.Err() != nil {
		t.Errorf("%v, %v", first.Err(), second.Err())
	}
}
