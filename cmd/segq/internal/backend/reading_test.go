package backend

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/repl"
)

// TestReopenWithFlags: a session reads its data anew as it is told, keeps to that, and reads other data as it was started.
func TestReopenWithFlags(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "people.csv")
	if err := os.WriteFile(data, []byte("id;age\n1;31\n2;29\n3;unknown\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	q, err := ask.OpenQueue(t.Context(), ask.Place{Paths: []string{data}, Threads: 2}, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(q.Close)
	b := New(t.Context(), q, ask.Options{Tenant: "default", Class: "interactive"}, "")
	before := b.Describe().Snapshot
	reopens := func(wants bool, words ...string) {
		t.Helper()
		if changed, err := b.Reopen(t.Context(), words, func(repl.Opening) {}); err != nil || changed != wants {
			t.Fatalf("%q: changed %v, %v", words, changed, err)
		}
	}
	reopens(true, "--type", "age=number")
	if j := ends(t, b, repl.Query{Text: "age > 30"}); j.Answer == nil || *j.Answer.Count != 1 {
		t.Errorf("%+v", j)
	}
	if b.Describe().Snapshot == before {
		t.Error("the data has the name that it had when it was read otherwise")
	}
	reopens(false)
	reopens(true, data, "--id", "age")
	if j := ends(t, b, repl.Query{Text: `age = "31"`}); j.Answer == nil || *j.Answer.Count != 1 {
		t.Errorf("%+v", j)
	}
	reopens(true, data)
	reopens(false, data)
	if changed, err := b.Refresh(t.Context()); changed || err != nil {
		t.Errorf("changed %v, %v", changed, err)
	}
	if err := os.WriteFile(data, []byte("id;age\n1;32\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if changed, err := b.Refresh(t.Context()); changed || !errors.Is(err, repl.ErrWriting) {
		t.Errorf("what was written just now is read: changed %v, %v", changed, err)
	}
	eventually(t, "nobody writes to it any more, and it is read", func() bool {
		changed, err := b.Refresh(t.Context())
		return changed && err == nil
	})
	for words, says := range map[string]string{
		"--typ age=number":  "no flag for reading data is called --typ: did you mean type?",
		"--type age=nummer": "nummer",
		"--memory 1GB":      "--memory is said when segq is started",
		"-x.csv":            "a file of that name is ./-x.csv",
		"--strict nofile":   "nofile",
	} {
		if _, err := b.Reopen(t.Context(), strings.Fields(words), func(repl.Opening) {}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", words, err)
		}
	}
}
