package show

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// unsafeRune says whether r could move the cursor, change the terminal's state
// or reorder or hide its neighbours: C0, DEL and C1 controls, bidirectional
// overrides and isolates, zero-width characters and tag characters, and what else nobody sees: fillers, marks of
// music and of annotations.
func unsafeRune(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r <= 0x9f, r == 0xad, r == 0x34f:
		return true
	case r == 0x115f, r == 0x1160, r == 0x3164, r == 0xffa0, r == 0x17b4, r == 0x17b5, r >= 0x180b && r <= 0x180f:
		return true
	case r >= 0xfff0 && r <= 0xfffb, r >= 0x1bca0 && r <= 0x1bca3, r >= 0x1d173 && r <= 0x1d17a:
		return true
	case r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e:
		return true
	case r >= 0x2060 && r <= 0x206f, r == 0xfeff, r == 0x061c:
		return true
	}
	return r >= 0xe0000 && r <= 0xe0fff
}

// selects says whether r chooses among the forms of the character before it, as of an emoji or of a kanji in a name.
func selects(r rune) bool { return r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef }

// allowed says whether a rune at s[i] is safe for what stands beside it: a joiner between emoji, and one selector
// behind a character that is seen.
func allowed(s string, i int, r rune) bool {
	switch {
	case r == joiner:
		return joins(s, i)
	case selects(r):
		last, _ := utf8.DecodeLastRuneInString(s[:i])
		return i > 0 && !selects(last) && !unsafeRune(last) && last != ' '
	}
	return !unsafeRune(r)
}

// joiner makes one picture of the emoji beside it.
const joiner = '\u200d'

// joins says whether the joiner at s[i] is between emoji, where it hides nothing.
func joins(s string, i int) bool {
	last, _ := utf8.DecodeLastRuneInString(strings.TrimSuffix(s[:i], "\ufe0f"))
	next, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(joiner):])
	return pictured(last) && pictured(next)
}

// pictured says whether r is in the blocks of arrows, symbols and pictures, where all emoji are that
// can be joined.
func pictured(r rune) bool { return r >= 0x2190 && r <= 0x2bff || r >= 0x1f000 && r <= 0x1faff }

// Clean makes s fit to be shown in one line: unsafe characters become visible
// escapes such as \u001b, invalid UTF-8 becomes U+FFFD. Nothing is dropped.
func Clean(s string) string {
	if ascii(s) {
		return s
	}
	safe := utf8.ValidString(s)
	for i := 0; safe && i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		safe = allowed(s, i, r)
		i += n
	}
	if safe {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case allowed(s, i, r):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// CleanLines cleans each line of s and keeps the line ends. Tabs become four
// spaces.
func CleanLines(s string) []string {
	lines := strings.Split(strings.TrimRight(s, "\n"), "\n")
	for i, l := range lines {
		lines[i] = Clean(strings.ReplaceAll(strings.TrimSuffix(l, "\r"), "\t", "    "))
	}
	return lines
}

// OneLine returns a query in one clean line: a line end and the indentation
// around it become one space.
func OneLine(s string) string {
	lines := strings.Split(s, "\n")
	kept := lines[:0]
	for _, l := range lines {
		if l = strings.TrimSpace(l); l != "" {
			kept = append(kept, Clean(l))
		}
	}
	return strings.Join(kept, " ")
}

// Fit shortens s to width cells, ending in … where something was left out.
// Colour codes are kept and do not count.
func Fit(s string, width int) string {
	if atMost(s, width) {
		return s
	}
	for cells := max(width, 1); ; cells-- { // Truncate counts 0 and a selector behind it apart
		if cut := ansi.Truncate(s, cells, "…"); cells == 1 || Cells(cut) <= width {
			return cut
		}
	}
}

// atMost says whether a text is sure to take no more than width cells: a character takes no more cells than
// it has bytes.
func atMost(s string, width int) bool {
	bytes, code := 0, false
	for i := range len(s) {
		switch c := s[i]; {
		case c == '\x1b' && i+1 < len(s) && s[i+1] == '[':
			code = true
		case code:
			code = c < 'A' || c == '['
		default:
			if bytes++; bytes > width {
				return false
			}
		}
	}
	return true
}

// Cells is the number of terminal cells that s takes. Colour codes take none.
func Cells(s string) int {
	if ascii(s) {
		return len(s)
	}
	return ansi.StringWidth(s)
}

// disputed says whether terminals differ in how wide they show s: characters that are put together, and pictures.
func disputed(s string) bool {
	for _, r := range s {
		if r >= 0x300 && (r >= 0x1f000 || r >= 0x1100 && r <= 0x11ff || unicode.In(r, unicode.M, unicode.Cf)) {
			return true
		}
	}
	return false
}

// most is how many cells a text takes on terminals that put nothing together.
func most(s string) (n int) {
	for _, r := range s {
		if n += ansi.StringWidth(string(r)); unicode.Is(unicode.Mc, r) {
			n++
		}
	}
	return n
}

// ascii says whether s has nothing but printable ASCII, as most texts: each byte is one cell.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
