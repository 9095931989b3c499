package lang_test

import (
	"testing"

	"github.com/segq/segq/lang"
)

// TestForeignConditions: what is written as other languages have it is written out as PQL has it.
func TestForeignConditions(t *testing.T) {
	for text, want := range map[string]string{
		`homeAddress.city contains "San"`:           `homeAddress.city.contains("San")`,
		`a = 1 and (b.c startswith 'x' or d = 2)`:   `a = 1 and (b.c.startsWith('x') or d = 2)`,
		`a contains("x")`:                           `a.contains("x")`,
		`loyalty.tier is null`:                      `loyalty.tier.isNull()`,
		`a = 1 and loyalty.tier IS NOT NULL`:        `a = 1 and loyalty.tier.isNotNull()`,
		`tier is "gold"`:                            `tier = "gold"`,
		`xEvent.count() between 3 and 5`:            `xEvent.count() >= 3 and xEvent.count() <= 5`,
		`(points between 3 and -5)`:                 `(points >= 3 and points <= -5)`,
		`day between "2025-01-01" and "2025-02-01"`: `day occurs between "2025-01-01" and "2025-02-01"`,
		`not points between 3 and 5`:                `not (points >= 3 and points <= 5)`,
		`!points between 3 and 5`:                   `!(points >= 3 and points <= 5)`,
		`a = 1 or points between 3 and 5 and b`:     `a = 1 or points >= 3 and points <= 5 and b`,
		`not city contains "x"`:                     `not city.contains("x")`,
		`select * from x where tier = "gold";`:      `tier = "gold"`,
		`city in ("a", "b c")`:                      `city in ["a", "b c"]`,
	} {
		_, found := lang.Query(text)
		if len(found) != 1 || found[0].Instead == "" {
			t.Errorf("%s: %+v", text, found)
			continue
		}
		d := found[0]
		if got := text[:d.At.Start] + d.Instead + text[d.At.End:]; got != want || d.Hint != "write "+d.Instead {
			t.Errorf("%s: %s, hint %s", text, got, d.Hint)
		}
		if _, found := lang.Query(want); found.Failed() {
			t.Errorf("%s: %v", want, found)
		}
	}
	for _, text := range []string{`contains "x"`, `a is`, `a between 3`, `"x" contains "y"`, `a contains`, `a + b between 3 and 5`, `-b between 3 and 5`, `b between 3 and 5 + 1`, `a + b contains "x"`,
		`a = b is null`} {
		if _, found := lang.Query(text); !found.Failed() || found[0].Instead != "" {
			t.Errorf("%s: %+v", text, found)
		}
	}
}
