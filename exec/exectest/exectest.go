// Package exectest runs the script tests of the language: data, a query and the
// answer, as text that one can read without knowing Go. README.md describes the
// scripts; testdata holds them.
//
// The tour: [Run] runs a directory of scripts on an [Engine]. [Reference] is the
// engine that defines what is right. An engine of another kind implements Engine in
// its own tests, and runs the same scripts.
package exectest

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cockroachdb/datadriven"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/parse"
)

// Engine is what the scripts test.
type Engine interface {
	// Match returns the ids, in row order, of the profiles that meet the condition
	// of q. A profile without an id goes by the number of its row, from 0.
	Match(snap *column.Snapshot, q *check.Query, now time.Time) ([]string, error)
}

// Valuer is an [Engine] that also gives the value of a query for each profile.
// What a value command expects of any other engine is that it finds the profiles
// whose value is true as a condition.
type Valuer interface {
	Engine
	// Values returns the value of q for each row as JSON.
	Values(snap *column.Snapshot, q *check.Query, now time.Time) ([]string, error)
}

// Run plays every script in dir to the engine, each as a subtest.
func Run(t *testing.T, dir string, engine Engine) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if f.IsDir() { // what a property test has left there
			continue
		}
		t.Run(f.Name(), func(t *testing.T) {
			s := &script{engine: engine, now: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)}
			datadriven.RunTest(t, filepath.Join(dir, f.Name()), s.command)
		})
	}
}

// script is the state of one script between two commands.
type script struct {
	engine   Engine
	now      time.Time
	snap     *column.Snapshot
	ids      []string
	params   map[string]any
	segments map[string]*check.Query
}

// command runs one command and gives its answer.
func (s *script) command(t *testing.T, d *datadriven.TestData) string {
	t.Helper()
	switch d.Cmd {
	case "data":
		return s.load(t, d)
	case "now":
		now, err := time.Parse(time.RFC3339, d.CmdArgs[0].Key)
		if err != nil {
			d.Fatalf(t, "%v", err)
		}
		s.now = now
		return ""
	case "params":
		params, err := parameters(d.Input)
		if err != nil {
			d.Fatalf(t, "%v", err)
		}
		s.params = params
		return ""
	}
	q, problems := s.compile(d.Input)
	switch {
	case d.Cmd == "error":
		return problems
	case problems != "":
		return problems
	case d.Cmd == "segment":
		var name string
		d.ScanArgs(t, "name", &name)
		s.segments[name] = q
		return ""
	}
	return s.ask(t, d, q)
}

// load replaces the data.
func (s *script) load(t *testing.T, d *datadriven.TestData) string {
	t.Helper()
	snap, report, err := load.Reader(context.Background(), strings.NewReader(d.Input), "ndjson", d.Pos, load.Options{})
	if err != nil {
		d.Fatalf(t, "%v", err)
	}
	for _, r := range report.Rejects {
		t.Errorf("%s: line %d is rejected: %s", d.Pos, r.Line, r.Message)
	}
	s.snap, s.ids = snap, rowIDs(snap)
	s.params, s.segments = nil, map[string]*check.Query{}
	return fmt.Sprintf("%d profiles", snap.Rows())
}

// compile returns the checked query, or what is wrong with it.
func (s *script) compile(text string) (q *check.Query, problems string) {
	x, diagnostics := parse.Query(text)
	if !diagnostics.Failed() {
		catalog := column.Catalog{Snapshot: s.snap, Saved: s.segments}
		q, diagnostics = check.Check(x, catalog, check.Options{Params: s.params})
	}
	if !diagnostics.Failed() {
		return q, ""
	}
	return nil, render(diagnostics, text)
}

// render returns the place and the code of each error. The words are pinned where
// they are written, by the tests of packages parse and check.
func render(diagnostics ast.Diagnostics, text string) string {
	var b strings.Builder
	for _, d := range diagnostics {
		if d.Severity == ast.Error {
			line, column := lang.Position(text, d.At.Start)
			fmt.Fprintf(&b, "%d:%d %s\n", line, column, d.Code)
		}
	}
	return b.String()
}

// parameters reads a JSON object into the values that the checker takes: whole
// numbers as int64.
func parameters(text string) (map[string]any, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var params map[string]any
	if err := d.Decode(&params); err != nil {
		return nil, fmt.Errorf("params: %w", err)
	}
	for name, v := range params {
		params[name] = parameter(v)
	}
	return params, nil
}

func parameter(v any) any {
	switch v := v.(type) {
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		f, _ := v.Float64()
		return f
	case []any:
		for i := range v {
			v[i] = parameter(v[i])
		}
	case map[string]any:
		for name := range v {
			v[name] = parameter(v[name])
		}
	}
	return v
}
