package duckdb_test

import (
	"bytes"
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "github.com/duckdb/duckdb-go/v2"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

var (
	queries = flag.Int("queries", 2500, "how many queries to compare")
	seed    = flag.Uint64("seed", 1, "of the data and the queries")
)

const profiles = 800

// TestAgree compares the profiles that random queries match.
func TestAgree(t *testing.T) {
	data, err := ndjson(*seed, profiles)
	if err != nil {
		t.Fatal(err)
	}
	db := openDuckDB(t, data)
	snap, report, err := load.Reader(t.Context(), bytes.NewReader(data), "ndjson", "random", load.Options{})
	if err != nil || report.Rejected > 0 {
		t.Fatal(err, report)
	}
	engine := resident.New(snap, resident.Options{Threads: 2})
	defer engine.Close()
	g := &generator{Rand: rand.New(rand.NewPCG(*seed, 2))}
	root := &scope{level: "profile", sql: "p"}
	telling, wrong := 0, 0
	for done := 0; done < *queries; done += 100 {
		batch := make([]pair, 100)
		for i := range batch {
			batch[i] = g.condition(root, 1+g.IntN(3))
		}
		for i, ids := range askSegq(t, engine, snap, batch) {
			want := askDuckDB(t, db, batch[i])
			if len(want) > 0 && len(want) < profiles {
				telling++
			}
			if !slices.Equal(ids, want) {
				if wrong++; wrong <= 10 {
					t.Errorf("%s\n%s\n%s", batch[i].pql, batch[i].sql, difference(ids, want))
				}
			}
		}
	}
	t.Logf("%d queries, %d matched some profiles and not all, %d disagreements", *queries, telling, wrong)
	if telling*10 < *queries*6 {
		t.Errorf("only %d of %d queries tell anything", telling, *queries)
	}
}

func openDuckDB(t *testing.T, data []byte) *sql.DB {
	t.Helper()
	name := filepath.Join(t.TempDir(), "p.ndjson")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("duckdb", "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if _, err := db.Exec(fmt.Sprintf("create table p as select * from read_json('%s', format = 'newline_delimited', columns = %s)", name, columns)); err != nil {
		t.Fatal(err)
	}
	return db
}

// askSegq returns the ids of the profiles that each query matches, in order.
func askSegq(t *testing.T, engine *resident.Engine, snap *column.Snapshot, batch []pair) [][]string {
	t.Helper()
	b := exec.Batch{Now: now}
	for i, p := range batch {
		q, ds := lang.Compile(p.pql, column.Catalog{Snapshot: snap}, check.Options{})
		if q == nil {
			t.Fatalf("%s", lang.Render(ds[0], "", p.pql))
		}
		b.Queries = append(b.Queries, exec.Query{ID: fmt.Sprint(i), Typed: q, Sample: snap.Rows()})
	}
	results, err := engine.Run(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	out := make([][]string, len(batch))
	for i, r := range results {
		if r.Err != nil || r.Count != len(r.Sample) {
			t.Fatalf("%s: %v", batch[i].pql, r.Err)
		}
		out[i] = r.Sample
	}
	return out
}

func askDuckDB(t *testing.T, db *sql.DB, p pair) []string {
	t.Helper()
	rows, err := db.Query("select _id from p where " + p.sql + " order by _id")
	if err != nil {
		t.Fatalf("%s\n%s\n%v", p.pql, p.sql, err)
	}
	defer rows.Close()
	ids := []string{}
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return ids
}

// difference says which profiles only one side has.
func difference(segq, duckdb []string) string {
	only := func(a, b []string) string {
		var out []string
		for _, id := range a {
			if !slices.Contains(b, id) {
				out = append(out, id)
			}
		}
		return fmt.Sprintf("%d: %s", len(out), strings.Join(out[:min(len(out), 5)], " "))
	}
	return "only segq " + only(segq, duckdb) + "\nonly DuckDB " + only(duckdb, segq)
}
