package repl

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/segq/segq/repl/show"
)

func openCommand() dotCommand {
	return dotCommand{
		name: ".open", args: "[data] [flags]", doc: "open other data, or the same again",
		more: []string{
			"  .open                    the same data, as it is by now",
			"  .open march.parquet      other data: files, folders and globs, as on the command line",
			`  .open "my profiles.csv"  a name with spaces`,
			"  .open --type age=number  the same data, of which age is read as numbers",
			"  .open x.csv --delimiter ';' --decimal ,",
			"It is read with the flags and the lookups that segq was started with, and with those that are written here; .open alone keeps these. Tab lists them. What has a number or a name stays, and is asked anew: #3.",
			"What is asked meanwhile waits for it; running queries end on what they began with. Ctrl-C gives it up.",
		},
		do: (*Model).open,
	}
}

// reopening is data that is being opened in the place of what is asked. What is entered meanwhile waits for it.
type reopening struct {
	name   string // as it was given, "" for the same data once more
	began  time.Time
	stop   context.CancelFunc
	before Info

	read, total, rows atomic.Int64
}

// reopenedMsg says that the data was opened, or why it was not.
type reopenedMsg struct {
	of      *reopening
	changed bool
	err     error
}

// open opens data in the place of what is asked.
func (m *Model) open(args []string) tea.Cmd {
	words, err := pathsOf(strings.Join(args, " "))
	if err != nil {
		m.print(m.palette.paint(boldRed, "error: ") + err.Error())
		return nil
	}
	ctx, stop := context.WithCancel(m.ctx)
	r := &reopening{name: strings.Join(withoutFlags(words, m.backend.ReadingFlags()), " "), began: time.Now(), stop: stop, before: m.backend.Describe()}
	m.reopening = r
	b := m.backend
	return tea.Batch(watch(), func() tea.Msg {
		defer stop()
		changed, err := b.Reopen(ctx, words, func(o Opening) {
			r.read.Store(o.Done)
			r.total.Store(o.Size)
			r.rows.Store(o.Rows)
		})
		if err != nil && ctx.Err() != nil {
			err = ctx.Err()
		}
		return reopenedMsg{r, changed, err}
	})
}

// reopened goes on with what was opened: its facts, and what was entered meanwhile. Where it could not be, that does not
// run: it was meant for other data.
func (m *Model) reopened(msg reopenedMsg) tea.Cmd {
	if m.reopening != msg.of || m.out.leaving {
		return nil
	}
	m.reopening = nil
	info := m.backend.Describe()
	if msg.err != nil {
		m.unopenedAgain(msg.err, info)
		return m.nextEntered()
	}
	m.snapshot = info.Snapshot
	if !msg.changed {
		m.print("nothing has changed: " + show.Clean(info.Dataset) + " is as it was")
		return m.nextEntered()
	}
	facts := m.facts(info)
	if before := msg.of.before; msg.of.name == "" && before.Profiles >= 0 && before.Profiles != info.Profiles {
		facts = append(facts, m.palette.paint(faint, show.Count(before.Profiles)+" before"))
	}
	m.print(m.rows("segq", facts)...)
	taken := m.tookOver()
	return tea.Batch(m.nextEntered(), taken)
}

// tookOver goes on with other data than before.
func (m *Model) tookOver() tea.Cmd {
	m.snapshot = m.backend.Describe().Snapshot
	m.assist.clear()
	m.known.asked = time.Time{}
	return tea.Batch(m.learn(), m.changed())
}

// unopenedAgain says why the session has what it had.
func (m *Model) unopenedAgain(err error, info Info) {
	if errors.Is(err, context.Canceled) {
		m.print("not opened: the data is still " + show.Clean(info.Dataset))
	} else {
		lines := show.CleanLines(err.Error())
		m.print(m.palette.paint(boldRed, "error: ") + lines[0])
		m.print(indent(lines[1:])...)
		m.print("the data is still " + show.Clean(info.Dataset))
	}
	for len(m.entered) > 0 && !opens(m.entered[0].text) {
		m.print("not run, since it was for the other data:")
		m.print(indent(show.CleanLines(m.entered[0].text))...)
		m.entered = m.entered[1:]
	}
}

// opens says whether an input is a command that opens data.
func opens(text string) bool {
	return isCommand(text) && strings.ToLower(commandWords(text)[0]) == ".open"
}

// reopeningLines is the line of data that is being opened, once that takes longer than a moment.
func (m *Model) reopeningLines() []string {
	r := m.reopening
	if r == nil || time.Since(r.began) < patient {
		return nil
	}
	line := "opening the data again"
	if r.name != "" {
		line = "opening " + show.OneLine(r.name)
	}
	line = show.Fit(line, m.width/2)
	if total := r.total.Load(); total > 0 {
		line += r.progress(r.read.Load(), total, time.Since(r.began))
	}
	if n := len(m.entered); n > 0 {
		line += m.palette.paint(faint, fmt.Sprintf("  %d waiting for it", n))
	}
	return []string{margin + line}
}

// progress is how much of the data is read after some time, how fast, and how long it still takes once that is known.
func (r *reopening) progress(read, total int64, took time.Duration) string {
	text := fmt.Sprintf("  %d %%", show.Percent(read, total))
	const mb = 1e6
	if total < mb || read <= 0 {
		return text
	}
	text += fmt.Sprintf(" of %s MB", show.Count(total/mb))
	if rows := r.rows.Load(); rows > 0 {
		text += "  " + show.Plural(int(rows), "row", "rows")
	}
	if took < sure || read*sureEach < total || read >= total {
		return text
	}
	perSecond := float64(read) / took.Seconds()
	left := time.Duration(float64(total-read) / perSecond * float64(time.Second))
	return text + fmt.Sprintf("  %s MB/s  %s", show.Count(int64(perSecond/mb)), show.Left(left))
}

// patient is how long something takes of which nothing is shown.
const patient = 300 * time.Millisecond

// splitOpen makes inputs of their own of what is before and after the first .open in an input of several lines: what
// follows is checked against the data that is opened.
func splitOpen(e entered) []entered {
	all := chunks(e.text)
	for i, c := range all {
		if !c.command || len(all) == 1 || !opens(c.text) {
			continue
		}
		parts := []entered{{text: e.text[:c.start]}, {text: strings.TrimSpace(c.text)}, {text: e.text[c.start+len(c.text):]}}
		var out []entered
		for j, p := range parts {
			if j == 0 && i > 0 || j == 1 || j == 2 && i < len(all)-1 {
				out = append(out, p)
			}
		}
		return out
	}
	return []entered{e}
}

// pathsOf cuts what was typed at its blanks, unless these are in quotes or behind a backslash.
func pathsOf(typed string) (paths []string, err error) {
	all, quote := cutPaths(typed)
	if quote != 0 {
		return nil, fmt.Errorf("a quote %c is never closed", quote)
	}
	for _, p := range all {
		paths = append(paths, p.text)
	}
	return paths, nil
}

// typedPath is an argument as it was typed: where it begins, what it says without quotes, and whether a blank is
// behind it.
type typedPath struct {
	start int
	text  string
	ended bool
}

// cutPaths cuts like pathsOf, and returns the quote that is not closed, or 0.
func cutPaths(typed string) (all []typedPath, quote rune) {
	var path *typedPath // that goes on
	escaped := false
	for i, r := range typed {
		if quote == 0 && !escaped && r == ' ' {
			if path != nil {
				path.ended = true
			}
			path = nil
			continue
		}
		if path == nil {
			all = append(all, typedPath{start: i})
			path = &all[len(all)-1]
		}
		switch {
		case escaped:
			path.text += string(r)
			escaped = false
		case r == '\\' && quote != '\'':
			escaped = true
		case quote != 0 && r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote = r
		default:
			path.text += string(r)
		}
	}
	return all, quote
}
