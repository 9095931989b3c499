package eval_test

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segq/segq/lang/check"
)

// letters has the runes whose folding is odd: K and the Kelvin sign, s and the
// long s, the sharp s and its capital, the three sigmas, the dotted I.
var letters = []rune("aAkK\u212aſsSßẞσςΣiIİıéÉ_%\\.日")

func words(t *rapid.T, name string) string {
	return rapid.StringOfN(rapid.SampledFrom(letters), 0, 6, -1).Draw(t, name)
}

func TestFoldingIsThatOfEqualFold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := words(t, "x"), words(t, "y")
		test := func(op check.Op) bool {
			n := call(check.BoolType, op, constant(x), constant(y))
			n.Fold = true
			return value(t, n).Bool()
		}
		rx, ry := []rune(x), []rune(y)
		prefix := len(rx) >= len(ry) && strings.EqualFold(string(rx[:len(ry)]), y)
		suffix := len(rx) >= len(ry) && strings.EqualFold(string(rx[len(rx)-len(ry):]), y)
		inside := false
		for i := 0; i+len(ry) <= len(rx); i++ {
			inside = inside || strings.EqualFold(string(rx[i:i+len(ry)]), y)
		}
		for _, c := range []struct {
			op, not check.Op
			want    bool
		}{
			{check.Equals, check.NotEquals, strings.EqualFold(x, y)},
			{check.StartsWith, check.NotStartsWith, prefix},
			{check.EndsWith, check.NotEndsWith, suffix},
			{check.Contains, check.NotContains, inside},
		} {
			if got := test(c.op); got != c.want {
				t.Errorf("operation %d on %q and %q: %v, want %v", c.op, x, y, got, c.want)
			}
			if test(c.not) == c.want {
				t.Errorf("operation %d on %q and %q is not the opposite", c.not, x, y)
			}
		}
	})
}

// likeRegexp translates a pattern rune by rune, which the evaluator does not.
func likeRegexp(pattern string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`(?s)\A`)
	runes := []rune(pattern)
	for i := 0; i < len(runes); i++ {
		switch r := runes[i]; {
		case r == '%':
			b.WriteString(`.*`)
		case r == '_':
			b.WriteString(`.`)
		case r == '\\' && i+1 < len(runes):
			i++
			b.WriteString(regexp.QuoteMeta(string(runes[i])))
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	return regexp.MustCompile(b.String() + `\z`)
}

func TestLike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		few := rapid.SampledFrom([]rune(`ab%_\é`))
		s := rapid.StringOfN(few, 0, 8, -1).Draw(t, "s")
		pattern := rapid.StringOfN(few, 0, 8, -1).Draw(t, "pattern")
		n := call(check.BoolType, check.Like, constant(s), constant(pattern))
		if got, want := value(t, n).Bool(), likeRegexp(pattern).MatchString(s); got != want {
			t.Errorf("%q like %q: %v, want %v", s, pattern, got, want)
		}
	})
}
