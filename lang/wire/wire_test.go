package wire_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/wire"
	"github.com/segq/segq/samples"
)

// again returns a schema that has no type of t in it.
func again(t *testing.T, schema *check.Type) *check.Type {
	t.Helper()
	var b bytes.Buffer
	if err := load.WriteSchema(&b, schema); err != nil {
		t.Fatal(err)
	}
	other, err := load.ReadSchema(&b)
	if err != nil {
		t.Fatal(err)
	}
	return other
}

func sample(t *testing.T) *column.Snapshot {
	t.Helper()
	r, err := samples.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	snap, _, err := load.Reader(t.Context(), r, "ndjson", "sample", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// same says whether two queries are equal, in the words of people, which have all that is in them.
func same(t *testing.T, text string, want, got *check.Query) {
	t.Helper()
	if check.Dump(got.Cond) != check.Dump(want.Cond) || check.Dump(got.Root) != check.Dump(want.Root) || got.Slots != want.Slots || (got.Root == got.Cond) != (want.Root == want.Cond) {
		t.Errorf("%s became %s, and was %s", text, check.Dump(got.Root), check.Dump(want.Root))
	}
}

// Whatever can be asked comes back as it was, over a schema that has no type in common with that of the sender.
func TestQueriesComeBack(t *testing.T) {
	snap := sample(t)
	other := again(t, snap.Schema)
	saved := map[string]*check.Query{}
	author := exectest.NewAuthor(1, snap.Schema)
	author.Segments = []string{"0", "1"}
	author.Params = map[check.Kind]string{check.Int: "n", check.String: "s"}
	for batch := range 30 {
		var texts []string
		var queries []*check.Query
		for len(queries) < 40 {
			text := author.Query()
			q, problems := lang.Compile(text, column.Catalog{Snapshot: snap, Saved: saved}, check.Options{Params: map[string]any{"n": int64(3), "s": "a"}})
			if problems.Failed() {
				continue
			}
			texts, queries = append(texts, text), append(queries, q)
		}
		b, err := wire.Encode(queries, snap.Schema)
		if err != nil {
			t.Fatal(err)
		}
		got, err := wire.Decode(b, other)
		if err != nil {
			t.Fatal(err)
		}
		for i, q := range queries {
			same(t, texts[i], q, got[i])
		}
		saved[fmt.Sprint(batch%2)] = queries[0]
	}
}

// Two that ask about one segment have one definition of it, as before.
func TestSegmentsAreShared(t *testing.T) {
	snap := sample(t)
	inner, _ := lang.Compile(`loyalty.tier = "gold"`, column.Catalog{Snapshot: snap}, check.Options{})
	cat := column.Catalog{Snapshot: snap, Saved: map[string]*check.Query{"inner": inner}}
	outer, _ := lang.Compile(`inSegment("inner") and true`, cat, check.Options{})
	cat.Saved["outer"] = outer
	q, problems := lang.Compile(`inSegment("outer") or inSegment("inner")`, cat, check.Options{})
	if problems.Failed() {
		t.Fatal(problems)
	}
	b, err := wire.Encode([]*check.Query{q, q}, snap.Schema)
	if err != nil {
		t.Fatal(err)
	}
	got, err := wire.Decode(b, again(t, snap.Schema))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "", q, got[1])
	segments := map[*check.Query]bool{}
	var walk func(n check.Node)
	walk = func(n check.Node) {
		if s, ok := n.(*check.Segment); ok {
			segments[s.Query] = true
		}
		for c := range check.Children(n) {
			walk(c)
		}
	}
	walk(got[0].Cond)
	walk(got[1].Cond)
	if len(segments) != 2 {
		t.Errorf("there are %d definitions", len(segments))
	}
}

// A field of another schema is an error, and no other field.
func TestOfAnotherSchema(t *testing.T) {
	snap := sample(t)
	q, problems := lang.Compile(`loyalty.tier = "gold"`, column.Catalog{Snapshot: snap}, check.Options{})
	if problems.Failed() {
		t.Fatal(problems)
	}
	b, err := wire.Encode([]*check.Query{q}, snap.Schema)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := wire.Decode(b, check.ObjectOf(&check.Field{Name: "x", Type: check.IntType})); err == nil {
		t.Error("it could be read")
	}
}

// FuzzDecode holds that bytes of whatever kind do no harm.
func FuzzDecode(f *testing.F) {
	schema := check.ObjectOf(&check.Field{Name: "a", Type: check.ListOf(check.ObjectOf(&check.Field{Name: "b", Type: check.StringType}))})
	cat := check.Catalog(check.Schema{Root: schema})
	for _, text := range []string{"a.b = 'x'", "select e from a where e.b in ['x', 'y']", "a.count() > 3", "occurs(true) > 1 day before now"} {
		if q, problems := lang.Compile(strings.ReplaceAll(text, "'", `"`), cat, check.Options{}); !problems.Failed() {
			b, err := wire.Encode([]*check.Query{q}, schema)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(b)
		}
	}
	f.Add([]byte{2})
	f.Fuzz(func(t *testing.T, b []byte) {
		queries, err := wire.Decode(b, schema)
		if err != nil {
			return
		}
		if _, err := wire.Encode(queries, schema); err != nil {
			t.Error(err)
		}
	})
}
