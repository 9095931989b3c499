package repl

import (
	"context"
	"math"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
)

// choice is one way to go on, with what it is beside it.
type choice struct {
	lang.Item
	label, kind, number, doc string
}

// choices are the ways to go on at the cursor of a text. Taking one replaces span.
type choices struct {
	input
	span    ast.Span
	all     []choice
	note    string
	none    string // why there are no choices
	more    int    // that are not among them
	pending bool
	// label, kind and number are the widths of the columns, doc that of the longest text about one.
	label, kind, number, doc int
}

// complete asks what can stand at the cursor. The commands of the session are known here.
func (m *Model) complete() tea.Cmd {
	at := m.at()
	if startsCommand(at.text) {
		span, items := m.completeCommand(at)
		c := layOut(Completion{Completion: lang.Completion{Span: span, Items: items}}, at, nil)
		m.assist.completing.drop()
		return m.offered(c)
	}
	b := m.backend
	return m.assist.completing.ask(m.ctx, func(ctx context.Context) choices {
		return layOut(b.Complete(ctx, at.text, at.cursor), at, b.Schema())
	})
}

// completed shows what can stand at the cursor, if it is still wanted there.
func (m *Model) completed(msg answerMsg[choices]) tea.Cmd {
	wanted, next := m.assist.completing.answered(m.ctx, msg)
	if !wanted {
		return next
	}
	return m.offered(msg.answer)
}

// offered opens the popup with choices, or does what Tab had waited for them to do. What is still on its
// way is asked for again.
func (m *Model) offered(c choices) tea.Cmd {
	a := &m.assist
	waited := a.waiting
	a.waiting = false
	switch late := c.pending && a.unanswered(c.input); {
	case late && len(c.all) == 0:
		a.popup.close()
		a.aside = aside{c.input, "nobody says yet which values this field has"}
		return a.completing.after(m.ctx, lookLater)
	case waited && a.popup.open() && !c.pending:
		a.popup.show(c)
		return m.take()
	case waited:
		return m.goOn(c)
	case !a.popup.asked && (!c.begun() || a.popup.dismissed && a.popup.span.Start == c.span.Start):
		a.popup.close()
		a.aside = aside{c.input, c.none}
		return nil
	}
	a.popup.dismissed = false
	a.popup.show(c)
	if c.pending {
		return a.completing.after(m.ctx, lookAgain)
	}
	return nil
}

// unanswered says whether the choices for a text are on their way for too long to be waited for.
func (a *assist) unanswered(at input) bool {
	now := time.Now()
	if a.pending.at != at {
		a.pending.at, a.pending.since = at, now
	}
	return now.Sub(a.pending.since) >= lookFor
}

// begun says whether the text begins something that one of the choices ends: where nothing is written yet, or a
// word is whole, a popup would be in the way.
func (c *choices) begun() bool {
	typed := c.typed()
	if typed == "" && !strings.HasSuffix(c.text[:c.cursor], ".") {
		return false
	}
	return len(c.all) > 1 || c.pending || len(c.all) == 1 && c.all[0].Text != typed
}

// typed is what is written of the word at the cursor.
func (c *choices) typed() string { return c.text[c.span.Start:c.cursor] }

// layOut makes choices of what can stand at the cursor of a text: what is shown of each, and how wide it is.
func layOut(found Completion, at input, fields []Field) choices {
	c := choices{input: at, span: found.Span, note: show.Clean(found.Note), none: show.Clean(found.None), more: max(found.More, 0), pending: found.Pending}
	if found.Span.Start > at.cursor || found.Span.End < at.cursor || found.Span.End > len(at.text) {
		c.span = ast.Span{Start: at.cursor, End: at.cursor}
		return c
	}
	byPath := map[string]*Field{}
	for i := range fields {
		byPath[fields[i].Path] = &fields[i]
	}
	c.all = make([]choice, len(found.Items))
	for i, it := range found.Items {
		c.all[i] = newChoice(it, byPath[it.Path])
		c.doc = max(c.doc, show.Cells(c.all[i].doc))
		c.label = max(c.label, show.Cells(c.all[i].label))
		c.kind = max(c.kind, show.Cells(c.all[i].kind))
		c.number = max(c.number, show.Cells(c.all[i].number))
	}
	return c
}

// newChoice says what an item is; f is the field, nil where it is none that the schema has.
func newChoice(it lang.Item, f *Field) choice {
	c := choice{Item: it, label: show.Clean(it.Text), kind: string(it.Kind), doc: show.Clean(it.Doc)}
	switch it.Kind {
	case lang.FieldItem:
		c.kind = show.Clean(it.Type)
		if f != nil && f.Filled >= 0 {
			c.number = filled(f.Filled)
		}
		if f != nil && f.Doc != "" {
			c.doc = show.Clean(f.Doc)
		}
	case lang.FunctionItem:
		c.label, c.kind = form(it)
	case lang.ValueItem:
		c.kind = ""
	case lang.UnitItem, lang.TimeItem:
		c.kind = "time"
	default:
		if it.Type != "" || it.Kind == commandItem {
			c.kind = show.Clean(it.Type)
		}
	}
	if quoted(it) {
		c.label = strings.TrimSuffix(strings.TrimPrefix(c.label, `"`), `"`)
	}
	if it.Count > 0 {
		c.number = show.Count(it.Count)
	}
	return c
}

// quoted says whether an item is a text in quotes.
func quoted(it lang.Item) bool { return strings.HasPrefix(it.Text, `"`) }

// form is how a function is written, without what stands before its dot, and the type that it has.
func form(it lang.Item) (call, gives string) {
	i := strings.Index(it.Type, it.Text)
	end := strings.LastIndexByte(it.Type, ')') + 1
	if i < 0 || end <= i {
		return show.Clean(it.Text), string(it.Kind)
	}
	return show.Clean(it.Type[i:end]), show.Clean(strings.TrimSpace(it.Type[end:]))
}

// fit is the label in so many cells: of a path the end is what tells it from others.
func (c *choice) fit(width int) string {
	over := show.Cells(c.label) - width
	if over > 0 && (c.Kind == lang.FieldItem || c.Kind == commandItem) {
		return ansi.TruncateLeft(c.label, over+1, "…")
	}
	return show.Fit(c.label, width)
}

// filled writes the share of profiles that have a field in whole percent: what is neither none nor all
// is never shown as such.
func filled(share float64) string {
	switch {
	case share > 0 && share < 0.01:
		return "<1 %"
	case share > 0.99 && share < 1:
		return "99 %"
	}
	return strconv.Itoa(int(math.Round(share*100))) + " %"
}

// prefix is what the choices have in common that begin as the word at the cursor, how many these are, and where
// the first of them is. Where there is but one choice, it is that.
func (c *choices) prefix() (common string, n, first int) {
	if len(c.all) == 1 {
		return c.all[0].Text, 1, 0
	}
	for i, it := range c.all {
		if !strings.HasPrefix(it.Text, c.typed()) {
			continue
		}
		if n++; n == 1 {
			common, first = it.Text, i
		}
		for !strings.HasPrefix(it.Text, common) {
			common = common[:len(common)-1]
		}
	}
	return common, n, first
}
