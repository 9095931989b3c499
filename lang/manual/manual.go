// Package manual looks things up in the manual of the language, lang/README.md, which is part of
// the program. It knows no terminal: texts are Markdown, and repl/show wraps them.
//
// The tour: [Find] returns what the manual says of a function, a word or a section, and [Names]
// lists what it finds.
package manual

import (
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/segq/segq/lang"
)

// Entry is a section of the manual.
type Entry struct {
	Title string
	// Level is how deep the section is: 2 for a chapter such as Time, 4 for a function.
	Level int
	// Text is the section without its heading, in Markdown, with the sections below. Where these
	// are functions, each is one line.
	Text string
}

// function is the level of the sections that are about one function.
const function = 4

// Find returns what the manual says of a name: of the function, then of the word of the language,
// then the section of that title. Capitals count only where that makes a difference. There is
// nothing for a name that is not known.
func Find(name string) []Entry {
	name = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSpace(name), ")"), "(")
	if found := find(name, func(a, b string) bool { return a == b }); found != nil {
		return found
	}
	return find(name, strings.EqualFold)
}

// find returns the entries whose names are the same as name.
func find(name string, same func(a, b string) bool) []Entry {
	var titles []string
	for _, e := range sections() {
		if same(e.Title, name) {
			titles = append(titles, e.Title)
		}
	}
	for _, w := range words {
		if slices.ContainsFunc(w.words, func(word string) bool { return same(word, name) }) {
			titles = append(titles, w.section)
		}
	}
	var found []Entry
	for i, title := range titles {
		if !slices.Contains(titles[:i], title) {
			found = append(found, titled(title)...)
		}
	}
	return found
}

// titled returns the sections of a title; there is one.
func titled(title string) []Entry {
	var found []Entry
	for _, e := range sections() {
		if e.Title == title {
			found = append(found, e)
		}
	}
	return found
}

// Names lists what [Find] finds: titles of sections, names of functions, and words.
func Names() []string {
	var names []string
	for _, e := range sections() {
		names = append(names, e.Title)
	}
	for _, w := range words {
		names = append(names, w.words...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Chapters returns the sections of the highest level, in the order of the manual.
func Chapters() []Entry {
	return slices.DeleteFunc(slices.Clone(sections()), func(e Entry) bool { return e.Level > 2 })
}

// Functions returns the sections of the functions, in the order of the manual.
func Functions() []Entry {
	return slices.DeleteFunc(slices.Clone(sections()), func(e Entry) bool { return e.Level < function })
}

var heading = regexp.MustCompile(`(?m)^(##+) (.*)\n`)

// sections cuts the manual up.
var sections = sync.OnceValue(func() []Entry {
	text := lang.Manual()
	at := heading.FindAllStringSubmatchIndex(text, -1)
	entries := make([]Entry, len(at))
	for i, m := range at {
		e := Entry{Title: text[m[4]:m[5]], Level: m[3] - m[2]}
		var b strings.Builder
		for k := i; k < len(at); k++ {
			level := at[k][3] - at[k][2]
			if k > i && level <= e.Level {
				break
			}
			end := len(text)
			if k+1 < len(at) {
				end = at[k+1][0]
			}
			body := text[at[k][1]:end]
			switch {
			case k > i && level == function:
				b.WriteString("- " + Brief(body) + "\n")
				continue
			case k > i:
				b.WriteString("\n" + text[at[k][0]:at[k][1]])
			}
			b.WriteString(body)
		}
		e.Text = strings.TrimSpace(b.String()) + "\n"
		entries[i] = e
	}
	return entries
})

// Brief returns the first sentence of a text: of a function, its signature and what it gives.
func Brief(text string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n\n")
	first = strings.Join(strings.Fields(first), " ")
	if end := strings.Index(first, ". "); end >= 0 {
		first = first[:end]
	}
	return strings.TrimSuffix(first, ".")
}
