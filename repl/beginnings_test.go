package repl

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
)

// lenient is a backend that knows all fields.
type lenient struct{ Backend }

func (lenient) Check(Query) ast.Diagnostics                      { return nil }
func (lenient) Complete(context.Context, string, int) Completion { return Completion{} }

// TestBeginningsAreNotWrong types the queries that were published, and forms that are known only by what follows: no
// beginning of any is wrong, after no pause.
func TestBeginningsAreNotWrong(t *testing.T) {
	data, err := os.ReadFile("../lang/parse/testdata/corpus.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		if q, _, ok := strings.Cut(line, "\t"); ok && !strings.HasPrefix(q, "#") {
			undisturbed(t, lenient{}, q)
		}
	}
	undisturbed(t, lenient{}, `gold: loyalty.tier = "gold"; rich: inSegment("gold") and loyalty.points > .5 /* and */ or $1.a != "it's"`)
	for _, text := range []string{
		`exists A from xEvent, B from xEvent where A.eventType = "a" and B.timestamp > A.timestamp`,
		`exists A from xEvent, B from A.items : B.price > 3.5 or not member`,
		`grown: age >= 18; home: inSegment("grown") and homeAddress.countryCode = "CA"`,
		"grown: age >= 18\nhome: inSegment(\"grown\") and homeAddress",
		`age > 3 and joined occurs <= 3 days before now and country notIn ["a", "b"]`,
		`sum X.items.count() over X from xEvent, Y from X.items > 3 and member`,
	} {
		undisturbed(t, shopkeeper{}, text)
	}
}

// undisturbed types a text, with a short and a long pause after each letter.
func undisturbed(t *testing.T, b Backend, text string) {
	t.Helper()
	if _, ds := lang.Parse(text); ds.Failed() {
		t.Errorf("%s: %v", text, ds)
		return
	}
	for end := range len(text) + 1 {
		at := input{text[:end], end}
		for _, f := range []findings{find(t.Context(), b, at), findSettled(t.Context(), b, at)} {
			if d := f.shown(at, true); d != nil {
				t.Errorf("%s| %s (settled: %v)", at.text, d.Message, f.settled != nil)
			}
		}
	}
}

// TestWrongEndsAreTold: what no more text mends is told after the longer pause.
func TestWrongEndsAreTold(t *testing.T) {
	for _, text := range []string{
		`age > 1,000`, `age > 10 age`, `age > 10 and xEvent.count() > 3 then`, `age > 3 and and age > 10`, `exists A from xEvent, B where age = 3`,
		`age > > 3; member`, `agee = 1; member`,
	} {
		at := input{text, len(text)}
		f := findSettled(t.Context(), shopkeeper{}, at)
		if f.shown(at, true) == nil {
			t.Errorf("%s: nothing", text)
		}
	}
}
