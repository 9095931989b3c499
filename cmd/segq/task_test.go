//go:build linux

package main

import (
	"errors"
	"fmt"
	"maps"
	"math/bits"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// What tasks answer about the parts of a table adds up to what the engine answers about all of it: without a
// cache, when it is filled, and from it.
func TestTaskCounts(t *testing.T) {
	t.Parallel()
	table := newTaskTable(t)
	asked := table.queries(t, 1, 150)
	engine := resident.New(table.snap, resident.Options{})
	defer engine.Close()
	want, err := engine.Run(t.Context(), asked)
	if err != nil {
		t.Fatal(err)
	}
	b, err := executor.NewBatch(asked, table.snap.Schema)
	if err != nil {
		t.Fatal(err)
	}
	for i, args := range []string{"", "--cache ./cache", "--cache ./cache --threads 2"} {
		sums := make([]exec.Sum, len(want))
		for _, s := range table.splits(t) {
			line, digest := taskLine(t, s, b)
			out, status, said := tasked(t, table.dir, line+strings.Repeat(strings.Repeat(" ", 8191)+"\n", 20), args+" --tick 1ms")
			if status != 0 || said != "" {
				t.Fatalf("status %d: %s", status, said)
			}
			a := answerOf(t, out, s.Part, digest, len(want))
			if packed := a.Packed > 0; packed != (i == 1) {
				t.Errorf("%d columns were packed in run %d", a.Packed, i)
			}
			for k, o := range a.Outcomes {
				if asked.Queries[k].Matches != nil {
					ones := 0
					for _, w := range o.Words(0, len(o.Bits)/8) {
						ones += bits.OnesCount64(w)
					}
					if ones != o.Count {
						t.Errorf("%d rows match, and %d are told", o.Count, ones)
					}
				}
				sums[k].Add(&asked.Queries[k], o.Result(asked.Queries[k].ID, a.Rows))
			}
		}
		for k := range sums {
			got := sums[k].Result(0, false)
			if got.Count != want[k].Count || got.Total != want[k].Total || got.Err != nil || want[k].Err != nil || !slices.Equal(got.Groups, want[k].Groups) || got.Without != want[k].Without {
				t.Errorf("%s: %d of %d %v, and not %d of %d", check.Dump(asked.Queries[k].Typed.Cond), got.Count, got.Total, got.Err, want[k].Count, want[k].Total)
			}
		}
	}
}

// Of files a task reads what Spark reads of them: columns by their names, whatever the case of letters, what the table says of a file in place of its path, and
// nothing that Spark reads otherwise.
func TestTaskReadsWhatTheTableSays(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "country=DE", "preferredLanguage=xx")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "t.parquet")
	if out, err := segqCommand(t, "", "gen", "--profiles", "200", "-o", file).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	text, number := executor.Type{Name: "string"}, executor.Type{Name: "bigint"}
	b := &executor.Batch{Now: taskNow, Fields: []executor.Field{
		{Name: "_ID", Type: text}, {Name: "preferredlanguage", Type: text}, {Name: "country", Type: text}, {Name: "day", Type: text}, {Name: "added", Type: number},
		{Name: "Loyalty", Type: executor.Type{Name: "struct", Fields: []executor.Field{{Name: "TIER", Type: text}, {Name: "points", Type: number}}}},
	}}
	schema := check.ObjectOf(&check.Field{Name: "_ID", Type: check.StringType}, &check.Field{Name: "preferredlanguage", Type: check.StringType}, &check.Field{Name: "country", Type: check.StringType},
		&check.Field{Name: "day", Type: check.StringType}, &check.Field{Name: "added", Type: check.IntType},
		&check.Field{Name: "Loyalty", Type: check.ObjectOf(&check.Field{Name: "TIER", Type: check.StringType}, &check.Field{Name: "points", Type: check.IntType})})
	split := &executor.Split{Pieces: []executor.Piece{{Path: file, Size: info.Size(), Modified: info.ModTime().UnixMilli(), Keys: []load.Key{{Name: "day", Value: "01"}, {Name: "country", Value: "FR"}}}}}
	snap := &column.Snapshot{Schema: schema, Root: &column.Struct{}}
	plain, _, err := load.Open(t.Context(), []string{file}, load.Options{SharedIDs: true, Keys: map[string][]load.Key{}})
	if err != nil {
		t.Fatal(err)
	}
	here := resident.New(plain, resident.Options{})
	defer here.Close()
	queries := map[string]string{ // what it is in the file
		`_ID.isNotNull()`: `_id.isNotNull()`, `preferredlanguage = "xx"`: `false`, `preferredlanguage.isNotNull()`: `preferredLanguage.isNotNull()`, `country = "FR"`: `true`,
		`day = "01"`: `true`, `added.isNull()`: `true`, `Loyalty.TIER = "gold" and Loyalty.points > 100`: `loyalty.tier = "gold" and loyalty.points > 100`, `Loyalty.isNull()`: `loyalty.isNull()`,
	}
	var asked, own exec.Batch
	for _, text := range slices.Sorted(maps.Keys(queries)) {
		for batch, of := range map[*exec.Batch]struct {
			text string
			snap *column.Snapshot
		}{&asked: {text, snap}, &own: {queries[text], plain}} {
			q, problems := lang.Compile(of.text, column.Catalog{Snapshot: of.snap}, check.Options{})
			if problems.Failed() {
				t.Fatal(of.text, problems)
			}
			batch.Now, batch.Queries = taskNow, append(batch.Queries, exec.Query{ID: fmt.Sprint(len(batch.Queries)), Typed: q})
		}
	}
	want, err := here.Run(t.Context(), own)
	if err != nil {
		t.Fatal(err)
	}
	made, err := executor.NewBatch(asked, schema)
	if err != nil {
		t.Fatal(err)
	}
	made.Fields = b.Fields
	line, digest := taskLine(t, split, made)
	for _, args := range []string{"", "--cache ./cache", "--cache ./cache"} {
		out, status, said := tasked(t, dir, line, args)
		if status != 0 {
			t.Fatalf("status %d: %s", status, said)
		}
		a := answerOf(t, out, 0, digest, len(want))
		for i, o := range a.Outcomes {
			if o.Count != want[i].Count || o.Error != "" {
				t.Errorf("%s: %d of %d %s, and not %d", asked.Queries[i].Typed.Canonical, o.Count, a.Rows, o.Error, want[i].Count)
			}
		}
	}
	b.Look = true
	line, digest = taskLine(t, split, b)
	out, status, said := tasked(t, dir, line, "")
	if status != 0 {
		t.Fatalf("status %d: %s", status, said)
	}
	if a := answerOf(t, out, 0, digest, 0); a.Rows != 200 || a.Look == nil || a.Look.Unfit != "" || fmt.Sprint(a.Look.Absent) != fmt.Sprint([]executor.Absence{{Path: "added", File: file}}) {
		t.Errorf("%+v", a.Look)
	}
	b.Fields[1].Type = number
	line, digest = taskLine(t, split, b)
	if out, status, said = tasked(t, dir, line, ""); status != 0 {
		t.Fatalf("status %d: %s", status, said)
	}
	if a := answerOf(t, out, 0, digest, 0); a.Look == nil || !strings.Contains(a.Look.Unfit, "preferredlanguage is BYTE_ARRAY STRING in a file, and bigint in the table") {
		t.Errorf("%+v", a.Look)
	}
	line, digest = taskLine(t, split, made) // of which the fields are the same ones
	out, status, said = tasked(t, dir, line, "")
	if refused := refusalOf(t, out, digest); status != 0 || said != "" || !strings.Contains(refused.Text, "preferredlanguage") {
		t.Errorf("status %d: %+v %s", status, refused, said)
	}
}

// Rows that come through the pipe are packed, and asked afterwards like a file.
func TestTaskPacksRows(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	text := `{"_id":"a","n":1,"s":"x\ty","xEvent":[{"timestamp":"2026-01-01T00:00:00Z","k":"v"}]}` + "\n" + `{"_id":"b","n":2}` + "\n"
	snap, part, packed, how := packRows(t, dir, text, "_id", "xEvent")
	q, problems := lang.Compile(`n > 1 or xEvent.k = "v"`, column.Catalog{Snapshot: snap}, check.Options{})
	if problems.Failed() {
		t.Fatal(problems)
	}
	b, err := executor.NewBatch(exec.Batch{Now: taskNow, Queries: []exec.Query{{ID: "q", Typed: q, Sample: 2}}}, snap.Schema)
	if err != nil {
		t.Fatal(err)
	}
	line, digest := batchLine(t, packed, b)
	out, status, said := tasked(t, dir, line, "--cache ./cache")
	if status != 0 {
		t.Fatalf("status %d: %s", status, said)
	}
	if a := answerOf(t, out, part, digest, 1); a.Outcomes[0].Count != 2 || a.Rows != 2 || !slices.Equal(a.Outcomes[0].Sample, []string{"a", "b"}) {
		t.Errorf("%+v", a)
	}
	if err := os.RemoveAll(filepath.Join(dir, "cache")); err != nil {
		t.Fatal(err)
	}
	out, status, said = tasked(t, dir, line, "--cache ./cache")
	if refused := refusalOf(t, out, digest); status != 0 || said != "" || !strings.Contains(refused.Text, executor.ErrGone.Error()) {
		t.Errorf("status %d and %+v where the cache is empty: %s", status, refused, said)
	}
	if out, status, said = tasked(t, dir, text+"{\n", "--cache ./cache --pack "+how); status == 0 || out != "" || !strings.Contains(said, "line 3") {
		t.Errorf("status %d and %q where a row is damaged: %s", status, out, said)
	}
}

// What cannot be answered has no line of an answer, and a status that says whether another attempt could.
func TestTaskErrors(t *testing.T) {
	t.Parallel()
	table := newTaskTable(t)
	b, err := executor.NewBatch(table.queries(t, 2, 3), table.snap.Schema)
	if err != nil {
		t.Fatal(err)
	}
	good, digest := taskLine(t, table.splits(t)[0], b)
	changed, missing := table.splits(t)[0], table.splits(t)[0]
	changed.Pieces[0].Modified++
	missing.Pieces[0].Path += "x"
	changedLine, changedDigest := taskLine(t, changed, b)
	missingLine, _ := taskLine(t, missing, b)
	short, late := *b, *b
	short.Within, late.Until = time.Nanosecond, 1
	shortLine, shortDigest := taskLine(t, table.splits(t)[0], &short)
	lateLine, lateDigest := taskLine(t, table.splits(t)[0], &late)
	for _, c := range []struct {
		name, in string
		status   int
		says     string
	}{
		{"nothing", "", taskWrong, "there is no split on standard input"},
		{"no tab", "x\n", taskWrong, "and no tab"},
		{"garbage", "x\ty\n", taskWrong, "the split cannot be read"},
		{"cut", good[:len(good)/2] + "\n", taskWrong, "cannot be read"},
		{"missing", missingLine, 3, "no such file"},
	} {
		out, status, said := tasked(t, table.dir, c.in, "")
		if status != c.status || out != "" || !strings.Contains(said, c.says) || strings.Count(said, "\n") != 1 {
			t.Errorf("%s: status %d, %q: %s", c.name, status, out, said)
		}
	}
	// What no other attempt could answer is refused in place of an answer: who has started the process would retry one that fails.
	for _, c := range []struct {
		name, in, digest, says string
		over                   bool
	}{
		{"changed", changedLine, changedDigest, "the table has changed", false},
		{"short", shortLine, shortDigest, "the time of the batch is over", true},
		{"late", lateLine, lateDigest, "the time of the batch is over", true},
	} {
		out, status, said := tasked(t, table.dir, c.in, "")
		refused := refusalOf(t, out, c.digest)
		if status != 0 || said != "" || refused.Over != c.over || !strings.Contains(refused.Text, c.says) {
			t.Errorf("%s: status %d, %+v: %s", c.name, status, refused, said)
		}
	}
	out, _, _ := tasked(t, table.dir, good, "")
	text, _, _ := strings.Cut(strings.TrimPrefix(out, "0\t"), "\t")
	for name, garbage := range map[string]string{"cut": text[:len(text)-9], "turned": text[:40] + string(text[40]^1) + text[41:], "empty": "", "NULL": "NULL"} {
		if _, err := executor.DecodeAnswer(garbage, digest, 3); err == nil {
			t.Errorf("an answer that is %s counts", name)
		}
	}
	if _, err := executor.DecodeAnswer(text, "another", 3); err == nil {
		t.Error("an answer to something else counts")
	}
}

// refusalOf reads what a task says in place of an answer.
func refusalOf(t *testing.T, out, digest string) *executor.RefusedError {
	t.Helper()
	fields := strings.Split(strings.TrimSuffix(out, "\n"), "\t")
	if len(fields) != 3 {
		t.Fatalf("%q", out)
	}
	_, err := executor.DecodeAnswer(fields[1], digest, 1)
	var refused *executor.RefusedError
	if !errors.As(err, &refused) {
		t.Fatalf("%q is not refused: %v", out, err)
	}
	return refused
}

// A task says its line back, and what else is on standard input it reads.
func TestTaskPlaces(t *testing.T) {
	t.Parallel()
	out, status, said := tasked(t, t.TempDir(), "7\tsplit\n"+strings.Repeat("x", 1<<20), "--place --word w")
	if out != "7\tsplit\n" || status != 0 || said != "" {
		t.Errorf("status %d, %q: %s", status, out, said)
	}
}
