package exec_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// A runner answers a batch: all its queries share one scan of the profiles.
func ExampleRunner() {
	ctx := context.Background()
	profiles := strings.NewReader(`{"_id":"ada","tier":"gold","points":120}
{"_id":"bob","tier":"gold","points":30}
{"_id":"cyd","tier":"silver"}`)
	snapshot, _, err := load.Reader(ctx, profiles, "ndjson", "profiles", load.Options{})
	if err != nil {
		panic(err)
	}
	engine := resident.New(snapshot, resident.Options{})
	defer engine.Close()
	var runner exec.Runner = engine

	batch := exec.Batch{Now: time.Now()}
	for _, text := range []string{`tier = "gold"`, `points > 100`, `points.isNull()`} {
		q, problems := lang.Compile(text, column.Catalog{Snapshot: snapshot}, check.Options{})
		if problems.Failed() {
			panic(problems)
		}
		batch.Queries = append(batch.Queries, exec.Query{ID: text, Typed: q})
	}
	results, err := runner.Run(ctx, batch)
	if err != nil {
		panic(err)
	}
	for _, r := range results {
		fmt.Println(r.ID, "holds for", r.Count, "of", r.Total, r.Err)
	}
	// Output:
	// tier = "gold" holds for 2 of 3 <nil>
	// points > 100 holds for 1 of 3 <nil>
	// points.isNull() holds for 1 of 3 <nil>
}
