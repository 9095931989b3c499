package repl

import (
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestKeysAreInReadme compares the table of keys with that of README, which -update rewrites.
func TestKeysAreInReadme(t *testing.T) {
	const readme = "../README.md"
	text, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	table.WriteString("| key | what it does |\n|---|---|\n")
	for _, k := range keyTable() {
		fmt.Fprintf(&table, "| %s | %s |\n", k.Help().Key, k.Help().Desc)
	}
	written := regexp.MustCompile(`\| key \| what it does \|\n(\|.*\n)+`)
	if written.FindString(string(text)) == table.String() {
		return
	}
	if f := flag.Lookup("update"); f == nil || f.Value.String() != "true" {
		t.Fatal("README has other keys; go test ./repl -update puts these in:\n" + table.String())
	}
	text = written.ReplaceAllLiteral(text, []byte(table.String()))
	if err := os.WriteFile(readme, text, 0o644); err != nil {
		t.Fatal(err)
	}
}
