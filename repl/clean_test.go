package repl

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain — text, 日本 é":   "plain — text, 日本 é",
		"\x1b]0;title\x07":     `\u001b]0;title\u0007`,
		"a\u009b31mb":          `a\u009b31mb`,
		"x\u202ey\u2066z":      `x\u202ey\u2066z`,
		"\ufeff\u200b\u2060":   `\ufeff\u200b\u2060`,
		"tag\U000e0041":        `tag\ue0041`,
		"two\nlines\tand\x7f":  `two\nlines\tand\u007f`,
		"broken \xff\xfe utf8": "broken \ufffd\ufffd utf8",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
}

// Nothing that a terminal could obey passes; unicode's own tables are the judge.
func TestCleanLeavesNoControl(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, r := range clean(rapid.String().Draw(t, "s")) {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Fatalf("%U passed", r)
			}
		}
	})
}

func TestOneLine(t *testing.T) {
	if got := oneLine("a = 1\n  and b = \"x  y\"\n"); got != `a = 1 and b = "x  y"` {
		t.Errorf("got %q", got)
	}
	if got := strings.Join(cleanLines("a\r\n\tb\n"), "|"); got != "a|    b" {
		t.Errorf("got %q", got)
	}
}

func TestNumbers(t *testing.T) {
	for got, want := range map[string]string{
		count(0): "0", count(999): "999", count(-1234567): "-1,234,567", count(1000): "1,000",
		short(999): "999", short(2_100_000): "2.1M", short(999_999): "999k", short(1.5e9): "1.5G",
		share(0, 5): "0.00 %", share(1, 1_000_000): "<0.01 %", share(999_999, 1_000_000): ">99.99 %", share(5, 5): "100.00 %", share(1, 0): "– %",
		rounded(253_712, 1_432): "253,700", rounded(253_712, 3): "253,712", number(41.25): "41.25", number(82458750): "82,458,750",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
