package repl_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl"
)

// many is a backend that answers a query with rows: as many as its text has letters behind the first, times ten.
type many struct{ prompt }

func (m *many) Poll(ctx context.Context, ids []string) ([]repl.Job, error) {
	m.mu.Lock()
	submitted := m.submitted
	m.mu.Unlock()
	for i, q := range submitted {
		m.job(i+1, withRows(10*(len(q.Text)-1)))
	}
	return m.script.Poll(ctx, ids)
}

// withRows ends a job with an answer of so many rows.
func withRows(n int) func(*repl.Job) {
	return func(j *repl.Job) {
		answer(n, 456, time.Millisecond)(j)
		rows := &record.Rows{Columns: []record.RowColumn{{Name: "_id", Type: "string"}, {Name: "city", Type: "string"}}}
		for i := range n {
			rows.Rows = append(rows.Rows, []json.RawMessage{fmt.Appendf(nil, `"p-%d"`, i+1), json.RawMessage(`"東京 ` + strings.Repeat("long ", 20) + `end"`)})
		}
		j.Answer.Rows = rows
		j.Answer.Notes = []record.Note{{Text: "a note that is read"}}
	}
}

// seenBy is what a pager of a test was given.
func seenBy(t *testing.T, pager string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(filepath.Dir(pager), "seen"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	return string(b)
}

func TestPager(t *testing.T) {
	pager := shellScript(t, `[ "$1" = -x ] && [ -t 1 ] && case "$LESS$LESSSECURE" in *-R*-M1) cat >"$DIR/seen" ;; *) exit 4 ;; esac; kill -INT $PPID`)
	t.Setenv("SEGQ_PAGER", `"`+pager+`" -x`)
	t.Setenv("LESS", "-M")
	keyboard, out := onTerminal(t, &many{})
	enter(t, keyboard, "ab\r") // ten rows fit
	out.until(t, "p-10")
	if got := seenBy(t, pager); got != "" {
		t.Errorf("a short answer was paged: %s", got)
	}
	enter(t, keyboard, "abcd\r") // thirty do not
	out.until(t, "a note that is read")
	text := out.until(t, "more lines; .last shows all")
	if strings.Contains(text, "p-29") || !strings.Contains(text, "p-1 ") {
		t.Errorf("the screen has not the beginning alone:\n%s", text)
	}
	got := seenBy(t, pager)
	for _, want := range []string{"abcd", "30 of 456", "p-1 ", "p-30", "long end", "a note that is read"} {
		if !strings.Contains(got, want) {
			t.Errorf("the pager was not given %q:\n%s", want, got)
		}
	}
	if err := os.Remove(filepath.Join(filepath.Dir(pager), "seen")); err != nil {
		t.Fatal(err)
	}
	enter(t, keyboard, ".last\rxyz")
	out.until(t, "segq> xyz")
	if again := seenBy(t, pager); again != got {
		t.Errorf(".last showed\n%s, not\n%s", again, got)
	}
}

// Who types is not taken away from it: the pager opens with .last.
func TestNoPagerWhileTyping(t *testing.T) {
	pager := shellScript(t, `cat >"$DIR/seen"`)
	t.Setenv("SEGQ_PAGER", `'`+pager+`'`)
	keyboard, out := onTerminal(t, &many{})
	enter(t, keyboard, "abcd\rtyped")
	out.until(t, "more lines; .last shows all")
	if got := seenBy(t, pager); got != "" {
		t.Error("the pager opened while somebody typed")
	}
	enter(t, keyboard, "\x15.last\r!")
	out.until(t, "segq> !")
	if !strings.Contains(seenBy(t, pager), "p-30") {
		t.Error(".last did not open it")
	}
}

// Before the pager opens it is said that it does, and who types then goes on at the prompt, with the beginning above it.
func TestPagerIsAnnounced(t *testing.T) {
	pager := shellScript(t, `cat >"$DIR/seen"`)
	t.Setenv("SEGQ_PAGER", `'`+pager+`'`)
	keyboard, out := onTerminal(t, &many{})
	enter(t, keyboard, "abcd\r")
	out.until(t, "lines in the pager, where q goes back; a key stays here")
	enter(t, keyboard, "t")
	out.until(t, "more lines; .last shows all")
	enter(t, keyboard, "yped")
	out.until(t, "typed")
	if got := seenBy(t, pager); got != "" {
		t.Error("the pager opened while somebody typed")
	}
}

// Where the pager fails, is not there, or is not wanted, an answer is printed whole.
func TestWithoutPager(t *testing.T) {
	broken := shellScript(t, "exit 3\n")
	for name, want := range map[string]string{
		`"` + broken + `"`: "the pager failed (exit status 3)",
		"/nowhere/pager":   "there is no pager /nowhere/pager",
		"off":              "lines: scroll back to the beginning",
	} {
		t.Run(want, func(t *testing.T) {
			t.Setenv("SEGQ_PAGER", name)
			keyboard, out := onTerminal(t, &many{})
			enter(t, keyboard, "abcd\r")
			out.until(t, "p-30")
			out.until(t, want)
			enter(t, keyboard, "abcde\r")                                      // and it is not tried again
			if all := out.until(t, "p-40"); strings.Count(all, "failed") > 2 { // the line of the hint is drawn again
				t.Errorf("it was said twice: %q", all)
			}
		})
	}
}

func TestPagerAlways(t *testing.T) {
	pager := shellScript(t, `cat >"$DIR/seen"`)
	t.Setenv("SEGQ_PAGER", `'`+pager+`'`)
	keyboard, out := onTerminal(t, &many{})
	enter(t, keyboard, ".pager always\r")
	out.until(t, ".pager is always")
	enter(t, keyboard, "ab\r")
	out.until(t, "p-10")
	if got := seenBy(t, pager); !strings.Contains(got, "p-10") {
		t.Errorf("a short answer was not paged: %s", got)
	}
}
