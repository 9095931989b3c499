package show

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"plain — text, 日本 é":  "plain — text, 日本 é",
		"\x1b]0;title\x07":    `\u001b]0;title\u0007`,
		"a\u009b31mb":         `a\u009b31mb`,
		"x\u202ey\u2066z":     `x\u202ey\u2066z`,
		"\ufeff\u200b\u2060":  `\ufeff\u200b\u2060`,
		"tag\U000e0041":       `tag\ue0041`,
		"two\nlines\tand\x7f": `two\nlines\tand\u007f`,
		"👩\u200d👩\u200d👧 👩🏽\u200d💻 ❤️\u200d🔥": "👩\u200d👩\u200d👧 👩🏽\u200d💻 ❤️\u200d🔥",
		"a\u200db 👩\u200d \u200d👩":            `a\u200db 👩\u200d \u200d👩`,
		"broken \xff\xfe utf8":                "broken \ufffd\ufffd utf8",
	} {
		if got := Clean(in); got != want {
			t.Errorf("Clean(%q) = %q, want %q", in, got, want)
		}
	}
}

// Nothing that a terminal could obey passes; unicode's own tables are the judge.
func TestCleanLeavesNoControl(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, r := range Clean(rapid.String().Draw(t, "s")) {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
				t.Fatalf("%U passed", r)
			}
		}
	})
}

func TestOneLine(t *testing.T) {
	if got := OneLine("a = 1\n  and b = \"x  y\"\n"); got != `a = 1 and b = "x  y"` {
		t.Errorf("got %q", got)
	}
	if got := strings.Join(CleanLines("a\r\n\tb\n"), "|"); got != "a|    b" {
		t.Errorf("got %q", got)
	}
}

func TestNumbers(t *testing.T) {
	for got, want := range map[string]string{
		Count(0): "0", Count(999): "999", Count(-1234567): "-1,234,567", Count(1000): "1,000",
		Short(999): "999", Short(2_100_000): "2.1M", Short(999_999): "999k", Short(1.5e9): "1.5G",
		Share(0, 5): "0.00 %", Share(1, 1_000_000): "<0.01 %", Share(999_999, 1_000_000): ">99.99 %", Share(5, 5): "100.00 %", Share(1, 0): "– %",
		Rounded(253_712, 1_432): "253,700", Rounded(253_712, 3): "253,712", Number(41.25): "41.25", Number(-0.5): "-0.5", Number(771286.03): "771,286.03", Number(395.7342381221): "395.7342381", Number(9999999999.99): "10,000,000,000", Number(1e-9): "1e-09", Number(9007199254740993): "9,007,199,254,740,992", Number(-9223372036854774784): "-9,223,372,036,854,774,784", Number(1e19): "1e+19", Number(123456789012345.75): "123,456,789,012,346", Number(-12345678901.5): "-12,345,678,902", Number(82458750): "82,458,750",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
