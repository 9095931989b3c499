package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/spf13/pflag"
)

// TestPages: each command has a page that names all of its flags and commands, and so has each topic.
func TestPages(t *testing.T) {
	t.Parallel()
	dir, root := t.TempDir(), testRoot()
	names, err := help.WritePages(dir, root, topics(), help.Pages{Version: "1.0", Date: "2026-01-02"})
	if err != nil {
		t.Fatal(err)
	}
	page := func(section, name string) string {
		text, err := os.ReadFile(filepath.Join(dir, "man"+section, name+"."+section))
		if err != nil {
			t.Error(err)
		}
		return strings.ReplaceAll(string(text), `\-`, "-")
	}
	pages := 0
	for _, c := range allCommands(root) {
		pages++
		text := page("1", strings.ReplaceAll(c.CommandPath(), " ", "-"))
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if !strings.Contains(text, "--"+f.Name+" ") && !strings.Contains(text, "--"+f.Name+`\fR`) {
				t.Errorf("the page of %s lacks --%s", c.CommandPath(), f.Name)
			}
		})
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() && !strings.Contains(text, `\fB`+sub.Name()+`\fR`) {
				t.Errorf("the page of %s lacks %s", c.CommandPath(), sub.Name())
			}
		}
	}
	for _, topic := range topics() {
		pages++
		if text := page("7", "segq-"+topic.Name); len(text) < 400 {
			t.Errorf("the page of %s:\n%s", topic.Name, text)
		}
	}
	if pages++; len(names) != pages { // that of help, which cobra hides
		t.Errorf("%d pages, not %d", len(names), pages)
	}
	if text := page("1", "segq"); !strings.HasPrefix(text, ".TH SEGQ 1 \"2026-01-02\" \"segq 1.0\"") {
		t.Error(text[:80])
	}
}
