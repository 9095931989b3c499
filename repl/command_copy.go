package repl

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// What .copy takes beside the forms of answers.
const (
	copyQuery = "query"
	copyCount = "count"
	copyIDs   = "ids"
)

func copyCommand() dotCommand {
	return dotCommand{
		name: ".copy", args: "[what]", doc: "the last answer onto the clipboard, as TSV or in another form",
		more: []string{
			"  .copy        the answer as TSV, for a spreadsheet",
			"  .copy query  the query, .copy count the number, .copy ids the ids of its profiles",
			"  .copy json   in that form, as .mode has them",
			"  Through ssh too, where the terminal lets programs copy (OSC 52); in tmux, which has to be told: set -g set-clipboard on",
		},
		early: true, do: (*Model).copyLast,
		complete: func(m *Model, typed string) []lang.Item {
			return oneOf(append([]string{copyQuery, copyCount, copyIDs}, m.backend.Forms()...)...)(m, typed)
		},
	}
}

// copiedMsg says what was copied, or why nothing was.
type copiedMsg struct {
	what string
	text string
	err  error
	// masked are the fields whose values are not in the text.
	masked []string
}

// copyLast puts the last answer on the clipboard.
func (m *Model) copyLast(args []string) tea.Cmd {
	if m.output.query == nil {
		m.print("there is no answer yet")
		return nil
	}
	what, ok := m.choose(".copy", args, "tsv", append([]string{copyQuery, copyCount, copyIDs}, m.backend.Forms()...)...)
	if !ok {
		return nil
	}
	if m.clip == nil {
		m.print(m.palette.paint(boldRed, "error: ") + "there is no terminal that could copy")
		return nil
	}
	o, forms, clip := m.output, m.backend, m.clip
	return func() tea.Msg {
		text, err := o.copied(what, forms)
		if err == nil {
			err = clip(text)
		}
		return copiedMsg{what, text, err, o.maskedIn(what)}
	}
}

// maskedIn are the fields whose values are masked in what is copied of an answer.
func (o *output) maskedIn(what string) []string {
	if o.job.Answer == nil || what == copyQuery || what == copyCount {
		return nil
	}
	fields := make([]string, len(o.job.Answer.Masked))
	for i, field := range o.job.Answer.Masked {
		fields[i] = show.Clean(field)
	}
	return fields
}

// copied returns what is to be copied of an answer.
func (o *output) copied(what string, forms Forms) (string, error) {
	a := o.job.Answer
	switch {
	case what == copyQuery:
		return o.query.source, nil
	case a == nil:
		return "", fmt.Errorf("there is no answer to copy")
	case what == copyCount:
		if a.Count == nil {
			return "", fmt.Errorf("the answer is no count")
		}
		return strconv.Itoa(*a.Count), nil
	case what == copyIDs:
		ids := idsOf(a)
		if len(ids) == 0 {
			return "", fmt.Errorf("the answer holds no ids of profiles; .sample shows some")
		}
		if n := maskedOf(ids); n > 0 {
			return "", fmt.Errorf("%s masked: .set personal shown, and the query again, copies them", show.Plural(n, "of the ids is", "of the ids are"))
		}
		return strings.Join(ids, "\n") + "\n", nil
	}
	lines, err := forms.Form(what, a, show.Look{Width: unwrapped})
	if err != nil {
		return "", err
	}
	return strings.Join(lines, "\n") + "\n", nil
}

// idsOf returns the ids that an answer holds: those of its rows, which are in the first column, or of its sample.
func idsOf(a *record.Record) []string {
	if a.Rows == nil {
		ids := make([]string, len(a.Sample))
		for i, id := range a.Sample {
			ids[i] = show.Clean(id)
		}
		return ids
	}
	if len(a.Rows.Columns) == 0 || a.Rows.Columns[0].Name != "_id" {
		return nil
	}
	var ids []string
	for _, row := range a.Rows.Rows {
		var id string
		if len(row) > 0 {
			if json.Unmarshal(row[0], &id) != nil {
				id = string(row[0])
			}
			ids = append(ids, show.Clean(id))
		}
	}
	return ids
}

// maskedOf is how many ids are not for the screen, and so not for the clipboard.
func maskedOf(ids []string) (n int) {
	for _, id := range ids {
		if id == show.Masked {
			n++
		}
	}
	return n
}

// copied says what was copied.
func (m *Model) copied(msg copiedMsg) {
	if msg.err != nil {
		m.print(m.palette.paint(boldRed, "error: ") + "nothing is copied: " + show.OneLine(msg.err.Error()))
		return
	}
	what := "the " + msg.what
	switch msg.what {
	case copyQuery, copyCount, copyIDs:
	default:
		what = "the answer as " + msg.what
	}
	size := show.Plural(len(msg.text), "byte", "bytes")
	if n := strings.Count(msg.text, "\n"); n > 1 {
		size = show.Plural(n, "line", "lines") + ", " + size
	}
	line := "copied " + what + " of " + m.words.number + strconv.Itoa(m.output.query.number) + ": " + size
	if len(msg.masked) > 0 {
		line += "; masked: " + strings.Join(msg.masked, ", ") + ", .set personal shown and the query again copies the values"
	}
	m.print(m.palette.paint(faint, line))
}
