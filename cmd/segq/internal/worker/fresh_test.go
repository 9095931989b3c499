package worker_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/worker/workertest"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
)

// An export that is to replace nothing fails where there is something, which stays as it was.
func TestFreshExport(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	c := exporting(t, root)
	gold, all := `loyalty.tier = "gold"`, "true"
	first := workertest.Ends(t, c,
		redisx.Command{ID: "f", Op: "export", To: "file", Name: "f.csv", Query: gold, Fresh: true},
		redisx.Command{ID: "s", Op: "export", To: "set", Name: "s", Query: gold, Fresh: true},
	)
	for id, r := range first {
		if r.Status != record.OK || r.Export == nil {
			t.Errorf("%s: %+v", id, r)
		}
	}
	file := filepath.Join(root, "default", "f.csv")
	before, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	again := workertest.Ends(t, c,
		redisx.Command{ID: "f2", Op: "export", To: "file", Name: "f.csv", Query: all, Fresh: true},
		redisx.Command{ID: "s2", Op: "export", To: "set", Name: "s", Query: all, Fresh: true},
	)
	for id, says := range map[string]string{"f2": "default/f.csv is there already", "s2": "s is published already, as a set of"} {
		if r := again[id]; r.Error == nil || r.Error.Code != record.Taken || !strings.Contains(r.Error.Message, says) {
			t.Errorf("%s: %+v", id, r.Error)
		}
	}
	if after, err := os.ReadFile(file); err != nil || string(after) != string(before) {
		t.Errorf("the file has changed: %v", err)
	}
	if s, err := c.Segment(t.Context(), "default", "s"); err != nil || s.Job != "s" {
		t.Errorf("%+v, %v", s, err)
	}
	over := workertest.Ends(t, c, redisx.Command{ID: "f3", Op: "export", To: "file", Name: "f.csv", Query: all})
	if r := over["f3"]; r.Export == nil || *r.Count != 2000 {
		t.Errorf("%+v", r)
	}
	if entries, err := os.ReadDir(filepath.Dir(file)); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
