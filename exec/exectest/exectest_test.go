package exectest_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/segq/segq/exec/exectest"
)

func TestScripts(t *testing.T) {
	exectest.RunKinds(t, "testdata", exectest.Reference{})
}

// TestScriptsAreThere holds a floor under the number of queries in the scripts,
// so that one which is lost is noticed.
func TestScriptsAreThere(t *testing.T) {
	const fewest = 680
	files, err := filepath.Glob("testdata/*")
	if err != nil {
		t.Fatal(err)
	}
	queries := 0
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		queries += len(regexp.MustCompile(`(?m)^(query|value|error)\b`).FindAll(text, -1))
	}
	if queries < fewest {
		t.Errorf("the scripts ask %d queries, want at least %d", queries, fewest)
	}
}
