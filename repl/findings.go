package repl

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/parse"
	"github.com/segq/segq/repl/show"
)

// findings are what is wrong with a text that is being typed.
type findings struct {
	found ast.Diagnostics
	// settled is the text and the cursor of somebody who had paused for long when this was found out, and sure are the
	// places of what will not be right by going on there: it may be told where the cursor is.
	settled *input
	sure    []ast.Span
}

// check asks what is wrong with the text; the second time, after a longer pause, also at the cursor.
func (m *Model) check() tea.Cmd {
	b, at, again := m.backend, m.at(), m.assist.checked
	return m.assist.checking.ask(m.ctx, func(ctx context.Context) findings {
		if again {
			return findSettled(ctx, b, at)
		}
		return find(ctx, b, at)
	})
}

// found shows what is wrong.
func (m *Model) found(msg answerMsg[findings]) tea.Cmd {
	a := &m.assist
	wanted, next := a.checking.answered(m.ctx, msg)
	if !wanted {
		return next
	}
	a.findings = msg.answer
	for i, d := range a.findings.found {
		a.findings.found[i] = m.own(d, m.editor.Text())
	}
	if a.checked {
		if a.findings.sureAt(m.at()) && !a.popup.begins() {
			m.hush()
		}
		return nil
	}
	a.checked = true
	return a.checking.after(m.ctx, settlePause-checkPause)
}

// findSettled says what is wrong with a text, and what of that will not be right by going on at the cursor.
func findSettled(ctx context.Context, b Backend, at input) findings {
	f := findings{settled: &at}
	masked := input{withoutCommands(at.text), at.cursor}
	f.found = wrongWith(ctx, b, masked, func(d ast.Diagnostic) bool {
		return unfinished(d, masked.text) && !certain(ctx, b, d, masked)
	})
	for _, d := range f.found {
		if certain(ctx, b, d, masked) {
			f.sure = append(f.sure, d.At)
		}
	}
	return f
}

// find says what is wrong with a text whose end may not be written yet.
func find(ctx context.Context, b Backend, at input) findings {
	at.text = withoutCommands(at.text)
	return findings{found: wrongWith(ctx, b, at, func(d ast.Diagnostic) bool { return unfinished(d, at.text) })}
}

// wrongWith says what is wrong with a text, apart from what its form lacks because it is not finished. Of one that is
// not, only what is complete so far is checked. Queries are checked without their names: to check one with its name
// makes it known.
func wrongWith(ctx context.Context, b Backend, at input, unfinished func(ast.Diagnostic) bool) ast.Diagnostics {
	file, found := lang.Parse(at.text)
	if found.Failed() {
		if found = slices.DeleteFunc(found, unfinished); lang.CanGoOn(at.text) {
			found = nil
		}
		if len(file.Statements) == 0 && len(found) == 1 {
			if d := named(b, at.text, found[0]); d != nil {
				return ast.Diagnostics{*d}
			}
		}
		if whole, _ := lang.SoFar(at.text, at.cursor, nil); whole.Start < whole.End {
			found = append(found, shifted(b.Check(Query{Text: at.text[whole.Start:whole.End]}), whole.Start)...)
		}
	} else {
		for _, s := range file.Statements {
			q, start := expression(at.text, s)
			if ctx.Err() == nil {
				found = append(found, shifted(b.Check(Query{Text: q.Text}), start)...)
			}
		}
	}
	return slices.DeleteFunc(found, func(d ast.Diagnostic) bool {
		return d.At.Start >= d.At.End || d.At.End > len(at.text) || begun(d, at.text)
	})
}

// begun says whether a diagnostic of a name may be gone as soon as more is written: a word of the language, as in
// "occurs last", or the name of a query before it.
func begun(d ast.Diagnostic, text string) bool {
	word := text[d.At.Start:d.At.End]
	switch d.Code {
	case "unknown-segment":
		name := strings.Trim(word, `"'`)
		return strings.Contains(text[:d.At.Start], name+":") || strings.Contains(text[:d.At.Start], "`"+name+"`:")
	case "parenthesised-list": // the names of a lambda, whose arrow is not written yet
		rest := strings.TrimSpace(text[d.At.End:])
		return strings.HasSuffix(text[:d.At.Start], "(") && (rest == "" || rest == "=")
	case "unknown-field":
		tokens := lang.Tokens(word)
		return len(tokens) == 1 && (tokens[0].Kind == parse.Keyword || tokens[0].Kind == parse.Function)
	}
	return false
}

// missing says whether a diagnostic is about what has yet to be written.
func missing(d ast.Diagnostic) bool {
	return strings.HasPrefix(d.Code, "unclosed-") || slices.Contains([]string{"unexpected-end", "empty-query", "bad-label"}, d.Code)
}

// unfinished says whether a diagnostic may be gone as soon as more is written: it is about the last word, or what
// is missing.
func unfinished(d ast.Diagnostic, text string) bool {
	return missing(d) || d.At.End >= len(strings.TrimRight(text, " \t\n"))
}

// shifted moves the places of diagnostics of a part of a text to where they are in it.
func shifted(ds ast.Diagnostics, start int) ast.Diagnostics {
	out := slices.Clone(ds)
	for i := range out {
		if out[i].At != (ast.Span{}) {
			out[i].At.Start, out[i].At.End = out[i].At.Start+start, out[i].At.End+start
		}
	}
	return out
}

// follow keeps what is found outside of what has changed between two texts.
func (f *findings) follow(old, text string) {
	if len(f.found) == 0 || old == text {
		return
	}
	same := min(len(old), len(text))
	before := 0
	for before < same && old[before] == text[before] {
		before++
	}
	after := 0
	for after < same-before && old[len(old)-1-after] == text[len(text)-1-after] {
		after++
	}
	var kept ast.Diagnostics
	for _, d := range f.found {
		switch {
		case d.At.End < before || d.At.End == before && !joined(text, before) && !renames(text, before):
			kept = append(kept, d)
		case d.At.Start > len(old)-after:
			kept = append(kept, shifted(ast.Diagnostics{d}, len(text)-len(old))...)
		}
	}
	f.found = kept
}

// renames says whether what is written at a place makes another thing of the word before it: the name of a query, a
// call, or an object.
func renames(text string, at int) bool {
	return at < len(text) && strings.IndexByte(":(.", text[at]) >= 0
}

// joined says whether letters stand on both sides of a place.
func joined(text string, at int) bool {
	l, _ := utf8.DecodeLastRuneInString(text[:at])
	r, _ := utf8.DecodeRuneInString(text[at:])
	return wordRune(l) && wordRune(r)
}

// visible are the findings that may be told with the cursor where it is: none about a word that is still
// growing there, until the text has settled, nor about what a function lacks whose brackets are being filled.
func (f *findings) visible(at input, growing bool) ast.Diagnostics {
	settled := f.settled != nil && *f.settled == at
	return slices.DeleteFunc(slices.Clone(f.found), func(d ast.Diagnostic) bool {
		growing := growing && !(settled && slices.Contains(f.sure, d.At))
		if inside, empty := filling(d, at); inside && (growing || empty) {
			return true
		}
		return growing && d.At.Start < at.cursor && at.cursor <= d.At.End && !joined(at.text, at.cursor)
	})
}

// sureAt says whether what is written at the cursor will not be right.
func (f *findings) sureAt(at input) bool {
	return slices.ContainsFunc(f.sure, func(s ast.Span) bool { return s.Start < at.cursor && at.cursor <= s.End })
}

// filling says whether the cursor is inside of the brackets of a function whose arguments are wrong, and whether
// there is nothing in them yet.
func filling(d ast.Diagnostic, at input) (inside, empty bool) {
	if d.Code != "arguments" || !strings.HasPrefix(at.text[min(d.At.End, len(at.text)):], "(") {
		return false, false
	}
	_, end := lang.Bracket(at.text, d.At.End)
	if at.cursor <= d.At.End || end >= 0 && at.cursor > end {
		return false, false
	}
	if end < 0 {
		end = at.cursor
	}
	return true, strings.TrimSpace(at.text[d.At.End+1:end]) == ""
}

// shown is the one that is told in words: that at the cursor, else the first error, else the first; nil where
// there is none.
func (f *findings) shown(at input, growing bool) *ast.Diagnostic {
	var best, here *ast.Diagnostic
	for _, d := range f.visible(at, growing) {
		switch {
		case d.At.Start <= at.cursor && at.cursor <= d.At.End:
			if here == nil || d.At.End-d.At.Start < here.At.End-here.At.Start { // what is narrower says more
				here = &d
			}
		case best == nil || best.Severity != ast.Error && d.Severity == ast.Error:
			best = &d
		}
	}
	return cmp.Or(here, best)
}

// said is a finding in words, in a room: what can be done about it is left out last.
func (m *canvas) said(d *ast.Diagnostic, text string, room int) string {
	p := m.palette
	mark := red
	if d.Severity == ast.Warning {
		mark = yellow
	}
	hint, tab, short := m.sessionHint(d.Hint, text), "", ""
	if d.Instead != "" {
		tab, short = p.paint(faint, " (Tab takes it)"), p.paint(faint, " (Tab)")
	}
	message := p.paint(mark, show.OneLine(d.Message))
	if hint == "" {
		return message
	}
	hint = show.OneLine(hint)
	if s := fitting(room, message+"; "+hint+tab, hint+tab, hint+short); s != "" {
		return s
	}
	return show.Fit(hint, room-show.Cells(short)) + short
}

// named says of words in a row which field is meant by them, as it is said when they are entered; nil where it is none.
func named(b Backend, text string, found ast.Diagnostic) *ast.Diagnostic {
	if found.Code != "two-queries" && found.Code != "unexpected-token" {
		return nil
	}
	for _, d := range b.Check(Query{Text: text}) {
		if d.Code == found.Code && d.Instead != "" && d.At.Start < found.At.Start && found.At.End <= d.At.End {
			return &d
		}
	}
	return nil
}
