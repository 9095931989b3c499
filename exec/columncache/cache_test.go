package columncache_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/columncache"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
	"pgregory.net/rapid"
)

const kinds = `{"_id":"a","b":true,"i":1,"j":300,"l":5000000000,"f":1.5,"t":"2026-01-01","n":null,"o":{"x":1,"o":{"y":"z"}},"m":[1,2],"p":[{"q":["r"],"s":{"u":1}},{"q":[]}],"identityMap":{"e":[{"id":"1"}]},"xEvent":[{"timestamp":"2026-01-01","v":1,"w":{"k":"a"}}]}
{"_id":"b","o":{"x":2},"p":[],"identityMap":{},"xEvent":[]}
{"_id":"c","b":false,"i":-1,"j":-300,"l":-5000000000,"f":-0.5,"t":"1969-01-01","m":[],"p":null,"xEvent":[{"timestamp":"2026-03-01"},{"v":7,"w":{}}]}
{"_id":"d","z":{"never":null},"grid":[[{"g":1}],[],[{"g":2},{}]]}
`

// data is made of some of the lines of kinds.
func data(t testing.TB, text string) *column.Snapshot {
	t.Helper()
	s, _, err := load.Reader(context.Background(), strings.NewReader(text), "ndjson", "given", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// source opens a snapshot of which nothing is loaded until it is asked for, and counts how often.
type source struct {
	snap   *column.Snapshot
	opened int
}

func (s *source) open(context.Context) (column.Table, error) {
	s.opened++
	return exectest.Partial(s.snap), nil
}

var errNobody = errors.New("nobody was to open it")

func nobody(context.Context) (column.Table, error) { return nil, errNobody }

func opened(t testing.TB, s *columncache.Cache, open func(context.Context) (column.Table, error)) *columncache.Table {
	t.Helper()
	table, err := s.Open(context.Background(), "key", open)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := table.Close(); err != nil {
			t.Error(err)
		}
	})
	return table
}

func loaded(t testing.TB, table *columncache.Table, reads *check.Reads) *column.Snapshot {
	t.Helper()
	snap, release, err := table.Load(context.Background(), reads, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(release)
	return snap
}

var all = &check.Reads{All: true}

// What is kept comes back as it was, also when nobody opens what it was made of any more.
func TestColumnsComeBack(t *testing.T) {
	for name, snap := range map[string]*column.Snapshot{
		"kinds":   data(t, kinds),
		"compact": exectest.AsCompact(data(t, strings.Repeat(kinds, 40))),
		"nothing": data(t, ""),
		"no rows": data(t, "{}\n"),
	} {
		t.Run(name, func(t *testing.T) {
			s := &columncache.Cache{Folder: t.TempDir(), Note: func(note string) { t.Error(note) }}
			from := &source{snap: snap}
			for range 2 {
				table := opened(t, s, from.open)
				got := loaded(t, table, all)
				if err := column.Verify(got); err != nil {
					t.Error(err)
				}
				if !reflect.DeepEqual(got.Root, snap.Root) {
					t.Error("the columns are others")
				}
				if got.Fingerprint != snap.Fingerprint || !got.Schema.Equal(snap.Schema) || !reflect.DeepEqual(got.Partitions(0), snap.Partitions(0)) {
					t.Error("it is another table")
				}
				if err := got.Lost(nil); err != nil {
					t.Error(err)
				}
			}
			if from.opened != 1 {
				t.Errorf("it was opened %d times", from.opened)
			}
		})
	}
}

// counts returns what an engine over a table answers to queries.
func counts(t testing.TB, table column.Table, texts []string) (got []string) {
	t.Helper()
	engine := resident.Open(table, resident.Options{Threads: 2})
	defer engine.Close()
	for _, text := range texts {
		q, problems := lang.Compile(text, column.Catalog{Snapshot: table.Snapshot()}, check.Options{})
		if problems.Failed() {
			t.Fatal(text, problems)
		}
		results, err := engine.Run(context.Background(), exec.Batch{Now: time.Unix(1_770_000_000, 0), Queries: []exec.Query{{ID: "q", Typed: q, Sample: 3}}})
		if err != nil {
			t.Fatal(text, err)
		}
		got = append(got, fmt.Sprintf("%s: %d of %d %v %v", text, results[0].Count, results[0].Total, results[0].Sample, results[0].Err))
	}
	return got
}

// Whatever is asked, in whatever order, by however many who come one after another, the answers are those of
// the table itself.
func TestAnswersAreThoseOfTheTable(t *testing.T) {
	snap := data(t, strings.Repeat(kinds, 30))
	rapid.Check(t, func(r *rapid.T) {
		folder, err := os.MkdirTemp("", "")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(folder)
		s := &columncache.Cache{Folder: folder, Note: func(note string) { r.Error(note) }}
		author := exectest.NewAuthor(rapid.Uint64().Draw(r, "seed"), snap.Schema)
		for range rapid.IntRange(1, 3).Draw(r, "tasks") {
			var texts []string
			for len(texts) < 5 {
				text := author.Query()
				if _, problems := lang.Compile(text, column.Catalog{Snapshot: snap}, check.Options{}); !problems.Failed() {
					texts = append(texts, text)
				}
			}
			table, err := s.Open(context.Background(), "key", (&source{snap: snap}).open)
			if err != nil {
				r.Fatal(err)
			}
			if got, want := counts(t, table, texts), counts(t, column.Resident(snap), texts); !reflect.DeepEqual(got, want) {
				r.Errorf("%q, and not %q", got, want)
			}
			if err := table.Close(); err != nil {
				r.Error(err)
			}
		}
	})
}

// Of what is asked nothing more is opened than is not there yet.
func TestColumnsAreAdded(t *testing.T) {
	snap := data(t, kinds)
	s := &columncache.Cache{Folder: t.TempDir()}
	read := func(names ...string) *check.Reads {
		r := &check.Reads{}
		at := r
		for _, n := range names {
			if n == "[]" {
				at = at.Element()
				continue
			}
			at = at.Field(n)
		}
		at.All = true
		return r
	}
	bare := func(names ...string) *check.Reads { // whether it is there
		r := read(names...)
		at := r
		for _, n := range names {
			if n == "[]" {
				at = at.Elem
			} else {
				at = at.Fields[n]
			}
		}
		at.All = false
		return r
	}
	for _, step := range []struct {
		reads  *check.Reads
		packed int
	}{
		{read("i"), 1}, {read("i"), 0}, {read("xEvent", "[]", "v"), 1}, {read("xEvent", "[]", "w", "k"), 1}, {read("xEvent"), 1}, {read("o", "o"), 1}, {read("o"), 1}, {read("o"), 0}, {bare("o"), 0}, {bare("p"), 1}, {bare("p", "[]", "s"), 1},
	} {
		table := opened(t, s, (&source{snap: snap}).open)
		got := loaded(t, table, step.reads)
		if table.Packed() != step.packed {
			t.Errorf("%d columns were packed, not %d", table.Packed(), step.packed)
		}
		if !got.Covers(step.reads) {
			t.Error("it does not have what was asked for")
		}
	}
	if _, _, err := opened(t, s, nobody).Load(context.Background(), read("f"), nil); !errors.Is(err, errNobody) {
		t.Errorf("%v for a column that is not there", err)
	}
}

// Of a table that is in the cache as a whole, whatever is asked of it is there.
func TestTheWholeIsAllOfIt(t *testing.T) {
	snap := data(t, strings.Repeat(kinds, 30))
	s := &columncache.Cache{Folder: t.TempDir(), Note: func(note string) { t.Error(note) }}
	loaded(t, opened(t, s, (&source{snap: snap}).open), all)
	author := exectest.NewAuthor(3, snap.Schema)
	for range 40 {
		text := author.Query()
		if _, problems := lang.Compile(text, column.Catalog{Snapshot: snap}, check.Options{}); problems.Failed() {
			continue
		}
		table := opened(t, s, nobody)
		if got, want := counts(t, table, []string{text}), counts(t, column.Resident(snap), []string{text}); !reflect.DeepEqual(got, want) {
			t.Errorf("%q, and not %q", got, want)
		}
	}
}

// files are the files of the cache, in order.
func files(t testing.TB, folder string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, "*", "*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A file that is not as it was written is not believed: it is made again, and said.
func TestDamagedFilesAreMadeAgain(t *testing.T) {
	snap := data(t, strings.Repeat(kinds, 3))
	folder := t.TempDir()
	s := &columncache.Cache{Folder: folder}
	loaded(t, opened(t, s, (&source{snap: snap}).open), all)
	names := files(t, folder)
	rng := rand.New(rand.NewPCG(1, 1))
	for i, name := range names {
		whole, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		flipped := append([]byte(nil), whole...)
		flipped[rng.IntN(len(flipped))] ^= 1 << rng.IntN(8)
		version := append([]byte(nil), whole...)
		version[12]++
		other, err := os.ReadFile(names[(i+1+rng.IntN(len(names)-1))%len(names)])
		if err != nil {
			t.Fatal(err)
		}
		for what, b := range map[string][]byte{"flipped": flipped, "cut": whole[:rng.IntN(len(whole))], "of another version": version, "empty": nil, "swapped": other} {
			if err := os.WriteFile(name, b, 0o600); err != nil {
				t.Fatal(err)
			}
			notes := 0
			s.Note = func(string) { notes++ }
			got := loaded(t, opened(t, s, (&source{snap: snap}).open), all)
			if !reflect.DeepEqual(got.Root, snap.Root) {
				t.Errorf("the columns are others where a file is %s", what)
			}
			if notes != 1 {
				t.Errorf("%d notes where a file is %s", notes, what)
			}
			if again, err := os.ReadFile(name); err != nil || string(again) != string(whole) {
				t.Errorf("the file that was %s was not made again: %v", what, err)
			}
		}
	}
}

// A folder that cannot be written to makes nothing wrong.
func TestWithoutAFolder(t *testing.T) {
	snap := data(t, kinds)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	notes := 0
	s := &columncache.Cache{Folder: file, Note: func(string) { notes++ }}
	if got := loaded(t, opened(t, s, (&source{snap: snap}).open), all); !reflect.DeepEqual(got.Root, snap.Root) {
		t.Error("the columns are others")
	}
	if notes == 0 {
		t.Error("nothing was said")
	}
}

// What was packed of other data, in spite of the same key, is an error and no answer.
func TestOtherDataOfTheSameKey(t *testing.T) {
	s := &columncache.Cache{Folder: t.TempDir()}
	loaded(t, opened(t, s, (&source{snap: data(t, `{"a":1,"b":2}`)}).open), &check.Reads{Fields: map[string]*check.Reads{"a": {}}})
	_, _, err := opened(t, s, (&source{snap: data(t, `{"a":1,"b":3}`)}).open).Load(context.Background(), all, nil)
	if err == nil || !strings.Contains(err.Error(), "is not what it was") {
		t.Errorf("%v", err)
	}
}

// Many may pack the same table at the same time.
func TestManyAtOnce(t *testing.T) {
	snap := data(t, strings.Repeat(kinds, 20))
	folder := t.TempDir()
	var tasks sync.WaitGroup
	for range 8 {
		tasks.Go(func() {
			s := &columncache.Cache{Folder: folder, Note: func(note string) { t.Error(note) }}
			table, err := s.Open(context.Background(), "key", (&source{snap: snap}).open)
			if err != nil {
				t.Error(err)
				return
			}
			defer table.Close()
			got, release, err := table.Load(context.Background(), all, nil)
			if err != nil {
				t.Error(err)
				return
			}
			defer release()
			if !reflect.DeepEqual(got.Root, snap.Root) {
				t.Error("the columns are others")
			}
		})
	}
	tasks.Wait()
	for _, name := range files(t, folder) {
		if strings.HasPrefix(filepath.Base(name), "new-") {
			t.Errorf("%s was left", name)
		}
	}
}

// Beyond the limit, what nobody has opened for longest goes, also from under who reads it.
func TestTheOldestGo(t *testing.T) {
	snap := data(t, strings.Repeat(kinds, 50))
	folder := t.TempDir()
	fill := func(s *columncache.Cache, key string) *column.Snapshot {
		table, err := s.Open(context.Background(), key, (&source{snap: snap}).open)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = table.Close() })
		return loaded(t, table, all)
	}
	s := &columncache.Cache{Folder: folder}
	first := fill(s, "1")
	var one int64
	for _, name := range files(t, folder) {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		one += info.Size()
	}
	begun := time.Now()
	s.Limit = 2*one + one/2
	for i, key := range []string{"2", "1", "3"} {
		fill(s, key)
		folders, err := filepath.Glob(filepath.Join(folder, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range folders { // the clock of a file system may be coarse
			if info, err := os.Stat(f); err != nil || info.ModTime().After(begun.Add(-time.Hour)) {
				at := begun.Add(time.Duration(i-20) * time.Hour)
				if err := os.Chtimes(f, at, at); err != nil {
					t.Fatal(err)
				}
			}
		}
		if want := min(i+2, 2); len(folders) != want {
			t.Errorf("%d tables are in the cache after %s, not %d", len(folders), key, want)
		}
	}
	if _, err := s.Open(context.Background(), "1", nobody); err != nil {
		t.Errorf("what was used is gone: %v", err)
	}
	if _, err := s.Open(context.Background(), "2", nobody); !errors.Is(err, errNobody) {
		t.Errorf("what was not used is there: %v", err)
	}
	if err := first.Lost(nil); err != nil || !reflect.DeepEqual(first.Root, snap.Root) {
		t.Errorf("who reads it notices: %v", err)
	}
}
