package repl

import (
	"cmp"
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/redisx/record"
)

// tab takes what is offered: the choice of the popup, else what is meant in the place of an error, on an empty
// line the query that the last answer suggests, and else asks what can stand at the cursor.
func (m *Model) tab() tea.Cmd {
	a, at := &m.assist, m.at()
	if strings.TrimSpace(at.text) == "" {
		if a.instead != "" {
			m.editor.Set(a.instead)
		}
		return nil
	}
	if !m.askable() {
		return nil
	}
	d := a.findings.shown(at, a.growing())
	switch {
	case a.popup.fits(at):
		return m.take()
	case a.popup.open() && !a.popup.pending:
		a.waiting = true // for the choices of this text
		return nil
	case d != nil && d.Instead != "":
		m.replace(mended(d, at.cursor))
		return nil
	}
	if d == nil && !a.popup.open() && a.tally.Instead != "" && a.tally.text == at.text {
		counted := a.tally.Counted
		m.replace(change{counted, a.tally.Instead, len(a.tally.Instead) + max(at.cursor-counted.End, 0)})
		return nil
	}
	a.waiting, a.popup.asked = true, true
	return m.complete()
}

// mended writes what is meant in the place of an error, and leaves the cursor where one goes on.
func mended(d *ast.Diagnostic, cursor int) change {
	behind := len(d.Instead) + max(cursor-d.At.End, 0)
	if cursor < d.At.Start {
		behind = cursor - d.At.Start
	}
	return change{d.At, d.Instead, behind}
}

// goOn does what Tab means for choices that it had to ask for: what they have in common is written, and
// several are shown.
func (m *Model) goOn(c choices) tea.Cmd {
	a := &m.assist
	switch {
	case len(c.all) == 0 && !c.pending:
		a.popup.close()
		m.hint = cmp.Or(c.none, "nothing is known that goes on here")
		return nil
	case c.pending:
		a.popup.show(c)
		a.popup.asked = true
		return a.completing.after(m.ctx, lookAgain)
	}
	p, n, at := c.prefix()
	if n == 1 {
		a.popup.show(c)
		a.popup.at = at
		return m.take()
	}
	if len(p) > len(c.typed()) {
		m.replace(change{ast.Span{Start: c.span.Start, End: c.cursor}, p, len(p)})
		a.waiting, a.popup.asked = false, true
		return m.complete()
	}
	a.popup.show(c)
	a.popup.asked = true
	return nil
}

// back takes the mark of the popup one up, or takes back what Tab has written.
func (m *Model) back() tea.Cmd {
	a := &m.assist
	if a.popup.step(-1, popupRows(m.height)) || a.taken == nil {
		return nil
	}
	m.editor.Set(a.taken.text)
	m.editor.MoveTo(a.taken.cursor)
	a.taken = nil
	return nil
}

// hush closes the popup, for this text.
func (m *Model) hush() {
	m.assist.popup.close()
	m.assist.completing.drop()
}

// dismiss closes the popup, for the word under way.
func (m *Model) dismiss() tea.Cmd {
	a := &m.assist
	a.popup.dismissed = a.popup.open() || a.popup.dismissed
	a.popup.close()
	a.completing.drop()
	a.waiting = false
	return nil
}

// take writes the choice that is marked.
func (m *Model) take() tea.Cmd {
	p := &m.assist.popup
	if p.at < len(p.all) && p.fits(m.at()) {
		e, item := p.edit(p.all[p.at].Item), p.all[p.at].Text
		m.replace(e)
		p.close()
		m.assist.closing = ""
		if strings.HasSuffix(item, "(") && strings.HasSuffix(e.text, ")") {
			m.assist.closing = closing(m.editor.Text()[e.at.Start+len(e.text)-1:])
		}
	}
	return nil
}

// change puts text in the place of a span, and the cursor behind so many bytes of it.
type change struct {
	at     ast.Span
	text   string
	cursor int
}

// replace does a change, and remembers what was there before.
func (m *Model) replace(e change) {
	m.assist.taken = &input{m.editor.Text(), m.editor.Cursor()}
	m.editor.Replace(e.at.Start, e.at.End, e.text)
	m.editor.MoveTo(e.at.Start + e.cursor)
}

// edit is how an item is written at the cursor: a function with its brackets and the cursor between them, an
// operator or a keyword with a space behind it.
func (c *choices) edit(it lang.Item) change {
	e := change{c.span, it.Text, len(it.Text)}
	if quoted(it) && c.quoteAhead() {
		e.at.End = c.cursor
	}
	rest := c.text[e.at.End:]
	next, _ := utf8.DecodeRuneInString(rest)
	switch {
	case strings.HasSuffix(it.Text, "(") && strings.HasPrefix(rest, "("):
		e.at.End++
	case strings.HasSuffix(it.Text, "(") && !wordRune(next) && next != '"':
		e.text += ")"
		if strings.Contains(it.Type, it.Text+")") {
			e.cursor++
		}
	case (it.Kind == lang.OperatorItem || it.Kind == lang.KeywordItem) && spaced(it.Text):
		if !strings.HasPrefix(rest, " ") {
			e.text += " "
		}
		e.cursor++
	}
	return e
}

// spaced says whether another word has to follow.
func spaced(word string) bool {
	return word != "." && word != "true" && word != "false" && !strings.HasSuffix(word, "(")
}

// quoteAhead says whether the string at the cursor was just begun, so that the quote which seems to end it is the
// first of another one behind it.
func (c *choices) quoteAhead() bool {
	typed := c.typed()
	if typed == "" || typed[0] != '"' && typed[0] != '\'' {
		return false
	}
	line, _, _ := strings.Cut(c.text[c.cursor:], "\n")
	return strings.Count(line, typed[:1])%2 == 0
}

// instead is the query that an answer suggests in place of its own, "" for none.
func instead(r *record.Record) string {
	if r == nil {
		return ""
	}
	for _, n := range r.Notes {
		if n.Instead != "" {
			return n.Instead
		}
	}
	for _, n := range r.Near {
		for _, looser := range n.Loosened {
			if looser.Best {
				return looser.Query
			}
		}
	}
	return ""
}
