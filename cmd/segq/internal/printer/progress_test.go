package printer

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/exec"
	"github.com/segq/segq/redisx/record"
)

// underway returns the progress of n queries, of which each has seen rows of every partition of a thousand,
// and has matched a tenth.
func underway(n, rows int) *Progress {
	b := StartProgress("off", n, console.Streams{})
	for q := range n {
		id := fmt.Sprint(q)
		b.Start(id, []int{1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000})
		for i := range 10 {
			b.Progress(id, i, exec.Progress{Rows: rows, Matched: rows/10 + i%2})
		}
	}
	return b
}

// TestProgressLine: a bar, what matches, how long.
func TestProgressLine(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		n, rows int
		after   time.Duration
		want    string
	}{
		{1, 0, 400 * time.Millisecond, "░░░░░░░░░░░░░░░   0 %  5 so far  400 ms elapsed"},
		{1, 400, 4 * time.Second, "██████░░░░░░░░░  40 %  ≈ 1,013 ± 84  6 s left"},
		{3, 400, 400 * time.Millisecond, "██████░░░░░░░░░  40 %  3 queries  400 ms elapsed"},
		{3, 400, 4 * time.Minute, "██████░░░░░░░░░  40 %  3 queries  6 min 0 s left"},
	} {
		b := underway(test.n, test.rows)
		if got := b.line(b.began.Add(test.after)); got != test.want {
			t.Errorf("%q, not %q", got, test.want)
		}
	}
	b := StartProgress("off", 1, console.Streams{})
	if got := b.line(time.Now()); got != "" {
		t.Errorf("before anything is known: %q", got)
	}
	b.Load("", exec.Loading{Done: 30e6, Total: 60e6})
	if got, want := b.line(time.Now()), "███████░░░░░░░░  50 %  loading 60 MB"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}

// TestWorkLine: what is done is said, and how far it is.
func TestWorkLine(t *testing.T) {
	t.Parallel()
	b := StartWork("off", console.Streams{}, func() (string, int64, int64) { return "comparing", 64, 256 })
	if got, want := b.line(b.began.Add(4*time.Second)), "███░░░░░░░░░░░░  25 %  comparing  4.0 s elapsed"; got != want {
		t.Errorf("%q, not %q", got, want)
	}
}

// TestNoteStop: what was stopped says where, and what has ended by itself says nothing.
func TestNoteStop(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{record.Timeout: "stopped at 40 %: ≈ 1,013 ± 84", record.Cancelled: "stopped at 40 %: ≈ 1,013 ± 84", record.Failed: "", record.OK: ""} {
		r := &record.Record{Status: status}
		underway(1, 400).NoteStop(r, "0")
		var notes []string
		for _, n := range r.Notes {
			notes = append(notes, n.Text)
		}
		if got := strings.Join(notes, "; "); got != want {
			t.Errorf("%s: %q, not %q", status, got, want)
		}
	}
	r := &record.Record{Status: record.Timeout}
	underway(1, 9).NoteStop(r, "0")
	if len(r.Notes) != 1 || !strings.HasPrefix(r.Notes[0].Text, "stopped at less than 1 %: < ") {
		t.Errorf("at the beginning: %v", r.Notes)
	}
	r = &record.Record{Status: record.Timeout}
	underway(1, 400).NoteStop(r, "another")
	(*Progress)(nil).NoteStop(r, "0")
	if len(r.Notes) > 0 {
		t.Errorf("of what has not begun: %v", r.Notes)
	}
}
