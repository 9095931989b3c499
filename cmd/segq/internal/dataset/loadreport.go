package dataset

import (
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/repl/show"
)

// notes tells people how loading goes, and what was left out.
type notes struct {
	ours     bool // the data is the sample
	w        io.Writer
	terminal bool
	called   string // what the data is called

	started time.Time
	painted atomic.Int64 // when the line of progress was painted last; 0 for never

	told          bool // of rows
	misfits, said int  // how many were told already
}

func newNotes(w io.Writer) *notes {
	f, ok := w.(*os.File)
	return &notes{w: w, terminal: ok && console.IsTerminal(f), called: "the data", started: time.Now()}
}

// noteDelay is how long a load stays silent: most are over before it.
const noteDelay = 300 * time.Millisecond

// progress tells how far the loading is, in a line that is repainted at most ten times a
// second, where notes go to a terminal.
func (n *notes) progress(read, total int64) {
	if !n.terminal {
		return
	}
	now := time.Now()
	before := n.painted.Load()
	if now.Sub(n.started) < noteDelay || now.UnixMilli()-before < 100 || !n.painted.CompareAndSwap(before, now.UnixMilli()) {
		return
	}
	if total > 0 {
		fmt.Fprintf(n.w, "\r\x1b[Kloading  %3d %%  of %s MB", 100*read/total, show.Count(int(total/1e6)))
	}
}

// wipe takes the line away.
func (n *notes) wipe() {
	if n.painted.Swap(0) > 0 {
		fmt.Fprint(n.w, "\r\x1b[K")
	}
}

// line tells what takes long.
func (n *notes) line(text string) {
	n.wipe()
	fmt.Fprintf(n.w, "segq: %s\n", text)
}

// sample says that there is no data. What is to be said of the sample is in its documents.
func (n *notes) sample(rows int) {
	n.ours = true
	fmt.Fprintf(n.w, "segq: no DATA given: using the embedded sample of %s profiles\n", show.Count(rows))
}

// reportLines is how many lines of each kind a report has at most: with all of them
// it fits a screen.
const reportLines = 8

// report tells what was left out, never silently: the rows that could not be read, then
// the values that did not fit their field, then what was decided. What it has told before
// it leaves out.
func (n *notes) report(r *load.Report) {
	if n.ours {
		return
	}
	w := n.w
	if r.Rejected > 0 && !n.told {
		were := "were"
		if r.Rejected == 1 {
			were = "was"
		}
		fmt.Fprintf(w, "segq: %s of %s rows could not be read and %s left out (--strict makes this an error):\n",
			show.Count(r.Rejected), show.Count(r.Rows+r.Rejected), were)
		lines := make([]string, len(r.Rejects))
		for i, reject := range r.Rejects {
			lines[i] = reject.Where() + ": " + reject.Message
		}
		noteLines(w, lines, r.Rejected)
	}
	if misfits := r.Misfits[n.misfits:]; len(misfits) > 0 {
		values := 0
		lines := make([]string, len(misfits))
		for i, m := range misfits {
			values += m.Count
			lines[i] = m.String()
		}
		do := "values do not fit their field and are"
		if values == 1 {
			do = "value does not fit its field and is"
		}
		fmt.Fprintf(w, "segq: %s %s null (--type FIELD=TYPE decides what a field is):\n", show.Count(values), do)
		noteLines(w, lines, len(lines))
	}
	if said := r.Notes[n.said:]; len(said) > 0 {
		if n.said == 0 {
			fmt.Fprintf(w, "segq: about %s:\n", n.called)
		}
		noteLines(w, said, len(said))
	}
	n.told, n.misfits, n.said = true, len(r.Misfits), len(r.Notes)
}

// later tells something that was found out when the data was read already.
func (n *notes) later(note string) {
	if !n.ours {
		fmt.Fprintf(n.w, "segq: %s\n", show.OneLine(note))
	}
}

// noteLines writes the first of all lines.
func noteLines(w io.Writer, lines []string, all int) {
	shown := min(len(lines), reportLines)
	for _, line := range lines[:shown] {
		fmt.Fprintf(w, "  %s\n", show.OneLine(line))
	}
	if all > shown {
		fmt.Fprintf(w, "  and %s more\n", show.Count(all-shown))
	}
}
