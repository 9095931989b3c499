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
	elapsed  = regexp.MustCompile(`(?m)% [\d.,]+$`)
	gaps     = regexp.MustCompile(` {2,}`)
	ruled    = regexp.MustCompile(`-{3,}`)
)

// TestManualOfFiles runs the examples of exec/load/README.md: "$ cat NAME" makes a file of
// the lines below it, any other line after $ is a command of the shell, and the
// lines below it are what it prints. The commands of a block share a folder, in
// which testdata is that of exec/load.
func TestManualOfFiles(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../exec/load/README.md")
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
	data, err := filepath.Abs("../../exec/load/testdata")
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range consoles.FindAllStringSubmatch(string(text), -1) {
		dir := t.TempDir()
		if err := os.Symlink(data, filepath.Join(dir, "testdata")); err != nil {
			t.Fatal(err)
		}
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
	return elapsed.ReplaceAllString(s, "%")
}
