package lang_test

import (
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
	"pgregory.net/rapid"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// paths are the fields of a profile, as a session has them.
func paths(t *check.Type) iter.Seq2[string, string] {
	return func(yield func(string, string) bool) { eachPath("", t, yield) }
}

func eachPath(prefix string, t *check.Type, yield func(string, string) bool) {
	for _, f := range t.Fields {
		path := prefix + f.Name
		yield(path, f.Type.String())
		below := f.Type
		for ; below.Elem != nil; below = below.Elem {
			if below.Kind == check.Map {
				path += "{}"
			}
		}
		eachPath(path+".", below, yield)
	}
}

var roleNames = map[lang.Role]string{
	lang.KeywordRole: "keyword", lang.FunctionRole: "function", lang.FieldRole: "field",
	lang.VariableRole: "variable", lang.LabelRole: "label", lang.UnknownRole: "unknown",
}

// TestRoles plays testdata/roles: the words of the text by their roles.
func TestRoles(t *testing.T) {
	fields := lang.NewFields(paths(newShop(0).profile))
	datadriven.RunTest(t, "testdata/roles", func(t *testing.T, d *datadriven.TestData) string {
		tokens := lang.Tokens(d.Input)
		roles := lang.Roles(d.Input, tokens, fields)
		var b strings.Builder
		for role := lang.KeywordRole; role <= lang.UnknownRole; role++ {
			var words []string
			for i, k := range tokens {
				if roles[i] == role {
					words = append(words, d.Input[k.At.Start:k.At.End])
				}
			}
			if words != nil {
				fmt.Fprintf(&b, "%s: %s\n", roleNames[role], strings.Join(words, " "))
			}
		}
		return b.String()
	})
}

// TestRolesOfWhatChecks: a query without errors has no unknown words.
func TestRolesOfWhatChecks(t *testing.T) {
	cat := newShop(0)
	fields := lang.NewFields(paths(cat.profile))
	for _, text := range []string{
		"age > 3 and country = \"US\"", "address.`order-total` > 1", "xEvent.items.sku = \"a\"",
		"xEvent[items[^.eventType = \"a\" and ^^.age > 3]].count() > 0", "scores.x.price > 3", "scores.get(\"x\").price > 3",
		"exists E from xEvent, I from E.items where I.sku = \"x\"", "(sum I.price over I from xEvent.items) > 3",
		"let V = age in V > 3", "let A = address in A.city = \"x\"", "xEvent.groupBy(eventType).map((K, G) => mapEntry(K, G.count())).count() > 1",
		"chain(xEvent, timestamp, [A: WHAT(eventType = \"view\"), B: WHAT(items.exists(price > 3))])",
		"profile.age > 3", "$1.age > 3", "joined occurs < 3 days before now", "not member", "this.age > 3",
		"xEvent.filter(eventType = \"a\").head().timestamp occurs last month", "events.items[price > 3].sku.count() > 1",
		"(select E from xEvent where E.items.price > 3).count() > 1", "scores.values().price > 3", "xEvent.items.topN(price, 2).sku = \"a\"",
	} {
		if _, ds := lang.Compile(text, cat, check.Options{}); ds.Failed() {
			t.Fatalf("%s: %v", text, ds)
		}
		tokens := lang.Tokens(text)
		for i, role := range lang.Roles(text, tokens, fields) {
			if role == lang.UnknownRole {
				t.Errorf("%s: %s is unknown", text, text[tokens[i].At.Start:tokens[i].At.End])
			}
		}
	}
}

// TestRolesNeverFail asks about texts made of pieces of queries, and for the mates of their brackets.
func TestRolesNeverFail(t *testing.T) {
	pieces := strings.Split(`xEvent|[|]|(|)|.|^|items|price|from|X|select|let|=|in|,|"US|"|chain|WHAT|timestamp|K|=>|3|days|this|{|}|//|/*|@|$|exists|sum|over|:|;|é|`+"`", "|")
	fields := lang.NewFields(paths(newShop(0).profile))
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 30).Draw(t, "pieces"), rapid.SampledFrom([]string{"", " ", "\n"}).Draw(t, "gap"))
		tokens := lang.Tokens(text)
		if roles := lang.Roles(text, tokens, fields); len(roles) != len(tokens) {
			t.Fatalf("%d roles of %d tokens", len(roles), len(tokens))
		}
		lang.Roles(text, tokens, nil)
		cursor := rapid.IntRange(0, len(text)).Draw(t, "cursor")
		at, mate := lang.Bracket(text, cursor)
		if mate < 0 {
			return
		}
		if back, to := lang.Bracket(text, mate); back != mate || to != at {
			t.Fatalf("the mate of %d is %d, whose mate is %d", at, mate, to)
		}
	})
}

func TestBracket(t *testing.T) {
	for text, want := range map[string]string{
		"|(a)": "0 2", "(|a)": "0 2", "(a|)": "2 0", "(a)|": "2 0", "a |": "-1 -1", "|": "-1 -1", "(a|": "-1 -1",
		"|(a": "0 -1", "a)|": "1 -1", `"(|a)"`: "-1 -1", "(/* ( */ a)|": "10 0", "([a)|": "3 0", "(|[a)": "1 -1", "(|a]": "0 -1",
		"{|a: [1]}": "0 7", "xEvent[a[b]|]": "11 6", "`a(b)`|": "-1 -1", "f((1)|": "4 2", "((|a)": "1 3",
	} {
		before, after, _ := strings.Cut(text, "|")
		at, mate := lang.Bracket(before+after, len(before))
		if got := fmt.Sprint(at, mate); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// long returns a text of so many lines.
func long(lines int) string {
	return strings.Repeat("country = \"US\" and xEvent[items.price > 3].count() > 3 and\n", lines)
}

func BenchmarkRoles(b *testing.B) {
	text, fields := long(1000), lang.NewFields(paths(newShop(5000).profile))
	for b.Loop() {
		lang.Roles(text, lang.Tokens(text), fields)
	}
}

func BenchmarkBracket(b *testing.B) {
	text := long(1000) + "("
	for b.Loop() {
		lang.Bracket(text, len(text))
	}
}

func BenchmarkSoFar(b *testing.B) {
	for _, lines := range []int{5, 1000} {
		for _, end := range []string{"age > 3", "country = \"CA\" and countr", "country = \"CA"} {
			text := long(lines) + end
			b.Run(fmt.Sprintf("%d lines, %s", lines, end), func(b *testing.B) {
				for b.Loop() {
					lang.SoFar(text, len(text), nil)
				}
			})
		}
	}
}
