package exectest_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// mostlyNull is a table of several blocks and partitions whose fields are mostly null or have one
// value, among profiles and among events.
func mostlyNull(t *testing.T) *column.Snapshot {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, 8))
	var b strings.Builder
	for i := range 12000 {
		fmt.Fprintf(&b, `{"_id":"p%05d","country":"US","age":%d,"active":true`, i, rng.IntN(80))
		if rng.IntN(100) == 0 {
			fmt.Fprintf(&b, `,"rare":{"n":%d,"wide":%d,"score":%v,"tier":"t%d","note":"n %x","vip":%t,"since":"2026-%02d-01T00:00:00Z"}`,
				rng.IntN(10), rng.Int64N(1<<40), float64(rng.IntN(100))/8, rng.IntN(4), rng.Uint32(), rng.IntN(2) == 0, 1+rng.IntN(5))
		}
		if rng.IntN(3) == 0 {
			b.WriteString(`,"flag":true,"level":5`)
		}
		b.WriteString(`,"xEvent":[`)
		for e := range rng.IntN(4) {
			if e > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `{"timestamp":"2026-05-%02dT00:00:00Z","channel":"web"`, 1+rng.IntN(28))
			if rng.IntN(100) == 0 {
				fmt.Fprintf(&b, `,"coupon":"c%d","discount":%d.5,"code":"x%x"`, rng.IntN(5), rng.IntN(20), rng.Uint32())
			}
			b.WriteByte('}')
		}
		b.WriteString("]}\n")
	}
	snap, _, err := load.Reader(t.Context(), strings.NewReader(b.String()), "ndjson", "mostly null", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// Mostly null and constant columns answer as those do that have a slot for each row, hundreds of
// questions at a time and one alone.
func TestCompactTablesAnswerAsDenseOnes(t *testing.T) {
	snap := mostlyNull(t)
	all := exectest.AsDense(snap)
	if snap.Bytes()*10 > all.Bytes()*9 {
		t.Errorf("%d bytes are hardly fewer than %d", snap.Bytes(), all.Bytes())
	}
	var asked exec.Batch
	asked.Now = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	add := func(q exec.Query, text string) bool {
		typed, ds := lang.Compile(text, column.Catalog{Snapshot: snap}, check.Options{})
		q.Typed, q.ID = typed, fmt.Sprint(len(asked.Queries), " ", text)
		if !ds.Failed() {
			asked.Queries = append(asked.Queries, q)
		}
		return !ds.Failed()
	}
	for i := range 400 {
		a := exectest.NewAuthor(uint64(i), snap.Schema)
		a.Texts = []string{"US", "t1", "c3", "web", "n ", "x1"}
		add(exec.Query{Sample: 20, Seed: 1}, a.Query())
	}
	for _, path := range []string{"rare.n", "rare.wide", "rare.score", "rare.tier", "rare.note", "rare.vip", "rare.since", "country", "active", "flag", "level"} {
		for _, text := range []string{"age > 40", path + ".isNotNull()", path + ".isNull()"} {
			if !add(exec.Query{By: strings.Split(path, ".")}, text) {
				t.Errorf("%s is no query", text)
			}
		}
	}
	for _, text := range []string{"rare.score", "rare.note", "rare.tier", "xEvent.discount", "level", "rare.n + rare.wide", `rare.note.matches("n [0-9a-f]*7")`} {
		if !add(exec.Query{Values: true}, text) {
			t.Errorf("%s is no query", text)
		}
	}
	for _, text := range []string{`if(rare.tier.contains("1"), "x", "y") = "y"`, `if(rare.note.contains("7"), "x", "y") = "y"`, `if(country.contains("S"), "x", "y") = "x"`} {
		if !add(exec.Query{Sample: 20}, text) { // they hold for null
			t.Errorf("%s is no query", text)
		}
	}
	if len(asked.Queries) < 200 {
		t.Fatalf("only %d queries", len(asked.Queries))
	}
	want := answersOf(t, all, asked, 0)
	for _, alone := range []int{0, 1} {
		for i, got := range answersOf(t, snap, asked, alone) {
			if diff := cmp.Diff(want[i], got, cmpopts.IgnoreFields(exec.Result{}, "Elapsed"), cmpopts.EquateErrors(), cmpopts.EquateNaNs()); diff != "" {
				t.Errorf("%s (-dense +compact)\n%s", asked.Queries[i].ID, diff)
			}
		}
	}
}

// answersOf asks a batch, so many queries at a time, 0 for all.
func answersOf(t *testing.T, snap *column.Snapshot, b exec.Batch, atOnce int) []exec.Result {
	t.Helper()
	e := resident.New(snap, resident.Options{Threads: 2})
	defer e.Close()
	if atOnce == 0 {
		atOnce = len(b.Queries)
	}
	var all []exec.Result
	for i := 0; i < len(b.Queries); i += atOnce {
		some := b
		some.Queries = b.Queries[i:min(i+atOnce, len(b.Queries))]
		results, err := e.Run(t.Context(), some)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, results...)
	}
	return all
}
