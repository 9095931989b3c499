package output_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/segq/segq/cmd/segq/internal/output"
)

// A file that takes the place of another has its mode; a new one that which is given.
func TestCommitKeepsTheMode(t *testing.T) {
	name := filepath.Join(t.TempDir(), "out")
	for _, want := range []os.FileMode{0o644, 0o600} {
		f, err := output.Create(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Commit(0o644); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(name)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%v, %v; not %v", info.Mode(), err, want)
		}
		if err := os.Chmod(name, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// What a run that was killed has left beside the file is removed by the next one, and not what another still writes.
func TestCreateSweeps(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "out.csv")
	running, err := output.Create(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	left, other, fresh := filepath.Join(dir, ".out.csv.segq-1"), filepath.Join(dir, ".out.csv.segq-old"), filepath.Join(dir, ".out.csv.segq-2")
	for _, file := range []string{left, other, fresh} {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-time.Hour)
	for _, file := range []string{left, other, running.Name()} {
		if err := os.Chtimes(file, long, long); err != nil {
			t.Fatal(err)
		}
	}
	next, err := output.Create(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	for file, stays := range map[string]bool{left: false, other: true, fresh: true, running.Name(): true, next.Name(): true} {
		if _, err := os.Stat(file); (err == nil) != stays {
			t.Errorf("%s: %v", file, err)
		}
	}
	for _, f := range []*output.File{running, next} {
		if err := f.Commit(0o644); err != nil {
			t.Error(err)
		}
	}
}
