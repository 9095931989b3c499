package pack_test

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/pack"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

var now = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)

// ask is a query over a snapshot.
func ask(t testing.TB, s *column.Snapshot, text string) *check.Query {
	t.Helper()
	q, ds := lang.Compile(text, column.Catalog{Snapshot: s}, check.Options{})
	if ds.Failed() {
		t.Fatal(text, ds)
	}
	return q
}

// queries are answered by kernels, by vectors, profile by profile, and from a dictionary.
var queries = []string{
	`age > 30`, `score < 0.5 and home.zip >= 500`, `home.city = "c7"`, `home.city.like("%7%")`, `_id.like("%123%")`, `_id.contains("12", true)`, `_id.matches("1.*7")`,
	`seen occurs < 60 days before now`, `xEvent.count() >= 2`, `xEvent.exists(type = "t1" and total > 500)`,
	`xEvent.sum(total) > 900`, `xEvent[type = "t2"].count() > age`, `identityMap["e1"].isNotNull()`,
	`exists A from xEvent, B from xEvent where A.type = "t1" and A.total < B.total`,
}

// batch asks everything that may be asked of the queries.
func batch(t testing.TB, s *column.Snapshot) exec.Batch {
	b := exec.Batch{Now: now}
	for _, text := range queries {
		q := ask(t, s, text)
		b.Queries = append(b.Queries,
			exec.Query{ID: text, Typed: q}, exec.Query{ID: text + " sample", Typed: q, Sample: 5, Seed: 1},
			exec.Query{ID: text + " by", Typed: q, By: []string{"home", "city"}},
			exec.Query{ID: text + " ids", Typed: q, IDs: func([]string) error { return nil }})
	}
	b.Queries = append(b.Queries, exec.Query{ID: "values", Typed: ask(t, s, "xEvent.sum(total)"), Values: true})
	return b
}

func run(t testing.TB, s *column.Snapshot, b exec.Batch) []exec.Result {
	t.Helper()
	e := resident.New(s, resident.Options{Threads: 2})
	defer e.Close()
	results, err := e.Run(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// A packed table answers as the one does that was packed.
func TestAnswersAreTheSame(t *testing.T) {
	s, r := people(t, 30_000)
	got := loaded(t, open(t, packed(t, s, r)), all)
	want, have := run(t, s, batch(t, s)), run(t, got, batch(t, got))
	for i, w := range want {
		h := have[i]
		if w.Err != nil || h.Err != nil || w.Count != h.Count || strings.Join(w.Sample, " ") != strings.Join(h.Sample, " ") || len(w.Groups) != len(h.Groups) {
			t.Errorf("%s: %d of %v, %v, and %d of %v, %v before it was packed", w.ID, h.Count, h.Sample, h.Err, w.Count, w.Sample, w.Err)
		}
	}
}

// lost says what is wrong with the error of a query whose file has changed.
func lost(err error, file string) bool {
	var data *exec.DataError
	var fault *exec.InternalError
	return errors.As(err, &data) && !errors.As(err, &fault) && strings.Contains(err.Error(), file) && strings.Contains(err.Error(), "while it was open")
}

// A query over a file that is cut short ends with an error that says so, and nothing else does.
func TestAFileIsCutShortUnderQueries(t *testing.T) {
	s, r := people(t, 30_000)
	whole, err := os.ReadFile(packed(t, s, r))
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int64{0, 8192, 300_000} { // the last in the texts of the ids
		name := file(t, whole)
		got := loaded(t, open(t, name), all)
		e := resident.New(got, resident.Options{Threads: 2})
		if err := os.Truncate(name, size); err != nil {
			t.Fatal(err)
		}
		results, err := e.Run(t.Context(), batch(t, got))
		if err != nil {
			t.Fatal(err)
		}
		for _, q := range results {
			if !lost(q.Err, name) {
				t.Errorf("%d bytes: %s: %d, %v", size, q.ID, q.Count, q.Err)
			}
		}
		for _, text := range queries { // each alone, so that it is planned after the file was cut
			results, err := e.Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{{ID: "q", Typed: ask(t, got, text)}}})
			if err != nil || !lost(results[0].Err, name) {
				t.Errorf("%d bytes: %s: %v, %v", size, text, results, err)
			}
		}
		e.Close()
	}
}

// The same while a query is at work.
func TestAFileIsCutShortUnderAQuery(t *testing.T) {
	const rows = 300_000
	s := numbers(rows)
	name := packed(t, s, nil)
	got := loaded(t, open(t, name), all)
	cut := false
	q := exec.Query{ID: "q", Typed: ask(t, got, "n >= 0"), IDs: func([]string) error {
		if cut {
			return nil
		}
		cut = true
		return os.Truncate(name, 4096+8*rows/2)
	}}
	results := run(t, got, exec.Batch{Now: now, Queries: []exec.Query{q}})
	if !cut || !lost(results[0].Err, name) {
		t.Errorf("%v", results)
	}
}

// numbers is a table with a column of wide integers.
func numbers(rows int) *column.Snapshot {
	n := make([]int64, rows)
	for i := range n {
		n[i] = int64(i) * 1_000_003
	}
	schema := check.ObjectOf(&check.Field{Name: "n", Type: check.IntType})
	s := &column.Snapshot{Schema: schema, Root: &column.Struct{N: rows, Fields: []column.Column{column.NewInts(n, nil)}}}
	s.Fingerprint = column.FingerprintOf(s.Root, schema, 1)
	return s
}

// What was found in a file lives longer than the file is mapped.
func TestAnswersOutliveTheFile(t *testing.T) {
	s, r := people(t, 1000)
	table, err := pack.Open(packed(t, s, r))
	if err != nil {
		t.Fatal(err)
	}
	got, release, err := table.Load(t.Context(), all, nil)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	b := batch(t, got)
	b.Queries = append(b.Queries, exec.Query{ID: "mine", Typed: ask(t, got, "age >= 0"), IDs: func(some []string) error {
		ids = append(ids, some...)
		return nil
	}})
	results := run(t, got, b)
	release()
	if err := table.Close(); err != nil {
		t.Fatal(err)
	}
	length := len(strings.Join(ids, "")) // reads every byte, which would end the process
	for _, q := range results {
		length += len(strings.Join(q.Sample, ""))
		for _, g := range q.Groups {
			length += len(strings.Clone(g.Value))
		}
		if q.Values != nil {
			for _, v := range q.Values.Top {
				length += len(strings.Clone(v.Value))
			}
			length += len(strings.Join(q.Values.Examples, ""))
		}
	}
	if length < 8*1000 {
		t.Errorf("%d bytes of ids", length)
	}
}

// A dictionary is searched by goroutines of its own.
func TestAFileIsCutShortUnderASearch(t *testing.T) {
	var b strings.Builder
	for i := range 30_000 {
		fmt.Fprintf(&b, `{"_id":"p%07d"}`+"\n", i)
	}
	s, r := read(t, b.String())
	name := packed(t, s, r)
	got := loaded(t, open(t, name), all)
	if err := os.Truncate(name, 250_000); err != nil {
		t.Fatal(err)
	}
	results := run(t, got, exec.Batch{Now: now, Queries: []exec.Query{{ID: "q", Typed: ask(t, got, `_id.contains("12", true)`)}}})
	if !lost(results[0].Err, name) {
		t.Errorf("%v", results)
	}
}

// A file that is overwritten is noticed although its size and its time are what they were; one of
// which only the rights or the name change is not.
func TestTheTimeIsSetBack(t *testing.T) {
	s, r := people(t, 3000)
	name := packed(t, s, r)
	table := open(t, name)
	snap := loaded(t, table, all)
	info, err := os.Stat(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Chmod(name, 0o640), os.Rename(name, name+"2"), snap.Lost(nil)); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(name+"2", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte("other bytes"), info.Size()-500); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name+"2", info.ModTime(), info.ModTime()); err != nil {
		t.Fatal(err)
	}
	if err := snap.Lost(nil); err == nil || !strings.Contains(err.Error(), "its time was set back") {
		if runtime.GOOS == "linux" || err != nil {
			t.Error(err)
		}
	}
}
