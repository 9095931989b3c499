package show

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// unsafeRune says whether r could move the cursor, change the terminal's state
// or reorder or hide its neighbours: C0, DEL and C1 controls, bidirectional
// overrides and isolates, zero-width characters and tag characters.
func unsafeRune(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r <= 0x9f:
		return true
	case r >= 0x200b && r <= 0x200f, r >= 0x2028 && r <= 0x202e:
		return true
	case r >= 0x2060 && r <= 0x206f, r == 0xfeff, r == 0x061c:
		return true
	}
	return r >= 0xe0000 && r <= 0xe007f
}

// joiner makes one picture of the emoji beside it.
const joiner = '\u200d'

// joins says whether the joiner at s[i] is between emoji, where it hides nothing.
func joins(s string, i int) bool {
	before := strings.TrimRightFunc(s[:i], func(r rune) bool { return r == 0xfe0f || r >= 0x1f3fb && r <= 0x1f3ff })
	last, _ := utf8.DecodeLastRuneInString(before)
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
		safe = !unsafeRune(r) || r == joiner && joins(s, i)
		i += n
	}
	if safe {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == joiner && joins(s, i):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unsafeRune(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
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
	return ansi.Truncate(s, max(width, 1), "…")
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

// ascii says whether s has nothing but printable ASCII, as most texts: each byte is one cell.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
