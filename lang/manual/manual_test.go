package manual_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/manual"
)

// TestFunctions: every function has an entry of its own, which begins with its name.
func TestFunctions(t *testing.T) {
	for _, f := range check.Functions() {
		found := manual.Find(f.Name)
		if len(found) == 0 || found[0].Title != f.Name || !strings.Contains(found[0].Text, "```pql") {
			t.Errorf("%s: %v", f.Name, found)
		}
	}
	if n := len(manual.Functions()); n != len(check.Functions()) {
		t.Errorf("%d entries of functions, and %d functions", n, len(check.Functions()))
	}
}

// TestWords: every word of the manual that is one of the language is found.
func TestWords(t *testing.T) {
	known := 0
	for _, word := range regexp.MustCompile(`\w+`).FindAllString(lang.Manual(), -1) {
		if _, unit := ast.UnitNamed(word); !unit && !ast.Reserved(word) {
			continue
		}
		known++
		found := manual.Find(word)
		if len(found) == 0 {
			t.Errorf("%s is not found", word)
		}
		for _, e := range found {
			if e.Text == "" {
				t.Errorf("%s: nothing in %s", word, e.Title)
			}
		}
	}
	if known < 100 {
		t.Errorf("only %d words", known)
	}
}

func TestFind(t *testing.T) {
	for name, want := range map[string]string{
		"startsWith": "startsWith", "startswith(": "startsWith", "STARTSWITH()": "startsWith",
		"count": "count", "COUNT": "Chains", "exists": "exists Variables", "occurs": "Time", "in": "in Membership Variables",
		"time": "Time", "null and truth": "Null and truth", "WHERE": "Variables Chains", "functions": "Functions",
		"": "", "xyzzy": "", "(": "",
	} {
		var titles []string
		for _, e := range manual.Find(name) {
			titles = append(titles, e.Title)
		}
		if got := strings.Join(titles, " "); got != want {
			t.Errorf("%q: %q, not %q", name, got, want)
		}
	}
	for _, name := range manual.Names() {
		if manual.Find(name) == nil {
			t.Errorf("%s is a name, and not found", name)
		}
	}
}

// TestSections: a chapter has what is below it, and of functions a line each.
func TestSections(t *testing.T) {
	if text := manual.Find("operators")[0].Text; !strings.Contains(text, "### Patterns") || strings.Contains(text, "## Functions") {
		t.Errorf("operators:\n%s", text)
	}
	text := manual.Find("functions")[0].Text
	for _, line := range []string{"- `list.count() int`: the number of elements of a list, or of entries of a map\n", "### Strings\n"} {
		if !strings.Contains(text, line) {
			t.Errorf("functions: no %q in\n%s", line, text)
		}
	}
	if n := len(manual.Chapters()); n < 10 {
		t.Errorf("%d chapters", n)
	}
}
