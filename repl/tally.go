package repl

import (
	"context"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/repl/show"
)

// tally is how many profiles match what is complete of a text, which is but a part of it where the rest is not written
// yet. It is shown beside no other text.
type tally struct {
	Peek
	text string
	part bool
}

// count asks how many profiles match so far.
func (m *Model) count() tea.Cmd {
	b, text, cursor, fields := m.backend, m.editor.Text(), m.editor.Cursor(), m.known.fields
	return m.assist.counting.ask(m.ctx, func(ctx context.Context) tally {
		queries := withoutCommands(text)
		p := b.Peek(ctx, queries, cursor)
		part := !lang.Whole(queries, p.Counted)
		if part && p.Counted.End > 0 && strayName(queries, p.Counted.End, cursor, fields) {
			p = Peek{}
		}
		return tally{p, text, part}
	})
}

// counted shows a count. One that waits for columns leaves the old one where that is still right, and is asked
// for again.
func (m *Model) counted(msg answerMsg[tally]) tea.Cmd {
	a := &m.assist
	wanted, next := a.counting.answered(m.ctx, msg)
	if !wanted {
		return next
	}
	t := msg.answer
	if t.Counted.Start < 0 || t.Counted.End > len(t.text) || t.Counted.Start > t.Counted.End {
		t.Peek = Peek{}
	}
	if !t.Loading {
		a.tally = t
		return nil
	}
	if t.Counted.End > 0 && a.tally.Counted != t.Counted {
		a.tally = t
	}
	a.tally.Loading = true
	return a.counting.after(m.ctx, lookAgain)
}

// longFollowed is the length of a text from which on a count is not kept from one key to the next.
const longFollowed = 4096

// follow keeps the count where of the text, with the cursor in it, the same is complete as before, and forgets it elsewhere.
// A field whose name is not known yet is still being typed.
func (t *tally) follow(at input, fields *lang.Fields) {
	end := t.Counted.End
	if at.text == t.text || end == 0 {
		return
	}
	if len(at.text) >= end && len(at.text) < longFollowed && at.text[:end] == t.text[:end] {
		if whole, _ := lang.SoFar(at.text, at.cursor, knownEnd(fields)); whole == t.Counted {
			t.text, t.part = at.text, !lang.Whole(at.text, whole)
			return
		}
	}
	*t = tally{}
}

// strayName says whether a text that is not finished has a name behind a place that no field has, apart from the word
// that is written at the cursor: it cannot become right.
func strayName(text string, from, cursor int, fields *lang.Fields) bool {
	if fields == nil {
		return false
	}
	tokens := lang.Tokens(text)
	for i, r := range lang.Roles(text, tokens, fields) {
		if r == lang.UnknownRole && tokens[i].At.Start >= from && (cursor <= tokens[i].At.Start || cursor > tokens[i].At.End) {
			return true
		}
	}
	return false
}

// knownEnd says of a part of a text whether its last name, if it ends in one, is that of a field.
func knownEnd(fields *lang.Fields) func(part string) bool {
	if fields == nil {
		return nil
	}
	return func(part string) bool {
		roles := lang.Roles(part, lang.Tokens(part), fields)
		return len(roles) == 0 || roles[len(roles)-1] != lang.UnknownRole
	}
}

// number is the count and its share.
func (t *tally) number() string {
	switch {
	case t.Counted.End == 0 && !t.Loading:
		return ""
	case t.Loading && t.Total == 0:
		return "…"
	case t.Total == 0:
		return ""
	}
	about, more := "", ""
	if t.part {
		about = "so far "
	}
	if !t.Exact {
		about += "≈ "
	}
	if t.Loading {
		more = " …"
	}
	return about + show.Count(t.Count) + "  " + show.Share(t.Count, t.Total) + more
}

// why says why nothing matches, in so many cells.
func (t *tally) why(p palette, room int) string {
	note, tab := show.OneLine(t.Note), ""
	if t.Instead != "" {
		tab = " (Tab takes it)"
		if show.Cells(note+tab) > room {
			tab = " (Tab)"
		}
	}
	return p.paint(faint, show.Fit(note, room-show.Cells(tab))+tab)
}

// clauseAt is what the clause at the cursor does, in as many words as room has, "" for none.
func (t *tally) clauseAt(cursor, room int) string {
	c := t.Clause
	if c == nil || t.Total == 0 || cursor < c.At.Start || cursor > c.At.End {
		return ""
	}
	pass, removes := show.Count(c.Pass), show.Share(t.Total-c.Pass, t.Total)
	return fitting(room,
		fmt.Sprintf("this clause: %s of %s pass · alone removes %s", pass, show.Count(t.Total), removes),
		fmt.Sprintf("this clause: %s pass · removes %s", pass, removes),
		fmt.Sprintf("this clause: %s pass", pass),
		"clause: "+pass)
}

// fitting returns the first of some texts that fits into room, "" for none.
func fitting(room int, texts ...string) string {
	for _, s := range texts {
		if show.Cells(s) <= room {
			return s
		}
	}
	return ""
}
