package completion

import (
	"strings"
	"unicode/utf8"

	"github.com/segq/segq/repl/show"
)

// Line is a command line of bash up to the cursor. Bash hands lines over as they were typed, quotes
// and all, and expects texts in return for the part that readline takes for the word.
type Line struct {
	// Words are the words without their quotes; the last of them, which may be empty, is the one
	// that is being typed.
	Words []string
	// quote is the quote that is open, 0 for none.
	quote byte
	// before is what of the last word is before the part that readline replaces, and part that
	// part as it was typed.
	before, part string
}

// Split reads a line as bash does; breaks are the characters at which readline begins a word. What
// bash would run or look up stays as it is.
func Split(text, breaks string) Line {
	var l Line
	var word strings.Builder
	started, start, before := false, len(text), ""
	from := func(at int) { start, before = at, word.String() }
	for i := 0; i < len(text); i++ {
		c := text[i]
		if !started && !(l.quote == 0 && isBlank(c)) {
			started = true
			from(i)
		}
		switch {
		case l.quote == '\'' && c == '\'' || l.quote == '"' && c == '"':
			l.quote = 0
			from(i + 1)
		case l.quote == '\'':
			word.WriteByte(c)
		case c == '\\' && i+1 < len(text) && (l.quote == 0 || strings.IndexByte("$`\"\\\n", text[i+1]) >= 0):
			i++
			word.WriteByte(text[i])
		case l.quote == '"':
			word.WriteByte(c)
		case c == '\'' || c == '"':
			l.quote = c
			from(i + 1)
		case isBlank(c):
			if started {
				l.Words = append(l.Words, word.String())
			}
			word.Reset()
			started = false
			from(len(text))
		default:
			word.WriteByte(c)
			if strings.IndexByte(breaks, c) >= 0 {
				from(i + 1)
			}
		}
	}
	l.Words = append(l.Words, word.String())
	if start > len(text) {
		start = len(text)
	}
	l.before, l.part = before, text[start:]
	return l
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' }

// Replies returns what bash is to be told: texts for the part that readline replaces. One text is
// inserted, and of several what they have in common. Where that is nothing new they are shown, with
// what is to say about them, in lines of so many cells at most. more says that after a text
// something is going to follow in the same word.
func (l Line) Replies(found []Candidate, more bool, width int) []string {
	var texts []string
	for _, c := range found {
		rest, ok := strings.CutPrefix(c.Text, l.before)
		if !ok {
			continue
		}
		text := l.quoted(rest)
		if l.quote == 0 && !more && !strings.HasSuffix(text, "/") && !strings.HasSuffix(text, "=") {
			text += " "
		}
		texts = append(texts, text)
	}
	switch {
	case len(texts) == 0:
		return nil
	case len(texts) == 1 && l.quote != 0 && more:
		return []string{texts[0], texts[0] + " "} // of one alone, readline closes the quote
	case len(texts) == 1:
		return texts
	}
	if common := commonStart(texts); common != l.part && len(common) >= len(l.part) {
		return texts
	}
	return shown(found, width)
}

// quoted returns a text as it is written where the cursor is.
func (l Line) quoted(text string) string {
	switch l.quote {
	case '\'':
		return strings.ReplaceAll(text, "'", `'\''`)
	case '"':
		return escaped(text, "$`\"\\")
	}
	return escaped(text, " \t\n|&;<>()$`\\\"'*?[]#~!{}")
}

func escaped(text, special string) string {
	var b strings.Builder
	for i := range len(text) {
		if strings.IndexByte(special, text[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// commonStart returns what all texts begin with.
func commonStart(texts []string) string {
	common := texts[0]
	for _, t := range texts[1:] {
		for !strings.HasPrefix(t, common) {
			_, n := utf8.DecodeLastRuneInString(common)
			common = common[:len(common)-n]
		}
	}
	return common
}

// wordStart returns where the last word of a query begins, of which a text in quotes is one.
func wordStart(text string) int {
	start, inside := 0, false
	for i := range len(text) {
		if text[i] == '"' {
			inside = !inside
		} else if !inside && strings.IndexByte(" .([{,=^", text[i]) >= 0 {
			start = i + 1
		}
	}
	return start
}

// shown returns lines for people, which have no beginning in common that readline would insert: an
// empty one sees to that.
func shown(found []Candidate, width int) []string {
	texts := make([]string, len(found))
	for i, c := range found {
		texts[i] = c.Text
	}
	cut := len(commonStart(texts))
	cut = wordStart(texts[0][:cut])
	wide := 0
	for i := range texts {
		texts[i] = show.Clean(texts[i][cut:])
		wide = max(wide, min(show.Cells(texts[i]), 40))
	}
	lines := []string{" "}
	for i, text := range texts {
		if about := found[i].About; about != "" {
			text += strings.Repeat(" ", max(wide-show.Cells(text), 0)) + "  " + show.OneLine(about)
		}
		lines = append(lines, show.Fit(text, width))
	}
	return lines
}
