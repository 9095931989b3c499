package load_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

func openTable(t testing.TB, o load.Options, files ...string) *load.Table {
	t.Helper()
	table, _, err := load.OpenTable(t.Context(), files, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { table.Close() })
	return table
}

// allOf loads all of a table.
func allOf(t testing.TB, table column.Table) *column.Snapshot {
	t.Helper()
	s, release, err := table.Load(t.Context(), &check.Reads{All: true}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	if s.Partial {
		t.Error("not all was loaded")
	}
	if err := column.Verify(s); err != nil {
		t.Error(err)
	}
	return s
}

// reads returns what is read of a profile to answer queries.
func reads(t testing.TB, s *column.Snapshot, queries ...string) *check.Reads {
	t.Helper()
	all := &check.Reads{}
	for _, text := range queries {
		q, ds := lang.Compile(text, column.Catalog{Snapshot: s}, check.Options{})
		if ds.Failed() {
			t.Fatal(text, ds)
		}
		all.Add(check.ReadsOf(q.Root))
	}
	return all
}

// TestTableEqualsOpen opens the files that are there both ways, alone and together.
func TestTableEqualsOpen(t *testing.T) {
	files, err := filepath.Glob("testdata/parquet/*.parquet")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	sets := [][]string{files}
	for _, f := range files {
		sets = append(sets, []string{f})
	}
	for _, files := range sets {
		t.Run(fmt.Sprint(len(files), filepath.Base(files[0])), func(t *testing.T) {
			want, report, err := load.Open(t.Context(), files, load.Options{})
			if err != nil {
				if _, _, same := load.OpenTable(t.Context(), files, load.Options{}); same == nil {
					t.Errorf("opened, though %v", err)
				}
				return
			}
			table := openTable(t, load.Options{}, files...)
			equalTables(t, table, want, report)
		})
	}
}

func equalTables(t *testing.T, table *load.Table, want *column.Snapshot, report *load.Report) {
	t.Helper()
	opened := table.Snapshot()
	got := allOf(t, table)
	if got.Rows() != want.Rows() || opened.Rows() != want.Rows() || opened.Schema != got.Schema {
		t.Fatalf("%d rows, and %d at first; %d", got.Rows(), opened.Rows(), want.Rows())
	}
	if got.Schema.String() != want.Schema.String() {
		t.Fatalf("the type is %s\nnot %s", got.Schema, want.Schema)
	}
	for row := range want.Rows() {
		if diff := cmp.Diff(decoded(t, want, row), decoded(t, got, row)); diff != "" {
			t.Fatalf("row %d (-all at once +column by column)\n%s", row, diff)
		}
	}
	if a, b := column.FingerprintOf(got.Root, got.Schema, 1), want.Fingerprint; a != b {
		t.Errorf("the contents are %s, not %s", a, b)
	}
	now := table.Report()
	slices.Sort(now.Notes)
	slices.Sort(report.Notes)
	if diff := cmp.Diff(report.Notes, now.Notes); diff != "" {
		t.Errorf("notes\n%s", diff)
	}
	if len(now.Misfits) != len(report.Misfits) {
		t.Errorf("misfits %v, not %v", now.Misfits, report.Misfits)
	}
}

// some files of one dataset, which do not have the same columns.
func someFiles(t *testing.T) []string {
	t.Helper()
	type place struct {
		City *string `parquet:"city"`
	}
	type lived struct {
		City  *string `parquet:"city"`
		State string  `parquet:"state"`
	}
	type few struct {
		ID   string `parquet:"_id"`
		Home *place `parquet:"home,optional"`
		N    int64  `parquet:"n"`
	}
	type more struct {
		ID   string         `parquet:"_id"`
		Home *lived         `parquet:"home,optional"`
		N    float64        `parquet:"n"`
		Tags []string       `parquet:"tags,list"`
		Map  map[string]int `parquet:"counts"`
	}
	var a []few
	var b []more
	for i := range 300 {
		city := fmt.Sprint("city ", i%7)
		f, m := few{ID: fmt.Sprint("a", i), N: int64(i)}, more{ID: fmt.Sprint("b", i), N: float64(i) / 2}
		if i%3 > 0 {
			f.Home, m.Home = &place{&city}, &lived{nil, fmt.Sprint("s", i%5)}
		}
		for k := range i % 4 {
			m.Tags = append(m.Tags, fmt.Sprint("t", k))
		}
		if i%2 == 0 {
			m.Map = map[string]int{"x": i, "y": -i}
		}
		a, b = append(a, f), append(b, m)
	}
	dir := t.TempDir()
	return []string{
		writeFile(t, dir, "1.parquet", writeParquet(t, a, groupsOf(50))),
		writeFile(t, dir, "2.parquet", writeParquet(t, b, groupsOf(70))),
		writeFile(t, dir, "3.parquet", writeParquet(t, []few{})),
	}
}

// TestTableOfSeveralFiles loads a column of files of which some lack it, and what is around it.
func TestTableOfSeveralFiles(t *testing.T) {
	files := someFiles(t)
	for _, files := range [][]string{files, {files[1], files[0]}, {files[2], files[1]}, files[1:2]} {
		want, report, err := load.Open(t.Context(), files, load.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, query := range []string{"home.state", "home.isNull()", "tags.count() > 1", `counts.get("x") > 3`, "n > 4", "home.city", "counts.isNull()"} {
			table := openTable(t, load.Options{}, files...)
			s, release, err := table.Load(t.Context(), reads(t, table.Snapshot(), query), nil)
			if err != nil {
				t.Fatal(err)
			}
			release()
			if got, all := answers(t, s, query), answers(t, want, query); !slices.Equal(got, all) {
				t.Errorf("%s: %v, not %v", query, got, all)
			}
			equalTables(t, table, want, report)
		}
	}
}

// answers counts what queries find, with an engine over a snapshot.
func answers(t testing.TB, s *column.Snapshot, queries ...string) []int {
	t.Helper()
	e := resident.New(s, resident.Options{Threads: 1})
	defer e.Close()
	counts, err := counted(t.Context(), e, queries...)
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

func counted(ctx context.Context, e *resident.Engine, queries ...string) ([]int, error) {
	b := exec.Batch{Now: time.Unix(1_800_000_000, 0)}
	for i, text := range queries {
		q, ds := lang.Compile(text, column.Catalog{Snapshot: e.Snapshot()}, check.Options{})
		if ds.Failed() {
			return nil, ds
		}
		b.Queries = append(b.Queries, exec.Query{ID: fmt.Sprint(i), Typed: q})
	}
	results, err := e.Run(ctx, b)
	if err != nil {
		return nil, err
	}
	counts := make([]int, len(results))
	for i, r := range results {
		if r.Err != nil {
			return nil, fmt.Errorf("%s: %w", queries[i], r.Err)
		}
		counts[i] = r.Count
	}
	return counts, nil
}

// A file that another one takes the name of stays what it was; one that is overwritten is
// never mixed with what was there.
func TestTableOfFilesThatChange(t *testing.T) {
	type row struct {
		A int64 `parquet:"a"`
		B int64 `parquet:"b"`
	}
	data := func(x int64) []byte { return writeParquet(t, []row{{x, x}, {x, x}}) }
	dir := t.TempDir()
	name := writeFile(t, dir, "1.parquet", data(1))
	table := openTable(t, load.Options{}, name)
	if err := os.Rename(writeFile(t, dir, "new", data(2)), name); err != nil {
		t.Fatal(err)
	}
	e := resident.Open(table, resident.Options{Threads: 1})
	defer e.Close()
	if got, err := counted(t.Context(), e, "a = 1"); err != nil || got[0] != 2 {
		t.Errorf("%v, %v", got, err)
	}
	over := openTable(t, load.Options{}, name)
	f := resident.Open(over, resident.Options{Threads: 1})
	defer f.Close()
	if got, err := counted(t.Context(), f, "a = 2"); err != nil || got[0] != 2 {
		t.Errorf("%v, %v", got, err)
	}
	if err := os.WriteFile(name, data(3), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, time.Time{}, time.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if got, err := counted(t.Context(), f, "b = 3"); !errors.Is(err, load.ErrChanged) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := counted(t.Context(), f, "a = 2"); err != nil || got[0] != 2 {
		t.Errorf("of what is resident: %v, %v", got, err)
	}
	if _, err := over.Digest(t.Context()); !errors.Is(err, load.ErrChanged) {
		t.Errorf("the digest: %v", err)
	}
}

// A file that was overwritten and got its old time back is seen by its footer, where the system
// tells that it was changed.
func TestTableOfAFileWithAnOldTime(t *testing.T) {
	if runtime.GOOS != "linux" {
		return // the time of a change is not known
	}
	type row struct {
		A int64 `parquet:"a"`
		B int64 `parquet:"b"`
	}
	name := writeFile(t, t.TempDir(), "1.parquet", writeParquet(t, []row{{1, 1}, {1, 1}}))
	then := time.Unix(1_700_000_000, 0)
	if err := os.Chtimes(name, then, then); err != nil {
		t.Fatal(err)
	}
	table := openTable(t, load.Options{}, name)
	e := resident.Open(table, resident.Options{Threads: 1})
	defer e.Close()
	if err := os.WriteFile(name, writeParquet(t, []row{{2, 2}, {2, 2}}), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(name, then, then); err != nil {
		t.Fatal(err)
	}
	if got, err := counted(t.Context(), e, "b = 2"); !errors.Is(err, load.ErrChanged) {
		t.Errorf("%v, %v", got, err)
	}
}

// Text formats are named by their contents, and by the fields that have a part of their own.
func TestIdentityOfTextsWithRoles(t *testing.T) {
	data := []byte(`{"_id":"a","other":"b","xEvent":[{"n":1}],"list":[{"n":1},{"n":2}]}` + "\n")
	names := map[string]load.Options{}
	for _, o := range []load.Options{{}, {ID: "other"}, {Events: "list"}, {ID: "other", Events: "list"}} {
		s, _ := mustRead(t, data, "ndjson", o)
		if before, ok := names[s.Fingerprint]; ok {
			t.Errorf("%+v and %+v have one name", before, o)
		}
		names[s.Fingerprint] = o
	}
}

// The fingerprint is that of footers, wherever the file lies; the digest tells files apart
// that differ in one boolean.
func TestTableIdentity(t *testing.T) {
	type row struct {
		A bool `parquet:"a"`
	}
	rows := make([]row, 1000)
	rows[1].A = true
	dir := t.TempDir()
	one := writeFile(t, dir, "1.parquet", writeParquet(t, rows))
	same := writeFile(t, dir, "2.parquet", writeParquet(t, rows))
	rows[1].A, rows[2].A = false, true
	other := writeFile(t, dir, "3.parquet", writeParquet(t, rows))
	names, digests := map[string]string{}, map[string]string{}
	for _, file := range []string{one, same, other} {
		table := openTable(t, load.Options{}, file)
		names[file] = table.Snapshot().Fingerprint
		var err error
		if digests[file], err = table.Digest(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if names[one] != names[same] || digests[one] != digests[same] || digests[one] == digests[other] {
		t.Errorf("names %v, digests %v", names, digests)
	}
	for _, o := range []load.Options{{ID: "a"}, {Types: map[string]string{"a": "text"}}} {
		if got := openTable(t, o, one).Snapshot().Fingerprint; got == names[one] {
			t.Errorf("%+v: the same fingerprint", o)
		}
	}
}

// Loading ends when nobody waits for it any more, and not before.
func TestTableLoadCancelled(t *testing.T) {
	table := openTable(t, load.Options{}, someFiles(t)...)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, _, err := table.Load(ctx, &check.Reads{All: true}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			if i%2 == 0 {
				cancel()
			}
			defer cancel()
			s, release, err := table.Load(ctx, &check.Reads{All: true}, nil)
			switch {
			case i%2 == 0 && err == nil:
				release()
			case i%2 == 1 && err != nil:
				t.Errorf("%d: %v", i, err)
			case i%2 == 1:
				if s.Partial {
					t.Error("not all was loaded")
				}
				release()
			}
		})
	}
	all.Wait()
}
