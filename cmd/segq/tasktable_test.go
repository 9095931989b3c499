//go:build linux

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	osexec "os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

var taskNow = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// taskTable is some generated files, as a cluster has them, and the same in this process.
type taskTable struct {
	dir   string
	files []string
	snap  *column.Snapshot
}

func newTaskTable(t *testing.T) *taskTable {
	t.Helper()
	table := &taskTable{dir: t.TempDir()}
	for i := range 3 {
		file := filepath.Join(table.dir, fmt.Sprintf("part %d.parquet", i))
		if out, err := segqCommand(t, "", "gen", "--profiles", "300", "--seed", fmt.Sprint(i+1), "-o", file).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		table.files = append(table.files, file)
	}
	var err error
	if table.snap, _, err = load.Open(t.Context(), table.files, load.Options{SharedIDs: true}); err != nil {
		t.Fatal(err)
	}
	return table
}

// splits are the files, divided in two.
func (table *taskTable) splits(t *testing.T) []*executor.Split {
	t.Helper()
	all := []*executor.Split{{Part: 0}, {Part: 1}}
	for i, file := range table.files {
		info, err := os.Stat(file)
		if err != nil {
			t.Fatal(err)
		}
		all[i/2].Pieces = append(all[i/2].Pieces, executor.Piece{Path: file, Size: info.Size(), Modified: info.ModTime().UnixMilli()})
	}
	return all
}

// queries are drawn ones, of which some ask for more than a count.
func (table *taskTable) queries(t *testing.T, seed uint64, n int) exec.Batch {
	t.Helper()
	b := exec.Batch{Now: taskNow}
	author := exectest.NewAuthor(seed, table.snap.Schema)
	for len(b.Queries) < n {
		q, problems := lang.Compile(author.Query(), column.Catalog{Snapshot: table.snap}, check.Options{})
		if problems.Failed() {
			continue
		}
		one := exec.Query{ID: fmt.Sprint(len(b.Queries)), Typed: q, Values: true}
		if len(b.Queries)%5 == 0 {
			one.Matches = func(int, []uint64) error { return nil }
		}
		if len(b.Queries)%7 == 0 {
			one.By = []string{"homeAddress", "countryCode"}
		}
		b.Queries = append(b.Queries, one)
	}
	return b
}

// line is what a task reads.
func taskLine(t *testing.T, s *executor.Split, b *executor.Batch) (line, digest string) {
	t.Helper()
	split, err := s.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return batchLine(t, split, b)
}

// packRows has a task pack rows, lines of JSON. how says how they are read, and split is where they are then.
func packRows(t *testing.T, dir, text, id, events string) (snap *column.Snapshot, part int, split, how string) {
	t.Helper()
	snap, _, err := load.Reader(t.Context(), strings.NewReader(text), "ndjson", "rows", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := executor.NewRows(snap.Schema, id, events)
	if err != nil {
		t.Fatal(err)
	}
	if how, err = r.Encode(); err != nil {
		t.Fatal(err)
	}
	out, status, said := tasked(t, dir, text, "--cache ./cache --pack "+how)
	if status != 0 || said != "" {
		t.Fatalf("status %d: %s", status, said)
	}
	fields := strings.Split(strings.TrimSpace(out), "\t")
	if len(fields) != 5 || fields[2] != fmt.Sprint(snap.Rows()) {
		t.Fatalf("%q", out)
	}
	if part, err = strconv.Atoi(fields[0]); err != nil {
		t.Fatal(err)
	}
	return snap, part, fields[1], how
}

func batchLine(t *testing.T, split string, b *executor.Batch) (line, digest string) {
	t.Helper()
	batch, digest, err := b.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return split + "\t" + batch + "\n", digest
}

// tasked runs segq task as bash does for an executor.
func tasked(t *testing.T, dir, in, args string) (out string, status int, said string) {
	t.Helper()
	c := segqCommand(t, "", "task")
	c = shellOf(c, `exec "$SEGQ" task `+args)
	c.Dir, c.Stdin = dir, strings.NewReader(in)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	err := c.Run()
	var exited *osexec.ExitError
	if err != nil && !errors.As(err, &exited) {
		t.Fatal(err)
	}
	return stdout.String(), c.ProcessState.ExitCode(), stderr.String()
}

// shellOf runs a script in which $SEGQ is a command.
func shellOf(c *osexec.Cmd, script string) *osexec.Cmd {
	shell := osexec.CommandContext(context.Background(), "bash", "-c", script)
	shell.Env = append(c.Env, "SEGQ="+c.Path)
	return shell
}

// answerOf reads the line that a task has written.
func answerOf(t *testing.T, out string, part int, digest string, queries int) *executor.Answer {
	t.Helper()
	text, ok := strings.CutPrefix(strings.TrimSuffix(out, "\n"), fmt.Sprintf("%d\t", part))
	if !ok {
		t.Fatalf("no answer of part %d: %q", part, out)
	}
	text, _, ok = strings.Cut(text, "\t")
	if !ok {
		t.Errorf("the answer of part %d has nothing behind it", part)
	}
	a, err := executor.DecodeAnswer(text, digest, queries)
	if err != nil {
		t.Fatal(err)
	}
	return a
}
