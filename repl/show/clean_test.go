package show

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// What is joined and what is chosen stays, where it hides nothing.
func TestCleanKeepsWhatIsSeen(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"東京", "e\u0301", "👍🏽", "👨‍👩‍👧", "❤️", "🏳️‍🌈", "🧑🏽‍🚀", "🇨🇦", "1\ufe0f\u20e3", "葛\U000e0100城", "क्षि", "עברית", "العربية", "한", "©\ufe0f",
	} {
		if got := Clean(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
	for s, want := range map[string]string{
		"a\u00adb": `a\u00adb`, "a\u3164b": `a\u3164b`, "\ufe0fa": `\ufe0fa`, "😀\ufe0f\U000e0100": "😀\ufe0f" + `\ue0100`,
		"a\u200db": `a\u200db`, "\u2067a\u2069": `\u2067a\u2069`, "a\U000e0041": `a\ue0041`, "a\ufff9b": `a\ufff9b`, "\x9b2J": `�2J`, "\u009b2J": `\u009b2J`,
	} {
		if got := Clean(s); got != want {
			t.Errorf("%q became %q, not %q", s, got, want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{
		"plain", "a\x1b[2Jb", "\x1b]52;c;aGk=\a", "\u202etxt", "👨‍👩‍👧", "❤️\ufe0f", "😀\u200d😀", "\u2066a\u2069", "\xff\xfe", "a\r\nb\tc", "葛\U000e0100", "\x9b31m", "e\u0301\u0301", "\U000e0041",
	} {
		f.Add(s, 10)
	}
	f.Fuzz(func(t *testing.T, s string, width int) {
		clean := Clean(s)
		if !utf8.ValidString(clean) || Clean(clean) != clean {
			t.Fatalf("%q became %q, and that %q", s, clean, Clean(clean))
		}
		for _, r := range clean {
			if r < ' ' || r >= 0x7f && r <= 0x9f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200b || r == 0xfeff {
				t.Fatalf("%q became %q", s, clean)
			}
		}
		if stripped := ansi.Strip(clean); stripped != clean {
			t.Fatalf("a terminal takes %q of %q", clean, s)
		}
		width = 1 + (width%200+200)%200
		if got := Fit(clean, width); Cells(got) > width {
			t.Fatalf("%q takes %d cells of %d", got, Cells(got), width)
		}
		if got := OneLine(s); strings.ContainsAny(got, "\n\r\t\x1b") {
			t.Fatalf("%q is no line", got)
		}
		for _, line := range CleanLines(s) {
			if Clean(line) != line {
				t.Fatalf("%q is not clean", line)
			}
		}
	})
}
