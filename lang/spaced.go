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
		if name, at := spacedField(text, d.At.Start, cat); name != "" {
			ds[i].Hint, ds[i].Instead, ds[i].At = "the name of a field with a space is one in backquotes: write "+name, name, at
		} else if path, at := spacedPath(text, d.At.Start, cat); path != "" {
			ds[i].Hint, ds[i].Instead, ds[i].At = "did you mean "+path+"?", path, at
		}
	}
	return ds
}

// spacedPath returns the field of a field that is meant by the two words around a place, with a space for the dot
// between them, and where they are; "" for none.
func spacedPath(text string, at int, cat check.Catalog) (string, ast.Span) {
	tokens := Tokens(text)
	k := slices.IndexFunc(tokens, func(t parse.Token) bool { return t.At.Start == at })
	if k < 1 || !isWord(tokens[k]) || !isWord(tokens[k-1]) {
		return "", ast.Span{}
	}
	words := tokens[k-1].At.Join(tokens[k].At)
	return check.SpacedPath(text[tokens[k-1].At.Start:tokens[k-1].At.End], text[tokens[k].At.Start:tokens[k].At.End], cat), words
}

// spacedField returns the field that is meant by the words around a place, the more of them the better, and where
// these are; "" for none.
func spacedField(text string, at int, cat check.Catalog) (string, ast.Span) {
	tokens := slices.DeleteFunc(Tokens(text), func(t parse.Token) bool { return t.Kind == parse.Comment })
	k := slices.IndexFunc(tokens, func(t parse.Token) bool { return t.At.Start == at })
	if k < 1 || !isWord(tokens[k]) || !isWord(tokens[k-1]) {
		return "", ast.Span{}
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
				return name, tokens[from].At.Join(tokens[from+size-1].At)
			}
		}
	}
	return "", ast.Span{}
}

// isWord says whether a token may be a word of a name.
func isWord(t parse.Token) bool {
	return t.Kind == parse.Ident || t.Kind == parse.Function || t.Kind == parse.Int
}
