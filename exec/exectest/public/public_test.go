// Package public_test asks segq the questions about published data that ask.py
// answers. README.md describes both.
package public_test

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

var complete = flag.String("data", "", "the `folder` of the complete sets; without it, testdata")

// root is the folder of the data, and the name of its counts in the questions.
func root() (dir, label string) {
	if *complete != "" {
		return *complete, "count"
	}
	return "testdata", "kept"
}

// TestEveryFileLoads compares the number of rows of each file with the one that
// ask.py has counted.
func TestEveryFileLoads(t *testing.T) {
	dir, _ := root()
	list, err := os.ReadFile(filepath.Join(dir, "rows.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	files, whole, rows := 0, 0, 0
	for line := range strings.Lines(string(list)) {
		name, text, _ := strings.Cut(strings.TrimSpace(line), "\t")
		want, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("rows.tsv: %q: %v", line, err)
		}
		files++
		snap, report, err := load.Open(context.Background(), []string{found(dir, name)}, load.Options{})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if snap.Rows() != want || report.Rejected != 0 {
			t.Errorf("%s: %d of %d rows, %d left out %v", name, snap.Rows(), want, report.Rejected, report.Rejects)
			continue
		}
		whole++
		rows += want
		for _, m := range report.Misfits {
			t.Logf("%s: %s", name, m)
		}
	}
	if files == 0 {
		t.Error("there are no files")
	}
	t.Logf("%d of %d files load with all their rows, %d", whole, files, rows)
}

// found returns the file with that name, or its compressed form; of a glob, that of the files.
func found(dir, name string) string {
	path := filepath.Join(dir, filepath.FromSlash(name))
	if files, err := filepath.Glob(path); err != nil || len(files) == 0 {
		return path + ".gz"
	}
	return path
}

func TestQuestions(t *testing.T) {
	dir, label := root()
	lists, err := filepath.Glob("questions/*.txt")
	if err != nil || len(lists) == 0 {
		t.Fatalf("no questions: %v", err)
	}
	for _, list := range lists {
		set := strings.TrimSuffix(filepath.Base(list), ".txt")
		t.Run(set, func(t *testing.T) {
			asked := questions(t, list)
			if len(asked) != 20 {
				t.Errorf("%d questions, not 20", len(asked))
			}
			open := tables{}
			for _, q := range asked {
				if q[label] == "none" { // its file is not in testdata
					continue
				}
				want, err := strconv.Atoi(q[label])
				if err != nil {
					t.Fatalf("%s: %s: %v", q["pql"], label, err)
				}
				open.ask(t, found(filepath.Join(dir, set), q["file"]), q, want)
			}
		})
	}
}

// questions reads a list: blocks of lines that begin with a name and a colon.
func questions(t *testing.T, list string) []map[string]string {
	t.Helper()
	text, err := os.ReadFile(list)
	if err != nil {
		t.Fatal(err)
	}
	var all []map[string]string
	for block := range strings.SplitSeq(string(text), "\n\n") {
		q := map[string]string{}
		for line := range strings.Lines(block) {
			if name, value, ok := strings.Cut(strings.TrimSpace(line), ": "); ok && !strings.HasPrefix(name, "#") {
				q[name] = value
			}
		}
		if len(q) > 0 {
			all = append(all, q)
		}
	}
	return all
}

// tables are files that questions have been asked about, by their path and the types that were said.
type tables map[[2]string]*column.Snapshot

func (open tables) table(path, said string) (*column.Snapshot, error) {
	key := [2]string{path, said}
	if open[key] == nil {
		snap, _, err := load.Open(context.Background(), []string{path}, load.Options{Types: types(said)})
		if err != nil {
			return nil, err
		}
		open[key] = snap
	}
	return open[key], nil
}

// ask puts a question to the engine and to the reference.
func (open tables) ask(t *testing.T, path string, q map[string]string, want int) {
	t.Helper()
	snap, err := open.table(path, q["types"])
	if err != nil {
		t.Errorf("%s: %v", q["file"], err)
		return
	}
	typed, problems := lang.Compile(q["pql"], column.Catalog{Snapshot: snap}, check.Options{})
	if len(problems) > 0 {
		t.Errorf("%s: %s", q["file"], lang.Render(problems[0], "", q["pql"]))
		return
	}
	if got, err := count(snap, typed); err != nil || got != want {
		t.Errorf("%s: %s\ncounts %d (%v), not %d", q["file"], q["pql"], got, err, want)
	}
	if ids, err := (exectest.Reference{}).Match(snap, typed, now); err != nil || len(ids) != want {
		t.Errorf("%s: %s\nmatches %d in the reference (%v), not %d", q["file"], q["pql"], len(ids), err, want)
	}
}

// now is not asked for by any question.
var now = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func count(snap *column.Snapshot, q *check.Query) (int, error) {
	e := resident.New(snap, resident.Options{})
	defer e.Close()
	results, err := e.Run(context.Background(), exec.Batch{Now: now, Queries: []exec.Query{{ID: "q", Typed: q}}})
	if err != nil {
		return 0, err
	}
	return results[0].Count, results[0].Err
}

// types reads what `--type` takes, one after another.
func types(text string) map[string]string {
	named := map[string]string{}
	for field := range strings.FieldsSeq(text) {
		path, kind, _ := strings.Cut(field, "=")
		named[path] = kind
	}
	return named
}
