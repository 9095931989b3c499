package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestCommitted holds the committed assembly to what the generator writes.
func TestCommitted(t *testing.T) {
	dir := t.TempDir()
	for _, f := range []struct{ flag, name string }{{"-out", "kernel_amd64.s"}, {"-stubs", "stubs_amd64.go"}} {
		if _, err := os.Stat(filepath.Join("..", f.name)); err != nil {
			t.Fatal(err)
		}
	}
	out, err := exec.CommandContext(t.Context(), "go", "run", ".", "-pkg", "kernel",
		"-out", filepath.Join(dir, "kernel_amd64.s"), "-stubs", filepath.Join(dir, "stubs_amd64.go")).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"kernel_amd64.s", "stubs_amd64.go"} {
		got, want := body(t, filepath.Join(dir, name)), body(t, filepath.Join("..", name))
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the generator writes; run: go run . -out ../kernel_amd64.s -stubs ../stubs_amd64.go -pkg kernel", name)
		}
	}
}

// body gives a file without its first line, which holds the command.
func body(t *testing.T, name string) []byte {
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := bytes.Cut(text, []byte("\n"))
	return rest
}
