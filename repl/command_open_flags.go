package repl

import (
	"regexp"
	"slices"
	"strings"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
)

// withoutFlags are the words behind .open that name data.
func withoutFlags(words []string, flags []ReadingFlag) (paths []string) {
	for i := 0; i < len(words); i++ {
		switch word := words[i]; {
		case word == "--":
			return append(paths, words[i+1:]...)
		case takesWord(word, flags):
			i++
		case !strings.HasPrefix(word, "-") || word == "-":
			paths = append(paths, word)
		}
	}
	return paths
}

// takesWord says whether a word is a flag whose value is the next one.
func takesWord(word string, flags []ReadingFlag) bool {
	f := flagNamed(word, flags)
	return f != nil && f.Value != ""
}

// flagNamed is the flag that a word is, nil where it is none.
func flagNamed(word string, flags []ReadingFlag) *ReadingFlag {
	i := slices.IndexFunc(flags, func(f ReadingFlag) bool { return f.Name == word })
	if i < 0 {
		return nil
	}
	return &flags[i]
}

// completeOpen offers what can stand at the cursor behind .open, which ends at after: flags where a - is, values of the flag
// before, else files and folders.
func (m *Model) completeOpen(text string, after, cursor int) (ast.Span, []lang.Item) {
	if !strings.Contains(text[after:cursor], "-") {
		return completeFiles(text, after, cursor)
	}
	flags := m.backend.ReadingFlags()
	all, _ := cutPaths(text[after:cursor])
	span, typed := ast.Span{Start: cursor, End: cursor}, ""
	if n := len(all); n > 0 && !all[n-1].ended {
		span.Start, typed = after+all[n-1].start, all[n-1].text
		all = all[:n-1]
	}
	var before *ReadingFlag
	if n := len(all); n > 0 {
		before = flagNamed(all[n-1].text, flags)
	}
	switch {
	case before != nil && before.Value != "" && (before.Words != nil || strings.HasPrefix(before.Value, "FIELD")):
		return span, m.flagValues(before, typed)
	case strings.HasPrefix(typed, "-"):
		var items []lang.Item
		for _, f := range flags {
			if strings.HasPrefix(f.Name, typed) {
				items = append(items, lang.Item{Text: f.Name, Kind: commandItem, Type: f.Value, Doc: f.Doc})
			}
		}
		return span, items
	}
	return completeFiles(text, after, cursor)
}

// flagValues are what the value of a flag may begin with: fields, and behind the = what they may be.
func (m *Model) flagValues(f *ReadingFlag, typed string) (items []lang.Item) {
	field, _, behind := strings.Cut(typed, "=")
	add := func(value, says, doc string) {
		if value = quotedPath(value); value != "" && len(items) < maxArguments {
			items = append(items, lang.Item{Text: value, Kind: commandItem, Type: says, Doc: doc})
		}
	}
	if behind {
		for _, word := range f.Words {
			if value := field + "=" + word; strings.HasPrefix(value, typed) {
				add(value, "", "")
			}
		}
		return items
	}
	equals := ""
	if strings.Contains(f.Value, "=") {
		equals = "="
	}
	for _, one := range m.backend.Schema() {
		if lang.Fit(one.Path, typed) >= 0 {
			add(one.Path+equals, one.Type, one.Doc)
		}
	}
	return items
}

// opensWith is the command that a hint of the session names which opens the data anew, with the field that is meant.
var opensWith = regexp.MustCompile(`\.open --type (?:'[^']+'|[^\s'=]+=[a-z]+)(?: --decimal ,)?`)

// opensInstead is that command, for what is wrong with an input; "" for none.
func (m *Model) opensInstead(r batch) string {
	for _, d := range r.found {
		if c := opensWith.FindString(m.inSession(d.Hint)); d.Severity == ast.Error && c != "" && !strings.Contains(c, "FIELD=") {
			return c
		}
	}
	return ""
}
