package lang

import (
	"slices"
	"strings"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/parse"
)

// mostWords is how many words the name of a field is looked for in.
const mostWords = 8

// Spaced makes what is wrong with the form of a text say which field is meant where words beside each
// other are the name of one that has spaces.
func Spaced(ds ast.Diagnostics, text string, cat check.Catalog) ast.Diagnostics {
	ds = slices.Clone(ds)
	for i, d := range ds {
		if d.Code != "two-queries" && d.Code != "unexpected-token" {
			continue
		}
		if name := spacedField(text, d.At.Start, cat); name != "" {
			ds[i].Hint = "the name of a field with a space is one in backquotes: write " + name
		}
	}
	return ds
}

// spacedField returns the field that is meant by the words around a place, the more of them the better;
// "" for none.
func spacedField(text string, at int, cat check.Catalog) string {
	tokens := slices.DeleteFunc(Tokens(text), func(t parse.Token) bool { return t.Kind == parse.Comment })
	k := slices.IndexFunc(tokens, func(t parse.Token) bool { return t.At.Start == at })
	if k < 1 || !isWord(tokens[k]) || !isWord(tokens[k-1]) {
		return ""
	}
	first, last := k-1, k
	for first > 0 && k-first < mostWords && isWord(tokens[first-1]) {
		first--
	}
	for last+1 < len(tokens) && last-k < mostWords && isWord(tokens[last+1]) {
		last++
	}
	for size := last - first + 1; size >= 2; size-- {
		for from := max(first, k-size+1); from < k && from+size-1 <= last; from++ {
			words := text[tokens[from].At.Start:tokens[from+size-1].At.End]
			if name := check.SpacedField(strings.Join(strings.Fields(words), " "), cat); name != "" {
				return name
			}
		}
	}
	return ""
}

// isWord says whether a token may be a word of a name.
func isWord(t parse.Token) bool {
	return t.Kind == parse.Ident || t.Kind == parse.Function || t.Kind == parse.Int
}
