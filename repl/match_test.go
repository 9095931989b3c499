package repl

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/segq/segq/repl/history"
	"pgregory.net/rapid"
)

// TestSeek: what is found are the letters of the pattern, in their order where they are no words, and it is found
// whenever it is there.
func TestSeek(t *testing.T) {
	letters := rapid.StringOf(rapid.SampledFrom([]rune("abé日 .=")))
	rapid.Check(t, func(t *rapid.T) {
		text, pattern := letters.Draw(t, "text"), letters.Draw(t, "pattern")
		words := wordsOf(pattern)
		found, spread, ok := seek(text, words, nil)
		whole := true
		for _, w := range words {
			whole = whole && strings.Contains(text, w)
		}
		joined, rest := strings.Join(words, ""), text
		inOrder := true
		for _, r := range joined {
			_, after, there := strings.Cut(rest, string(r))
			inOrder, rest = inOrder && there, after
		}
		if ok != (whole || inOrder) || ok && whole != (spread == 0) {
			t.Fatalf("found %v with a spread of %d; as words %v, in order %v", ok, spread, whole, inOrder)
		}
		if !ok {
			return
		}
		var got []byte
		for _, i := range found {
			got = append(got, text[i])
		}
		if len(got) != len(joined) || whole && string(got) != joined {
			t.Fatalf("found %q at %v", got, found)
		}
	})
}

// TestMatchFits: a match takes the cells that there are, whatever is in it.
func TestMatchFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := match{entry: &history.Entry{Text: rapid.StringOf(rapid.SampledFrom([]rune("ab é日\u0301👩\u200d🇳\n\t\x1b\u202e"))).Draw(t, "text")}}
		width := rapid.IntRange(1, 20).Draw(t, "width")
		line := f.render(rapid.StringOf(rapid.SampledFrom([]rune("abé日"))).Draw(t, "pattern"), palette{on: true}, width)
		if ansi.StringWidth(line) > width || strings.ContainsAny(ansi.Strip(line), "\n\t\x1b") {
			t.Fatalf("%q in %d cells", line, width)
		}
	})
}

// TestWrongInputsAreLast: what was wrong is found where nothing else is, and what found nothing is not suggested.
func TestWrongInputsAreLast(t *testing.T) {
	store := history.Open("")
	for text, o := range map[string]history.Outcome{
		"tier = 1": {State: history.Done, Count: 3}, "tier": {State: history.Wrong}, "tier = 2 and tier = 3": {State: history.Done},
	} {
		store.Add(history.Entry{Kind: history.Query, Text: text})
		store.End(store.Find(history.Query, history.KeyOf(history.Query, text)), "", o)
	}
	found := matches(store.Entries(), history.Query, "tier")
	if len(found) != 3 || found[2].entry.Text != "tier" {
		t.Errorf("found %v", found)
	}
	for _, f := range found {
		if fruitful(f.entry) != (f.entry.Text == "tier = 1") {
			t.Errorf("%s is suggested: %v", f.entry.Text, fruitful(f.entry))
		}
	}
}
