package load_test

import (
	"os"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// BenchmarkOneShot does what a run with -c QUERY does with a file, but for the process: it opens
// SEGQ_LOAD, leaves out what cannot match SEGQ_QUERY, loads what it reads and counts.
func BenchmarkOneShot(b *testing.B) {
	file, query := os.Getenv("SEGQ_LOAD"), os.Getenv("SEGQ_QUERY")
	if file == "" || query == "" {
		b.Log("SEGQ_LOAD and SEGQ_QUERY name no file and query")
		return
	}
	for b.Loop() {
		table, _, err := load.OpenTable(b.Context(), []string{file}, load.Options{Threads: 2})
		if err != nil {
			b.Fatal(err)
		}
		q, ds := lang.Compile(query, column.Catalog{Snapshot: table.Snapshot()}, check.Options{})
		if ds.Failed() {
			b.Fatal(ds)
		}
		if narrow, _, err := table.Narrow([]check.Node{q.Cond}, 0); err != nil {
			b.Fatal(err)
		} else if narrow != nil {
			table = narrow
		}
		_, release, err := table.Load(b.Context(), check.ReadsOf(q.Cond), nil)
		if err != nil {
			b.Fatal(err)
		}
		e := resident.Open(table, resident.Options{Threads: 2})
		if _, err := e.Run(b.Context(), exec.Batch{Now: time.Now(), Queries: []exec.Query{{ID: "q", Typed: q}}}); err != nil {
			b.Fatal(err)
		}
		e.Close()
		release()
		table.Close()
	}
}
