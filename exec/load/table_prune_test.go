package load_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

type pruned struct {
	N     *int64    `parquet:"n"`
	Small int32     `parquet:"small"`
	F     float64   `parquet:"f"`
	S     string    `parquet:"s"`
	At    time.Time `parquet:"at"`
	Home  *struct {
		City *string `parquet:"city"`
	} `parquet:"home,optional"`
	B bool `parquet:"b"`
}

var prunedTexts = []string{"", "a", "ab", "abc", "b", "Köln", "zz", "\U0010ffff"}

// prunedRows are in an order that gives row groups bounds of their own, as far as the seed says.
func prunedRows(rng *rand.Rand) []pruned {
	rows := make([]pruned, 400)
	for i := range rows {
		x := i
		if rng.IntN(3) == 0 {
			x = rng.IntN(len(rows))
		}
		p := pruned{Small: int32(x - 200), F: float64(x) / 4, S: prunedTexts[x*len(prunedTexts)/len(rows)], B: x%2 == 0}
		if x%5 > 0 {
			n := int64(x) << 30
			p.N = &n
		}
		switch rng.IntN(40) {
		case 0:
			p.F = math.NaN()
		case 1:
			p.F = math.Copysign(0, -1)
		}
		p.At = time.UnixMilli(1_700_000_000_000 + int64(x)*3_600_000).UTC()
		if x > 100 {
			city := prunedTexts[x%len(prunedTexts)]
			p.Home = &struct {
				City *string `parquet:"city"`
			}{&city}
		}
		rows[i] = p
	}
	return rows
}

// prunedConditions are what the statistics may say something of, and what they may not.
func prunedConditions(rng *rand.Rand) string {
	number := func() string { return fmt.Sprint(rng.IntN(500) - 220) }
	text := func() string { return fmt.Sprintf("%q", prunedTexts[rng.IntN(len(prunedTexts))]) }
	compare := []string{"<", "<=", ">", ">=", "=", "!="}[rng.IntN(6)]
	switch rng.IntN(14) {
	case 0:
		return fmt.Sprintf("small %s %s", compare, number())
	case 1:
		return fmt.Sprintf("f %s %s.25", compare, number())
	case 2:
		return fmt.Sprintf("f %s %s", compare, number())
	case 3:
		return fmt.Sprintf("n %s %d", compare, rng.Int64N(400)<<30)
	case 4:
		return "s = " + text()
	case 5:
		return fmt.Sprintf("s in [%s, %s]", text(), text())
	case 6:
		return fmt.Sprintf("s.startsWith(%s)", text())
	case 7:
		return fmt.Sprintf("home.city = %s", text())
	case 8:
		return fmt.Sprintf("at occurs %s %d hours after %q", []string{"<", ">", "="}[rng.IntN(3)], rng.IntN(400), "2023-11-14T22:13:20Z")
	case 9:
		return fmt.Sprintf("not (small %s %s)", compare, number())
	case 10:
		return fmt.Sprintf("(%s) and (%s)", prunedConditions(rng), prunedConditions(rng))
	case 11:
		return fmt.Sprintf("(%s) or (%s)", prunedConditions(rng), prunedConditions(rng))
	case 12:
		return fmt.Sprintf("s.startsWith(%s, false)", text())
	}
	return []string{"b", "n.isNull()", "home.city.isNull()", "true", "false", `s.contains("b")`}[rng.IntN(6)]
}

// TestNarrow: the rows that statistics leave out meet none of the conditions.
func TestNarrow(t *testing.T) {
	less, now := 0, time.UnixMilli(1_700_500_000_000)
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 7))
		file := writeFile(t, t.TempDir(), "1.parquet", writeParquet(t, prunedRows(rng), groupsOf(1+rng.IntN(60))))
		table := openTable(t, load.Options{Threads: 1}, file)
		whole := allOf(t, openTable(t, load.Options{Threads: 1}, file))
		b := exec.Batch{Now: now}
		var conditions []check.Node
		for i := range 1 + rng.IntN(2) {
			text := prunedConditions(rng)
			q, ds := lang.Compile(text, column.Catalog{Snapshot: whole}, check.Options{})
			if ds.Failed() {
				t.Fatal(text, ds)
			}
			conditions = append(conditions, q.Cond)
			b.Queries = append(b.Queries, exec.Query{ID: fmt.Sprint(i, " ", text), Typed: q})
		}
		narrow, others, err := table.Narrow(conditions, now.UnixMilli())
		if err != nil {
			t.Fatal(err)
		}
		if narrow == nil {
			continue
		}
		less++
		want, got := resident.New(whole, resident.Options{Threads: 1}), resident.Open(narrow, resident.Options{Threads: 1})
		all, err := want.Run(t.Context(), b)
		some, err2 := got.Run(t.Context(), b)
		if err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		for i := range all {
			if all[i].Count != some[i].Count || some[i].Total+others != all[i].Total || some[i].Err != nil {
				t.Errorf("seed %d, %s: %d of %d, and %d others; %d of %d (%v)", seed, all[i].ID, some[i].Count, some[i].Total, others, all[i].Count, all[i].Total, some[i].Err)
			}
		}
		want.Close()
		got.Close()
	}
	if less < 60 {
		t.Errorf("only %d of 300 tables were narrowed", less)
	}
}

// What was told when a table was opened is still told of the part of it whose rows may match.
func TestNarrowTables(t *testing.T) {
	table := openTable(t, load.Options{Threads: 2}, "testdata/parquet/groups.parquet")
	q, ds := lang.Compile("n > 3", column.Catalog{Snapshot: table.Snapshot()}, check.Options{})
	if ds.Failed() {
		t.Fatal(ds)
	}
	narrow, others, err := table.Narrow([]check.Node{q.Cond}, 0)
	if err != nil || narrow == nil || others != 2 {
		t.Fatal(narrow, others, err)
	}
	want := []string{"m is left out: the keys of the map are not single values"}
	if diff := cmp.Diff(want, narrow.Report().Notes); diff != "" {
		t.Errorf("notes (-want +got)\n%s", diff)
	}
}
