package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestCheck: what is wrong for one system alone is found for that system alone, also in a package that is imported.
func TestCheck(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":                   "module m\n\ngo 1.26\n",
		"main.go":                  "package main\n\nimport \"m/part\"\n\nfunc main() { part.F() }\n",
		"part/part_linux.go":       "package part\n\nfunc F() {}\n",
		"part/part_windows.go":     "package part\n\nimport \"os\"\n\nfunc F() { Getuid() }\n",
		"part/unlinked_windows.go": "package part\n\nvar _ int = \"text\"\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	t.Setenv("CGO_ENABLED", "0")
	t.Setenv("GOWORK", "off")
	for system, want := range map[string][]string{
		"linux": nil, "windows": {"undefined: Getuid", `"os" imported and not used`, `cannot use "text"`}, "darwin": {"build constraints exclude all Go files"},
	} {
		t.Setenv("GOOS", system)
		wrong, seen, err := check("./...")
		if err != nil || seen < 2 || len(wrong) < len(want) || (want == nil) != (wrong == nil) {
			t.Errorf("%s: %d packages, %q (%v)", system, seen, wrong, err)
		}
		for _, w := range want {
			if !slices.ContainsFunc(wrong, func(s string) bool { return strings.Contains(s, w) }) {
				t.Errorf("%s: %q, without %s", system, wrong, w)
			}
		}
	}
}
