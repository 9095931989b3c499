package worker_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx"
)

// TestDiffOverLimit: a file of changes that is too large is told at once, as an export that is: nothing of it passes.
func TestDiffOverLimit(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("_id,n\n")
	for i := range 20_000 {
		fmt.Fprintf(&text, "profile-%d,%d\n", i, i)
	}
	data, root := filepath.Join(t.TempDir(), "p.csv"), t.TempDir()
	if err := os.WriteFile(data, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := dataset.Open(t.Context(), []string{data}, dataset.Usual(), 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	c := writing(t, d, root, 1000)
	got := workertest.Ends(t, c, redisx.Command{ID: "d", Op: "diff", Name: "d.csv", Queries: []string{"n < 0", "n >= 0"}})
	if r := got["d"]; r == nil || r.Error == nil || !strings.Contains(r.Error.Message, "more than 1000 bytes: see --export-limit") {
		t.Errorf("%+v", r)
	}
	if left, err := os.ReadDir(filepath.Join(root, "default")); err != nil || len(left) > 0 {
		t.Errorf("%v, %v", left, err)
	}
}
