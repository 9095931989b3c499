package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var (
	consoles = regexp.MustCompile("(?ms)^```console\n(.*?)^```$")
	elapsed  = regexp.MustCompile(`(?m)(%|exact|profiles) [\d.,]+( µs| ms| s)?$`)
	gaps     = regexp.MustCompile(` {2,}`)
	ruled    = regexp.MustCompile(`-{3,}`)
)

// TestManualOfFiles runs the examples of exec/load/README.md, in folders in which testdata is that
// of exec/load.
func TestManualOfFiles(t *testing.T) {
	t.Parallel()
	data, err := filepath.Abs("../../exec/load/testdata")
	if err != nil {
		t.Fatal(err)
	}
	runExamples(t, "../../exec/load/README.md", func(t *testing.T, dir string) {
		if err := os.Symlink(data, filepath.Join(dir, "testdata")); err != nil {
			t.Fatal(err)
		}
	})
}

// TestManualOfLookups runs the examples of exec/lookup/README.md.
func TestManualOfLookups(t *testing.T) {
	t.Parallel()
	runExamples(t, "../../exec/lookup/README.md", func(*testing.T, string) {})
}

// TestReadme runs the examples of the README.
func TestReadme(t *testing.T) {
	t.Parallel()
	runExamples(t, "../../README.md", func(*testing.T, string) {})
}

// runExamples runs the blocks of a document that are marked as those of a console: "$ cat NAME" makes
// a file of the lines below it, any other line after $ is a command of the shell, and the lines below it
// are what it prints. The commands of a block share a folder, which prepare fills.
func runExamples(t *testing.T, document string, prepare func(t *testing.T, dir string)) {
	t.Helper()
	text, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(program, filepath.Join(bin, "segq")); err != nil {
		t.Fatal(err)
	}
	blocks := consoles.FindAllStringSubmatch(string(text), -1)
	if len(blocks) == 0 {
		t.Fatalf("%s has no examples", document)
	}
	for _, block := range blocks {
		dir := t.TempDir()
		prepare(t, dir)
		for _, step := range strings.Split("\n"+block[1], "\n$ ")[1:] {
			command, want, _ := strings.Cut(step, "\n")
			if name, ok := strings.CutPrefix(command, "cat "); ok {
				write(t, filepath.Join(dir, name), want)
				continue
			}
			got := shell(t, dir, bin, command)
			if diff := cmp.Diff(untimed(want), untimed(got)); diff != "" {
				t.Errorf("$ %s\n%s\n(-manual +got)\n%s", command, got, diff)
			}
		}
	}
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(strings.TrimSuffix(text, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// shell returns what a command prints, to both outputs. How it ends is no error.
func shell(t *testing.T, dir, bin, command string) string {
	t.Helper()
	c := exec.CommandContext(t.Context(), "sh", "-c", command)
	c.Dir = dir
	c.Env = append(os.Environ(), asProgram+"=1", "PATH="+bin+":"+os.Getenv("PATH"), "SEGQ_REDIS_URL=")
	out, err := c.CombinedOutput()
	if err != nil && c.ProcessState == nil {
		t.Fatal(err)
	}
	return string(out)
}

// untimed takes the times out of a table, and the widths that follow from them.
func untimed(s string) string {
	s = strings.TrimSpace(ruled.ReplaceAllString(gaps.ReplaceAllString(s, " "), "---"))
	return elapsed.ReplaceAllString(s, "$1")
}
