package output_test

import (
	"os"
	"path/filepath"
	"testing"

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
