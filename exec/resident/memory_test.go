package resident_test

import (
	"errors"
	"testing"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// A query that gathers too much fails, and the others have their answers. What it held
// is given back.
func TestMemoryIsCharged(t *testing.T) {
	strings := table(50_000, 0)
	for name, snap := range map[string]*column.Snapshot{"strings": strings, "texts": exectest.AsTexts(strings)} {
		t.Run(name, func(t *testing.T) { memoryIsCharged(t, snap) })
	}
}

func memoryIsCharged(t *testing.T, snap *column.Snapshot) {
	t.Helper()
	e := resident.New(snap, resident.Options{Threads: 2, Memory: 8 << 20, QueryMemory: 1 << 20})
	t.Cleanup(e.Close)
	everyone := query(&check.Const{Info: check.Info{T: check.BoolType}, V: true})
	for range 20 { // what is not given back would be missed sooner or later
		results, err := e.Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{
			{ID: "too much", Typed: everyone, By: []string{"id"}},
			{ID: "enough", Typed: everyone, By: []string{"state"}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		var refused *exec.MemoryError
		if !errors.As(results[0].Err, &refused) || refused.All || refused.Limit != 1<<20 {
			t.Fatalf("50,000 groups in 1 MB: %v", results[0].Err)
		}
		if results[1].Err != nil || len(results[1].Groups) != len(states) {
			t.Fatalf("the other query: %+v", results[1])
		}
	}
}

func TestMemoryOfAll(t *testing.T) {
	snap := table(50_000, 0)
	e := resident.New(snap, resident.Options{Threads: 2, Memory: 1 << 20})
	t.Cleanup(e.Close)
	everyone := query(&check.Const{Info: check.Info{T: check.BoolType}, V: true})
	results, err := e.Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{{ID: "q", Typed: everyone, By: []string{"id"}}}})
	if err != nil {
		t.Fatal(err)
	}
	var refused *exec.MemoryError
	if !errors.As(results[0].Err, &refused) || !refused.All {
		t.Errorf("50,000 groups in 1 MB for all: %v", results[0].Err)
	}
}
