package parse_test

import (
	"os"
	"strings"
	"testing"

	"github.com/segq/segq/lang/parse"
)

// TestBeginningsCanGoOn types queries that were published, and all forms that are known only by what follows.
func TestBeginningsCanGoOn(t *testing.T) {
	data, err := os.ReadFile("testdata/corpus.txt")
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for line := range strings.Lines(string(data)) {
		if q, _, ok := strings.Cut(line, "\t"); ok && !strings.HasPrefix(q, "#") {
			texts = append(texts, q)
		}
	}
	for _, text := range append(texts,
		`exists A from xEvent, B from xEvent where A.x = B.x`,
		`exists A from xEvent where A.x = 1 , B from xEvent : A.x = B.x`,
		"gold: loyalty.tier = \"gold\"; rich: `loyalty`.points > 1.5e3\n`high-value`: inSegment(\"gold\") // and that is it\n",
		`chain(xEvent, timestamp, [A: WHAT(a = 1) WHEN(<= 3 days before now) COUNT(3), B: WHERE(b = 1) WHAT(c)])`,
		`scores.map((K, G) => mapEntry(K, G + .5)) = {"a": 1, b: @{_x.y;version=1}} and @name != "it\"s \\"`,
		`let A = age + 3 in A != -5 and !member or $1.x = /* a comment */ ^^.a.b AND c >= 2E-12`,
		`sum X.price over X from xEvent, Y from X.items > 10 and t occurs between last century and next millennium`,
		`average X from xEvent > 1 and t occurs >= 2 centuries after today and not (a notIn ["x", 'y'] or b like "%")`,
		`t occurs on this quarter and forall X from xEvent where X.a matches "a.*"`,
	) {
		for end := range len(text) + 1 {
			if !parse.CanGoOn(text[:end]) {
				t.Errorf("%s|", text[:end])
			}
		}
	}
}

// TestCannotGoOn has texts that no more text at their end makes right.
func TestCannotGoOn(t *testing.T) {
	for _, text := range []string{
		`loyalty.points > 1,000`, `loyalty.points > 1,`, `loyalty.points > 10 loyalty`, `a = 1 and b.count() > 3 then`, `a = 1 and and b > 10`,
		`a = 1 and and `, `a == 1`, `a = 1)`, `a = 1 and (b = 2]`, `a & b`, `x is`, `x is null`, `a = null`, `a = null `, `a = 1 = 2`, `age > 7days`, `a = "x"y`, "a = \"x\nb",
		`a = 1 b`, `a ; b c ; d`, `a = 1; b = = 2; c = `, `exists A in xEvent`, `exists A from xEvent, B in`, `t occurs <= 3 dayz`, `a = “x”`, `select * from `,
		`(a = 1 b`, `a not i `, `A.b contains "x`, `a = 1 :`,
	} {
		if parse.CanGoOn(text) {
			t.Errorf("%s", text)
		}
	}
}
