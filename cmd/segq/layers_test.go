package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/segq/segq/"

// layers says what of ours each package may import. A package that is not here
// may not exist.
var layers = map[string][]string{
	"lang/ast":                            nil,
	"lang/parse":                          {"lang/ast", "lang/spelling"},
	"lang/spelling":                       nil,
	"lang/check":                          {"lang/ast", "lang/spelling"},
	"lang":                                {"lang/ast", "lang/parse", "lang/check", "lang/spelling"},
	"lang/loosen":                         {"lang/ast"},
	"lang/manual":                         {"lang"},
	"lang/meaning":                        {"lang/ast"},
	"lang/wire":                           {"lang/ast", "lang/check"},
	"exec/column":                         {"lang/check"},
	"exec/load":                           {"exec/column", "exec/kernel", "exec/load/arrow", "exec/load/avro", "exec/load/object", "exec/load/parquet", "lang/ast", "lang/check", "lang/spelling"},
	"exec/load/object":                    nil,
	"exec/load/parquet":                   {"exec/kernel"},
	"exec/lookup":                         {"exec/column", "lang/ast", "lang/check", "lang/spelling"},
	"exec/load/arrow":                     nil,
	"exec/load/avro":                      nil,
	"exec/pack":                           {"exec", "exec/column", "exec/load", "lang/ast", "lang/check"},
	"exec/columncache":                    {"exec/column", "exec/load", "exec/pack", "lang/check"},
	"exec/cluster":                        {"exec", "exec/column", "exec/columnwire", "exec/executor", "exec/load", "exec/resident", "lang/check"},
	"exec/columnwire":                     {"exec/column", "lang/check"},
	"exec/executor":                       {"exec", "exec/column", "exec/columnwire", "exec/load", "exec/load/parquet", "exec/pack", "exec/resident", "exec/columncache", "lang/ast", "lang/check", "lang/wire"},
	"exec/kernel":                         nil,
	"exec/pattern":                        nil,
	"exec/search":                         {"exec/kernel", "exec/pattern", "lang/check"},
	"exec/statistic":                      {"lang/check"},
	"exec/eval":                           {"exec/statistic", "exec/pattern", "exec/column", "lang/check"},
	"exec/trace":                          {"exec/column", "exec/eval", "lang/ast", "lang/check"},
	"exec/vector":                         {"exec/statistic", "exec/pattern", "exec/search", "exec/column", "exec/kernel", "lang/check"},
	"exec/plan":                           {"exec/search", "exec/column", "exec/kernel", "exec/eval", "exec/vector", "lang/ast", "lang/check"},
	"exec":                                {"lang/ast", "lang/check"},
	"exec/resident":                       {"exec", "exec/column", "exec/eval", "exec/kernel", "exec/plan", "exec/statistic", "exec/vector", "lang/ast", "lang/check"},
	"exec/qualify":                        {"exec/column", "exec/load", "exec/lookup", "exec/plan", "lang/check"},
	"exec/exectest":                       {"exec/column", "exec/load", "exec/eval", "lang", "lang/ast", "lang/parse", "lang/check"},
	"redisx":                              {"redisx/bloom", "redisx/scripts"},
	"redisx/bloom":                        nil,
	"redisx/lookup":                       {"redisx", "redisx/bloom", "redisx/scripts"},
	"redisx/faults":                       {"redisx", "redisx/redistest", "redisx/scripts"},
	"redisx/redistest":                    nil,
	"redisx/scripts":                      nil,
	"redisx/record":                       nil,
	"redisx/estimate":                     nil,
	"redisx/preview":                      {"redisx", "redisx/record", "redisx/estimate"},
	"repl":                                {"lang", "lang/ast", "lang/manual", "lang/parse", "lang/spelling", "redisx/record", "redisx/estimate", "repl/editor", "repl/history", "repl/show", "repl/vi"},
	"repl/history":                        {"lang", "lang/ast", "repl/lockfile"},
	"repl/lockfile":                       nil,
	"repl/vi":                             {"repl/editor"},
	"repl/editor":                         {"repl/show"},
	"repl/show":                           {"redisx/estimate", "redisx/record"},
	"samples":                             nil,
	"cmd/segq/internal/term":              nil,
	"cmd/segq/internal/help":              {"repl/show"},
	"cmd/segq/internal/completion":        {"cmd/segq/internal/dataset", "cmd/segq/internal/values", "exec/column", "lang", "lang/ast", "lang/check", "redisx/record", "repl/show"},
	"cmd/segq/internal/values":            {"cmd/segq/internal/dataset", "cmd/segq/internal/personal", "exec/column", "exec/load", "exec/resident", "lang", "lang/check", "repl/show"},
	"cmd/segq/internal/personal":          {"exec/column", "lang/check"},
	"cmd/segq/internal/gen":               {"samples", "cmd/segq/internal/parquetfile", "cmd/segq/internal/output"},
	"cmd/segq/internal/parquetfile":       {"exec/column", "lang/check"},
	"cmd/segq/internal/arrowfile":         {"exec/column", "lang/check"},
	"cmd/segq/internal/rows":              {"cmd/segq/internal/arrowfile", "cmd/segq/internal/parquetfile", "exec/column", "lang/check", "redisx/record", "repl/show"},
	"cmd/segq/internal/output":            {"repl/lockfile"},
	"cmd/segq/internal/difference":        nil,
	"cmd/segq/internal/identity":          {"exec/column", "lang/check"},
	"cmd/segq/internal/turnover":          {"cmd/segq/internal/rows", "exec/column", "lang/check"},
	"cmd/segq/internal/memberships":       {"cmd/segq/internal/difference", "cmd/segq/internal/rows", "cmd/segq/internal/rules", "exec/column", "exec/resident", "lang/check", "repl/show"},
	"cmd/segq/internal/previous":          {"cmd/segq/internal/identity", "cmd/segq/internal/dataset", "cmd/segq/internal/difference", "cmd/segq/internal/exit", "cmd/segq/internal/memberships", "cmd/segq/internal/printer", "cmd/segq/internal/rows", "exec", "exec/column", "exec/resident", "lang/check", "repl/show"},
	"cmd/segq/internal/version":           {"exec/kernel"},
	"cmd/segq/internal/config":            {"lang/spelling"},
	"cmd/segq/internal/exit":              {"cmd/segq/internal/output", "cmd/segq/internal/version", "lang/ast"},
	"cmd/segq/internal/peek":              {"cmd/segq/internal/dataset", "cmd/segq/internal/explanation", "redisx/record", "cmd/segq/internal/rules", "exec", "exec/column", "exec/load", "lang", "lang/ast", "lang/check", "redisx"},
	"cmd/segq/internal/loadreport":        {"cmd/segq/internal/dataset", "exec/column", "exec/load", "lang/check", "repl/show"},
	"cmd/segq/internal/backend":           {"cmd/segq/internal/analysis", "cmd/segq/internal/printer", "redisx/record", "cmd/segq/internal/loadreport", "cmd/segq/internal/values", "cmd/segq/internal/answer", "cmd/segq/internal/ask", "cmd/segq/internal/broker", "cmd/segq/internal/dataset", "cmd/segq/internal/exit", "cmd/segq/internal/live", "cmd/segq/internal/peek", "cmd/segq/internal/rules", "cmd/segq/internal/store", "cmd/segq/internal/version", "exec/column", "lang", "lang/ast", "lang/check", "redisx", "repl", "repl/show", "lang/meaning", "cmd/segq/internal/plans", "cmd/segq/internal/worker", "cmd/segq/internal/personal", "lang/parse"},
	"cmd/segq/internal/plans":             {"cmd/segq/internal/dataset", "exec/kernel", "exec/plan", "lang/check", "redisx"},
	"cmd/segq/internal/jobs":              {"cmd/segq/internal/console", "redisx", "redisx/estimate", "repl/show"},
	"cmd/segq/internal/serving":           {"cmd/segq/internal/config", "cmd/segq/internal/exit", "cmd/segq/internal/help", "cmd/segq/internal/version", "redisx", "redisx/preview"},
	"cmd/segq/internal/explanation":       {"cmd/segq/internal/personal", "cmd/segq/internal/dataset", "exec", "exec/column", "exec/resident", "lang", "lang/ast", "lang/check", "lang/spelling", "redisx/record", "repl/show"},
	"cmd/segq/internal/ask":               {"cmd/segq/internal/values", "cmd/segq/internal/personal", "cmd/segq/internal/analysis", "cmd/segq/internal/answer", "cmd/segq/internal/broker", "cmd/segq/internal/console", "cmd/segq/internal/dataset", "cmd/segq/internal/explanation", "cmd/segq/internal/exit", "cmd/segq/internal/output", "cmd/segq/internal/printer", "cmd/segq/internal/rules", "cmd/segq/internal/store", "cmd/segq/internal/worker", "exec", "exec/column", "exec/resident", "lang", "lang/ast", "lang/check", "redisx", "redisx/record", "exec/load"},
	"cmd/segq/internal/rules":             {"cmd/segq/internal/exit", "exec/column", "exec/load", "lang", "lang/ast", "lang/check", "lang/parse", "repl/show"},
	"cmd/segq/internal/qualifier":         {"exec/column", "exec/lookup", "exec/qualify", "lang/check"},
	"cmd/segq/internal/dataset":           {"cmd/segq/internal/personal", "exec", "exec/cluster", "exec/columnwire", "exec/qualify", "cmd/segq/internal/config", "cmd/segq/internal/exit", "cmd/segq/internal/help", "cmd/segq/internal/console", "cmd/segq/internal/machine", "exec/column", "exec/load", "exec/load/object", "exec/lookup", "exec/pack", "exec/resident", "lang/ast", "lang/check", "lang/spelling", "redisx", "redisx/record", "repl/show", "samples"},
	"cmd/segq/internal/printer":           {"cmd/segq/internal/console", "cmd/segq/internal/output", "cmd/segq/internal/rows", "exec", "lang/spelling", "redisx/estimate", "redisx/record", "repl/show"},
	"cmd/segq/internal/answer":            {"cmd/segq/internal/rules", "cmd/segq/internal/version", "exec", "lang", "lang/ast", "lang/check", "redisx", "redisx/record", "repl/show"},
	"cmd/segq/internal/analysis":          {"cmd/segq/internal/answer", "cmd/segq/internal/rules", "exec", "exec/column", "lang", "lang/loosen", "lang/ast", "lang/check", "redisx", "redisx/record", "repl/show"},
	"cmd/segq/internal/replica":           {"cmd/segq/internal/dataset", "exec/column", "exec/load", "exec/lookup", "lang/check", "redisx", "redisx/lookup"},
	"cmd/segq/internal/broker":            {"cmd/segq/internal/config", "cmd/segq/internal/exit", "cmd/segq/internal/help", "redisx"},
	"cmd/segq/internal/worker":            {"cmd/segq/internal/identity", "repl/show", "cmd/segq/internal/difference", "cmd/segq/internal/previous", "exec/column", "cmd/segq/internal/loadreport", "cmd/segq/internal/plans", "cmd/segq/internal/turnover", "cmd/segq/internal/qualifier", "exec/qualify", "cmd/segq/internal/personal", "cmd/segq/internal/peek", "cmd/segq/internal/values", "cmd/segq/internal/analysis", "cmd/segq/internal/answer", "cmd/segq/internal/dataset", "cmd/segq/internal/exit", "cmd/segq/internal/explanation", "cmd/segq/internal/live", "cmd/segq/internal/memberships", "cmd/segq/internal/printer", "cmd/segq/internal/rows", "cmd/segq/internal/rules", "cmd/segq/internal/store", "cmd/segq/internal/version", "exec", "exec/resident", "lang", "lang/ast", "lang/check", "redisx", "redisx/record", "cmd/segq/internal/why", "cmd/segq/internal/output"},
	"cmd/segq/internal/worker/workertest": {"redisx/redistest", "cmd/segq/internal/broker", "cmd/segq/internal/dataset", "cmd/segq/internal/worker", "redisx", "redisx/record"},
	"cmd/segq/internal/store":             {"cmd/segq/internal/rules", "lang/ast", "lang/spelling", "redisx", "repl/lockfile"},
	"cmd/segq/internal/forget":            {"cmd/segq/internal/identity", "cmd/segq/internal/rows", "exec/column", "exec/load", "lang", "lang/ast", "lang/check", "redisx/record", "repl/show"},
	"cmd/segq/internal/machine":           nil,
	"cmd/segq/internal/why":               {"cmd/segq/internal/dataset", "cmd/segq/internal/identity", "exec/column", "exec/eval", "exec/resident", "exec/trace", "lang/ast", "lang/check", "lang/spelling", "redisx/record"},
	"cmd/segq/internal/live":              nil,
	"cmd/segq/internal/reload":            {"cmd/segq/internal/config", "cmd/segq/internal/dataset", "cmd/segq/internal/exit", "cmd/segq/internal/help"},
	"cmd/segq/internal/console":           {"cmd/segq/internal/output"},
	"cmd/segq":                            {"*"},
}

// confined says which packages may import a module of somebody else's, for those
// that are not for everyone. Tests are free.
var confined = map[string][]string{
	"github.com/alecthomas/participle":  {"lang/parse"},
	"github.com/redis/":                 {"redisx", "redisx/faults", "redisx/lookup"},
	"github.com/alicebob/miniredis":     {"redisx", "redisx/faults"},
	"google.golang.org/grpc":            {"redisx"},
	"github.com/charmbracelet/x/":       {"repl", "repl/editor", "repl/show", "cmd/segq", "cmd/segq/internal/console", "cmd/segq/internal/jobs", "cmd/segq/internal/printer"},
	"github.com/charmbracelet/b":        {"repl", "cmd/segq"},
	"github.com/charmbracelet/l":        {"repl", "cmd/segq"},
	"github.com/hamba/avro":             {"exec/load/avro"},
	"github.com/beltran/":               {"exec/cluster"},
	"github.com/apache/thrift":          {"exec/cluster"},
	"github.com/apache/arrow-go/":       {}, // nowhere: it makes the program half as large again
	"github.com/andybalholm/brotli":     {"exec/load/parquet"},
	"github.com/pierrec/lz4":            {"exec/load", "exec/load/arrow", "exec/load/parquet"},
	"github.com/spf13/":                 {"cmd/segq", "cmd/segq/internal/broker", "cmd/segq/internal/config", "cmd/segq/internal/dataset", "cmd/segq/internal/help", "cmd/segq/internal/reload", "cmd/segq/internal/serving"},
	"github.com/pelletier/go-toml":      {"cmd/segq/internal/config"},
	"golang.org/x/sys":                  {"exec/kernel", "exec/load", "exec/load/parquet", "exec/pack", "repl/lockfile", "cmd/segq/internal/machine", "repl"},
	"golang.org/x/text":                 {"exec/load", "lang/spelling"},
	"github.com/cockroachdb/datadriven": {"exec/exectest"},
	"net/http":                          {"exec/load/object", "redisx/preview"},
	"github.com/aws/":                   {"exec/load/object"},
	"golang.org/x/oauth2":               {"exec/load/object"},
	"github.com/danielgtaylor/huma":     {"redisx/preview"},
	"github.com/prometheus/":            {"redisx/preview"},
	"testing":                           {"exec/exectest", "cmd/segq/internal/worker/workertest"},
}

// topLevel are the folders of the project's root.
var topLevel = []string{"cmd", "exec", "lang", "redisx", "repl", "samples"}

// sourcePackage is what the files of a folder say, tests left out.
type sourcePackage struct {
	dir       string // below the root
	imports   map[string]bool
	commented bool
}

// readPackages reads every package below root that is part of this module. It
// parses the files itself, so that the result of a test is never one of old.
func readPackages(root string) (map[string]*sourcePackage, error) {
	packages := map[string]*sourcePackage{}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != root && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata"):
			return filepath.SkipDir
		case d.IsDir() && name != root:
			if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil {
				return filepath.SkipDir // a module of its own
			}
			return nil
		case filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		dir, err := filepath.Rel(root, filepath.Dir(name))
		if err != nil {
			return err
		}
		dir = filepath.ToSlash(dir)
		if packages[dir] == nil {
			packages[dir] = &sourcePackage{dir: dir, imports: map[string]bool{}}
		}
		return packages[dir].read(name)
	})
	return packages, err
}

func (p *sourcePackage) read(name string) error {
	f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly|parser.ParseComments)
	if err != nil {
		return err
	}
	for _, i := range f.Imports {
		p.imports[strings.Trim(i.Path.Value, `"`)] = true
	}
	p.commented = p.commented || f.Doc != nil && len(f.Doc.Text()) > 0
	return nil
}

// violations lists what p does against the rules.
func (p *sourcePackage) violations() []string {
	var out []string
	allowed, known := layers[p.dir]
	if !known {
		out = append(out, p.dir+" is in no layer")
	}
	if !p.commented {
		out = append(out, p.dir+" has no package comment")
	}
	for i := range p.imports {
		if ours, ok := strings.CutPrefix(i, module); ok {
			if !slices.Contains(allowed, ours) && !slices.Contains(allowed, "*") {
				out = append(out, p.dir+" may not import "+ours)
			}
			continue
		}
		for prefix, where := range confined {
			if strings.HasPrefix(i, prefix) && !slices.Contains(where, p.dir) {
				out = append(out, p.dir+" may not import "+i)
			}
		}
	}
	return out
}

func TestLayers(t *testing.T) {
	t.Parallel()
	packages, err := readPackages("../..")
	if err != nil {
		t.Fatal(err)
	}
	if len(packages) < len(layers) {
		t.Errorf("found %d packages, not the %d of the table", len(packages), len(layers))
	}
	for _, p := range packages {
		for _, v := range p.violations() {
			t.Error(v)
		}
		for _, allowed := range layers[p.dir] {
			if allowed != "*" && !p.imports[module+allowed] {
				t.Errorf("%s may import %s, and does not", p.dir, allowed)
			}
		}
	}
}

// TestLayersAreNoticed plants violations and looks for them.
func TestLayersAreNoticed(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, text := range map[string]string{
		"redisx/a.go":    "// Package redisx.\npackage redisx\nimport _ \"github.com/segq/segq/exec\"\n",
		"exec/plan/a.go": "package plan\nimport _ \"github.com/redis/go-redis/v9\"\n",
		"util/a.go":      "// Package util.\npackage util\n",
		"exec/x/go.mod":  "module x\n",
		"exec/x/a.go":    "package x\nimport _ \"github.com/redis/go-redis/v9\"\n",
	} {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	packages, err := readPackages(root)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, p := range packages {
		got = append(got, p.violations()...)
	}
	slices.Sort(got)
	want := []string{
		"exec/plan has no package comment",
		"exec/plan may not import github.com/redis/go-redis/v9",
		"redisx may not import exec",
		"util is in no layer",
	}
	if !slices.Equal(got, want) {
		t.Errorf("noticed %q, not %q", got, want)
	}
}

func TestTopLevelFolders(t *testing.T) {
	t.Parallel()
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && !slices.Contains(topLevel, e.Name()) {
			t.Errorf("%s does not belong in the root", e.Name())
		}
	}
}

// pathInText finds what looks like the path of a file or a folder of ours.
var pathInText = regexp.MustCompile("`((?:cmd|exec|lang|redisx|repl|samples|\\.ci)(?:/[A-Za-z0-9_.-]+)*)`")

// TestDocumentsNameWhatExists checks every path in the documents.
func TestDocumentsNameWhatExists(t *testing.T) {
	t.Parallel()
	found := 0
	for _, name := range []string{"README.md", "cmd/segq/README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"} {
		text, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range pathInText.FindAllStringSubmatch(string(text), -1) {
			found++
			if strings.Contains(m[1], "NAME") {
				continue
			}
			if _, err := os.Stat(path.Join("../..", m[1])); err != nil {
				t.Errorf("%s names %s, which does not exist", name, m[1])
			}
		}
	}
	if found < 30 {
		t.Errorf("found only %d paths in the documents", found)
	}
}
