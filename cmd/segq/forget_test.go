package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/forget"
)

// TestForgetAtOnce removes different people from one file at the same time: nobody comes back.
func TestForgetAtOnce(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	name := filepath.Join(t.TempDir(), "all.csv")
	text := []byte("_id,n\n")
	for i := range 20_000 {
		text = fmt.Appendf(text, "p-%d,1\n", i)
	}
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			o := forgetting{Search: forget.Search{ID: fmt.Sprintf("p-%d", 1000*i)}, sure: true}
			if err := o.fromLines(t.Context(), name, name); err != nil || len(o.found) != 1 {
				t.Error(o.ID, o.found, err)
			}
		})
	}
	all.Wait()
	rest, err := os.ReadFile(name)
	if err != nil || bytes.Count(rest, []byte("\n")) != 20_001-8 {
		t.Error(bytes.Count(rest, []byte("\n")), err)
	}
}
