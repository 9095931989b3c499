package lang_test

import (
	"strings"
	"testing"

	"github.com/segq/segq/lang"
)

// FuzzTyping asks all that is asked while somebody types, of any text at any place: nothing may panic, or lie
// outside of the text.
func FuzzTyping(f *testing.F) {
	for _, q := range published(f) {
		f.Add(q, len(q)/2)
	}
	f.Add("a: b = \"x; c and [d\n// e", 7)
	f.Add("let V = (K, G) => sum K over G from xEvent, I from G.items where I.`x y` occurs between today and", 60)
	cat, values := newShop(0), newWide(20)
	fields := lang.NewFields(paths(cat.profile))
	f.Fuzz(func(t *testing.T, text string, cursor int) {
		if len(text) > 2<<10 {
			return
		}
		cursor = max(0, min(cursor, len(text)))
		lang.Unguarded(text, cursor, cat, values, fields)
		holds(t, text, cursor)
		if at, mate := lang.Bracket(text, cursor); at >= len(text) || mate >= len(text) {
			t.Fatalf("%q at %d: brackets %d and %d", text, cursor, at, mate)
		}
		c := lang.Completions(text, cursor, cat, values)
		if c.Span.Start > cursor || c.Span.End < cursor || c.Span.End > len(text) {
			t.Fatalf("span %v at %d of %q", c.Span, cursor, text)
		}
	})
}

// TestTypingOfMuch asks of long and deep texts, which ends soon.
func TestTypingOfMuch(t *testing.T) {
	cat := newShop(0)
	fields := lang.NewFields(paths(cat.profile))
	for _, piece := range []string{
		"a[", "a(", "(", "xEvent[items[", "a.", "a and ", "not ", "exists E from xEvent where ", "exists E from E, ", "let V = ", "^", "sum E over E from E ", "a.f(", "(K, G) => ", "a in [", "x between a and ",
		"exists E from xEvent where E.x = age\n", "; ", ", ", "\"a\" ", "'", "{a: ", "chain(xEvent, timestamp, [A: WHAT(", ")", "a = 1 and (",
	} {
		text := strings.Repeat(piece, 20_000/len(piece))
		lang.Unguarded(text, len(text), cat, stock{}, fields)
		lang.Unguarded(text+"coun", len(text)+4, cat, stock{}, fields)
		lang.Unguarded(text, len(text)/2, cat, stock{}, fields)
	}
}
