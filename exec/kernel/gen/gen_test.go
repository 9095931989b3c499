package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestCommitted holds the committed assembly to what the generator writes.
func TestCommitted(t *testing.T) {
	for _, test := range []struct{ assembly, stubs, commandLine string }{
		{"kernel_amd64.s", "stubs_amd64.go", "-out %s -stubs %s -pkg kernel"},
		{"kernel_arm64.s", "stubs_arm64.go", "-neon %s -neonstubs %s"},
	} {
		dir := t.TempDir()
		args := strings.Fields(fmt.Sprintf(test.commandLine, filepath.Join(dir, test.assembly), filepath.Join(dir, test.stubs)))
		out, err := exec.CommandContext(t.Context(), "go", append([]string{"run", "."}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, name := range []string{test.assembly, test.stubs} {
			got, want := body(t, filepath.Join(dir, name)), body(t, filepath.Join("..", name))
			if !bytes.Equal(got, want) {
				t.Errorf("%s is not what the generator writes; run: go run . "+test.commandLine, name, "../"+test.assembly, "../"+test.stubs)
			}
		}
	}
}

// body returns a file without its first line, which holds the command.
func body(t *testing.T, name string) []byte {
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := bytes.Cut(text, []byte("\n"))
	return rest
}
