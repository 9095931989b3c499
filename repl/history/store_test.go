package history

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/segq/segq/repl/lockfile"
)

// opened returns a history of a file in a folder that is not there yet, and its name.
func opened(t *testing.T) (*Store, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "segq", "history.ndjson")
	return Open(file), file
}

func synced(t *testing.T, all ...*Store) {
	t.Helper()
	for _, s := range all {
		if err := s.Sync(); err != nil {
			t.Fatal(err)
		}
	}
}

func texts(entries []*Entry) []string {
	all := []string{}
	for _, e := range entries {
		all = append(all, e.Text)
	}
	return all
}

func wantTexts(t *testing.T, got []*Entry, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, texts(got), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func query(text string) Entry { return Entry{Kind: Query, Text: text} }

// TestInputsComeBack writes inputs of any form and reads them in another session, with what became of them.
func TestInputsComeBack(t *testing.T) {
	t.Parallel()
	s, file := opened(t)
	id := s.Add(Entry{Kind: Query, Text: "a = 1 and\n  b = \"日本語 \\\"<&>\u2028\" // why", Dataset: "p.parquet", Snapshot: "old"})
	s.Add(Entry{Kind: Command, Text: ".fields  code"})
	s.Add(query("c = "))
	s.End(id, "new", Outcome{Done, 1, 2, true, 1500 * time.Microsecond})
	synced(t, s)
	other := Open(file)
	synced(t, other)
	if diff := cmp.Diff(s.Entries(), other.Entries(), cmpopts.IgnoreUnexported(Entry{})); diff != "" {
		t.Errorf("(-there +here)\n%s", diff)
	}
	e := other.Entries()[0]
	if e.Count != 1 || e.Total != 2 || !e.Exact || e.Snapshot != "new" || e.Dataset != "p.parquet" || e.Elapsed != 1500*time.Microsecond {
		t.Errorf("%+v", e)
	}
	if e.Key != `a = 1 and b = "日本語 \"<&>`+"\u2028"+`"` {
		t.Errorf("the key is %s", e.Key)
	}
}

func TestModes(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return // it has no such modes
	}
	s, file := opened(t)
	s.Add(query("a = 1"))
	synced(t, s)
	mode := func(name string) os.FileMode {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	if f, d := mode(file), mode(filepath.Dir(file)); f != 0o600 || d != 0o700 {
		t.Errorf("the file is %o, the folder %o", f, d)
	}
	if err := os.Chmod(file, 0o644); err != nil {
		t.Fatal(err)
	}
	s.Add(query("b = 1"))
	synced(t, s)
	if f := mode(file); f != 0o600 {
		t.Errorf("the file stays %o", f)
	}
}

// TestRepetitions: of inputs that mean the same the newest stays; a query and a command never do.
func TestRepetitions(t *testing.T) {
	t.Parallel()
	s, file := opened(t)
	for _, text := range []string{"a=1", "b = 2", "a = 1 // now", "n: a = 1", "c = (", "c =  (", "(a = 1)"} {
		s.Add(query(text))
	}
	s.Add(Entry{Kind: Command, Text: ".jobs"})
	want := []string{"b = 2", "n: a = 1", "c =  (", "(a = 1)", ".jobs"}
	wantTexts(t, s.Entries(), want...)
	synced(t, s)
	other := Open(file)
	synced(t, other)
	wantTexts(t, other.Entries(), want...)
}

// TestSessionsShare has two sessions at the same time: each goes back to its own inputs first.
func TestSessionsShare(t *testing.T) {
	t.Parallel()
	a, file := opened(t)
	b := Open(file)
	a.Add(query("a1"))
	synced(t, a, b)
	b.Add(query("b1"))
	a.Add(query("a2"))
	a.Add(Entry{Kind: Command, Text: ".jobs"})
	synced(t, a, b, a)
	wantTexts(t, a.Recall(Query), "a2", "a1", "b1")
	wantTexts(t, b.Recall(Query), "b1", "a2", "a1")
	wantTexts(t, b.Recall(Command), ".jobs")
	b.Add(query("a1")) // now it is the newest of all, and each session's own
	synced(t, b, a)
	wantTexts(t, a.Recall(Query), "a2", "a1", "b1")
	wantTexts(t, b.Recall(Query), "a1", "b1", "a2")
	wantTexts(t, a.Entries(), "b1", "a2", ".jobs", "a1")
}

// TestCompaction makes a small history overflow, with two sessions that do not know of each other's compactions.
func TestCompaction(t *testing.T) {
	t.Parallel()
	a, file := opened(t)
	b := Open(file)
	a.limit, b.limit = 10, 10
	for i := range 100 {
		s := a
		if i%3 == 0 {
			s = b
		}
		id := s.Add(query(fmt.Sprintf("q = %d", i)))
		synced(t, s)
		s.End(id, "", Outcome{Done, int64(i), 100, true, 0})
		synced(t, s)
	}
	synced(t, a, b)
	for _, s := range []*Store{a, b} {
		got := s.Entries()
		if len(got) != 10 || got[0].Text != "q = 90" || got[9].Text != "q = 99" || got[4].Count != 94 {
			t.Errorf("%d entries: %q", len(got), texts(got))
		}
	}
	text, err := os.ReadFile(file)
	if n := bytes.Count(text, []byte("\n")); err != nil || n > most*10+3 {
		t.Errorf("the file has %d lines; %v", n, err)
	}
}

// TestTornFiles ends a file at every byte, as if its writer had been killed there, and goes on: all inputs whose
// lines are whole are there, and the new one.
func TestTornFiles(t *testing.T) {
	t.Parallel()
	s, file := opened(t)
	s.Add(query("a = 1"))
	id := s.Add(query("b = \"\\u007b\n\""))
	s.End(id, "", Outcome{Done, 1, 2, true, 0})
	synced(t, s)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for end := range len(text) + 1 {
		if err := os.WriteFile(file, text[:end], 0o600); err != nil {
			t.Fatal(err)
		}
		var want []string
		for line := range bytes.Lines(text[:end]) {
			// A line is whole with its last brace, whether its end is there or not.
			if line = bytes.TrimSpace(line); bytes.HasSuffix(line, []byte("}")) && bytes.Contains(line, []byte(`"text"`)) {
				want = append(want, parse(line).Text)
			}
		}
		reader := Open(file)
		synced(t, reader)
		wantTexts(t, reader.Entries(), want...)
		writer := Open(file)
		writer.Add(query("new = 1"))
		synced(t, writer, reader)
		wantTexts(t, reader.Entries(), append(want, "new = 1")...)
		fresh := Open(file)
		synced(t, fresh)
		wantTexts(t, fresh.Entries(), append(want, "new = 1")...)
	}
}

// TestForeignLines: what is no record is passed over.
func TestForeignLines(t *testing.T) {
	t.Parallel()
	s, file := opened(t)
	s.Add(query("a = 1"))
	synced(t, s)
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	lines := []string{
		"", "{", "null", "[]", "17", `"text"`, "\x00\x00\x00", `{"v":1}`, `{"v":0,"id":"x-1","text":"t","time":"2026-01-01T00:00:00Z","kind":"query"}`,
		`{"v":1,"id":"x-2","text":"t","time":"yesterday","kind":"query"}`, `{"v":1,"of":"nobody-1","state":"done","count":1,"total":2}`,
		`{"v":1,"id":"x-3","text":"t","time":"2026-01-01T00:00:00Z","kind":"poem"}`, strings.Repeat("x", 1<<20),
		`{"v":1,"id":"x-4","text":"b=2","time":"2026-01-01T00:00:00Z","kind":"query","extra":[1]}`, "\x00\x00",
	}
	if _, err := f.WriteString(strings.Join(lines, "\n")); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	s.Add(query("c = 3"))
	synced(t, s)
	wantTexts(t, s.Entries(), "b=2", "a = 1", "c = 3") // in the order of their times
}

// TestNewer: a file with records of a newer program is never written anew by an older one.
func TestNewer(t *testing.T) {
	t.Parallel()
	s, file := opened(t)
	s.limit = 1
	s.Add(query("a = 1"))
	synced(t, s)
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"v":2,"id":"x-1","text":"t","time":"2026-01-01T00:00:00Z","kind":"query","more":1}` + "\n"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		s.Add(query(fmt.Sprintf("b = %d", i)))
		synced(t, s)
	}
	text, err := os.ReadFile(file)
	if err != nil || !bytes.Contains(text, []byte(`"more":1`)) {
		t.Errorf("%s %v", text, err)
	}
	if _, err := Clear(file, func(e *Entry) bool { return e.Text == "a = 1" }); !errors.Is(err, errNewer) {
		t.Errorf("cleared: %v", err)
	}
	if n, err := Clear(file, func(*Entry) bool { return true }); err != nil || n == 0 {
		t.Errorf("cleared %d: %v", n, err)
	}
}

func TestClear(t *testing.T) {
	t.Parallel()
	s, file := opened(t)
	if n, err := Clear(file, func(*Entry) bool { return true }); n != 0 || err != nil {
		t.Errorf("cleared %d of no file: %v", n, err)
	}
	for _, text := range []string{"a = 1", "secret = 1", "b = 2"} {
		s.Add(query(text))
	}
	synced(t, s)
	if n, err := Clear(file, func(e *Entry) bool { return e.Holds([]string{"SECRET"}) }); n != 1 || err != nil {
		t.Errorf("cleared %d: %v", n, err)
	}
	synced(t, s) // the session that typed it forgets it too
	wantTexts(t, s.Entries(), "a = 1", "b = 2")
	wantTexts(t, s.Recall(Query), "b = 2", "a = 1")
	s.Add(query("c = 3"))
	synced(t, s)
	text, err := os.ReadFile(file)
	if err != nil || bytes.Contains(text, []byte("secret")) || !bytes.Contains(text, []byte("c = 3")) {
		t.Errorf("%s %v", text, err)
	}
}

// TestLinksStay: a file that is a link is written anew where it is.
func TestLinksStay(t *testing.T) {
	t.Parallel()
	s, file := opened(t)
	s.Add(query("a = 1"))
	synced(t, s)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	if n, err := Clear(link, func(*Entry) bool { return true }); n != 1 || err != nil {
		t.Errorf("cleared %d: %v", n, err)
	}
	if to, err := os.Readlink(link); to != file {
		t.Errorf("the link is to %s: %v", to, err)
	}
}

// TestNoFile: what cannot be read or written is an error each time, the inputs are there all the same, and they are
// written when that can be done.
func TestNoFile(t *testing.T) {
	t.Parallel()
	s, file := opened(t)
	if err := os.MkdirAll(file, 0o700); err != nil {
		t.Fatal(err)
	}
	s.Add(query("a = 1"))
	if err := s.Sync(); err == nil {
		t.Error("a folder is a history")
	}
	wantTexts(t, s.Entries(), "a = 1")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	s.Add(query("b = 2"))
	synced(t, s)
	other := Open(file)
	synced(t, other)
	wantTexts(t, other.Entries(), "a = 1", "b = 2")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	synced(t, other)
	wantTexts(t, other.Entries())
	memory := Open("")
	memory.Add(query("a = 1"))
	synced(t, memory)
	wantTexts(t, memory.Entries(), "a = 1")
}

// TestHeldLock: a lock that somebody holds for long is given up, and the input is written later.
func TestHeldLock(t *testing.T) {
	t.Parallel()
	s, file := opened(t)
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	unlock, err := lockfile.Take(file)
	if err != nil {
		t.Fatal(err)
	}
	s.Add(query("a = 1"))
	if err := s.Sync(); !errors.Is(err, lockfile.ErrTaken) {
		t.Error(err)
	}
	unlock()
	synced(t, s)
	text, err := os.ReadFile(file)
	if err != nil || !bytes.Contains(text, []byte("a = 1")) {
		t.Errorf("%s %v", text, err)
	}
}

// TestMemoryIsBounded: of many inputs the newest are kept, and repetitions take no room.
func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	s := Open("")
	s.limit = 5
	for i := range 1000 {
		s.Add(query(fmt.Sprintf("q = %d", i%7)))
	}
	got := texts(s.Entries())
	if want := []string{"q = 1", "q = 2", "q = 3", "q = 4", "q = 5"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}
