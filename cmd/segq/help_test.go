package main

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// allCommands returns every command that is not hidden, the root first.
func allCommands(c *cobra.Command) []*cobra.Command {
	all := []*cobra.Command{c}
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			all = append(all, allCommands(sub)...)
		}
	}
	return all
}

func testRoot() *cobra.Command {
	root := rootCommand(console.Open(os.Stdin, os.Stdout, os.Stderr))
	root.InitDefaultHelpCmd()
	return root
}

// TestHelpHasEverything: every command is in a group, every flag of a command that has many is
// under a heading, and help shows each of them, in lines that fit.
func TestHelpHasEverything(t *testing.T) {
	t.Parallel()
	const few = 8 // flags that need no headings
	root := testRoot()
	for _, c := range allCommands(root) {
		if c.Parent() == root && c.GroupID == "" {
			t.Errorf("%s is in no group: add it by addGroup", c.CommandPath())
		}
		c.InitDefaultHelpFlag()
		for _, width := range []int{40, 80, 100} {
			var out bytes.Buffer
			if err := help.Print(&out, c, false, width); err != nil {
				t.Fatal(err)
			}
			text := out.String()
			for _, line := range strings.Split(text, "\n") {
				if ansi.StringWidth(line) > width && width >= 80 && !strings.HasPrefix(line, "  segq") {
					t.Errorf("%s --help: more than %d columns: %s", c.CommandPath(), width, line)
				}
			}
			for _, sub := range c.Commands() {
				if sub.IsAvailableCommand() && !regexp.MustCompile(`(?m)^  `+sub.Name()+`( |$)`).MatchString(text) {
					t.Errorf("%s --help lacks %s", c.CommandPath(), sub.Name())
				}
			}
			c.Flags().VisitAll(func(f *pflag.Flag) {
				if !regexp.MustCompile(`(?m)^  .*--` + f.Name + `( |$)`).MatchString(text) {
					t.Errorf("%s --help lacks --%s", c.CommandPath(), f.Name)
				}
			})
		}
		var loose []string
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if help.HeadingOf(f) == help.Others {
				loose = append(loose, "--"+f.Name)
			}
		})
		if len(loose) > few {
			t.Errorf("%s: %s are under no heading: write help.Under behind their registration", c.CommandPath(), strings.Join(loose, " "))
		}
	}
}

// TestRootFlagsHaveHeadings: the flags of the root and of submit are under headings, one and all.
func TestRootFlagsHaveHeadings(t *testing.T) {
	t.Parallel()
	root := testRoot()
	submit, _, err := root.Find([]string{"submit"})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []*cobra.Command{root, submit} {
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if help.HeadingOf(f) == help.Others && f.Name != "help" && f.Name != "version" {
				t.Errorf("%s: --%s is under no heading: write help.Under behind its registration", c.CommandPath(), f.Name)
			}
		})
	}
}

// TestStatusesOfReadme: the manual has the table of the code.
func TestStatusesOfReadme(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), exitTable()) {
		t.Errorf("README.md lacks this table:\n%s", exitTable())
	}
}

// TestFormatsAreDescribed: what each format is for is said, and of no other.
func TestFormatsAreDescribed(t *testing.T) {
	t.Parallel()
	for _, name := range printer.Formats() {
		if outputs[name] == "" {
			t.Errorf("help formats does not say what %s is for", name)
		}
	}
	if len(outputs) != len(printer.Formats()) {
		t.Errorf("%d descriptions of %d formats", len(outputs), len(printer.Formats()))
	}
}

// TestVariablesAreListed finds the variables that the code asks for, by the names in its calls and
// by its constants.
func TestVariablesAreListed(t *testing.T) {
	t.Parallel()
	var listed []string
	for _, v := range variables {
		listed = append(listed, strings.Split(v.name, ", ")...)
	}
	found := map[string]bool{}
	err := filepath.WalkDir("../..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		path := filepath.ToSlash(name)
		if d.IsDir() && slices.Contains([]string{"../../redisx/redistest", "../../redisx/faults", "../../exec/peers", "../../.git"}, path) {
			return filepath.SkipDir
		}
		if d.IsDir() || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		return variablesIn(name, found)
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 5 {
		t.Errorf("found only %v", found)
	}
	for name := range found {
		if !slices.Contains(listed, name) {
			t.Errorf("%s is read, and not in the list of variables (topics.go)", name)
		}
	}
}

// variablesIn finds the variables that a file asks for.
func variablesIn(name string, found map[string]bool) error {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
	if err != nil {
		return err
	}
	own := regexp.MustCompile(`^SEGQ_[A-Z_]+$`)
	ast.Inspect(file, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.BasicLit:
			if text := strings.Trim(x.Value, "\"`"); own.MatchString(text) {
				found[text] = true
			}
		case *ast.CallExpr:
			f, ok := x.Fun.(*ast.SelectorExpr)
			if !ok || f.Sel.Name != "Getenv" && f.Sel.Name != "LookupEnv" || len(x.Args) == 0 {
				break
			}
			if lit, ok := x.Args[0].(*ast.BasicLit); ok {
				found[strings.Trim(lit.Value, `"`)] = true
			}
		}
		return true
	})
	return nil
}
