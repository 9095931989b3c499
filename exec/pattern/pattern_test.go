package pattern_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/segq/segq/exec/pattern"
)

func TestLiteral(t *testing.T) {
	for expression, want := range map[string]string{
		`^u[0-9]*7@ex1[0-9]\.com$`: "7@ex1", `abc`: "abc", `a|b`: "", `(foo)+bar`: "foo", `(?i)abc`: "", `x?yz`: "yz", `.*`: "", `(`: "",
	} {
		if got := pattern.Literal(expression); got != want {
			t.Errorf("every match of %s contains %q, not %q", expression, want, got)
		}
	}
}

// What a regular expression matches contains its literal.
func FuzzLiteral(f *testing.F) {
	f.Add(`^a(b|c)d+$`, "abd")
	f.Add(`x{2,3}y`, "xxy")
	f.Add("\ufffdab", "\xffab")
	f.Fuzz(func(t *testing.T, expression, text string) {
		re, err := regexp.Compile(expression)
		if err != nil {
			return
		}
		if literal := pattern.Literal(expression); re.MatchString(text) && !strings.Contains(text, literal) {
			t.Errorf("%q matches %q, which does not contain %q", expression, text, literal)
		}
	})
}

func TestLike(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"%", "", true}, {"_", "", false}, {"a%c", "abbc", true}, {"a%c", "abb", false}, {`50\%`, "50%", true}, {`50\%`, "500", false},
		{"_ß", "aß", true}, {"%a%b%", "xxaxxbxx", true}, {"%a%b%", "xxbxxaxx", false},
	} {
		if got := pattern.ParseLike(test.pattern).Match(test.text); got != test.want {
			t.Errorf("%q like %q is %t", test.text, test.pattern, got)
		}
	}
}

func TestFoldIsEqualFold(t *testing.T) {
	for _, pair := range [][2]string{{"Kelvin K", "KELVIN \u212a"}, {"straße", "STRASSE"}, {"ΣΑΣ", "σας"}, {"a", "b"}} {
		if got, want := pattern.Fold(pair[0]) == pattern.Fold(pair[1]), strings.EqualFold(pair[0], pair[1]); got != want {
			t.Errorf("%q and %q are folded alike: %t", pair[0], pair[1], got)
		}
	}
}

func TestLikeAffix(t *testing.T) {
	for _, test := range []struct {
		like, text        string
		before, after, ok bool
		literal           string
	}{
		{"ab", "ab", false, false, true, "ab"}, {"ab%", "ab", false, true, true, "ab"}, {"%ab", "ab", true, false, true, "ab"},
		{"%ab%", "ab", true, true, true, "ab"}, {"%", "", true, false, true, ""}, {"", "", false, false, true, ""}, {`a\%%`, "a%", false, true, true, "a%"},
		{"a%bcd_e", "", false, false, false, "bcd"}, {"_", "", false, false, false, ""}, {"%%a", "", false, false, false, "a"},
		{"\ufffdab%c", "", false, false, false, "c"},
	} {
		p := pattern.ParseLike(test.like)
		text, before, after, ok := p.Affix()
		if text != test.text || before != test.before || after != test.after || ok != test.ok {
			t.Errorf("%q: %q %t %t %t", test.like, text, before, after, ok)
		}
		if got := p.Literal(); got != test.literal {
			t.Errorf("%q contains %q, want %q", test.like, got, test.literal)
		}
	}
}
