package repl

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/segq/segq/lang/ast"
)

// segments are saved segments by their names as they were written: vip, or vip@2 for a version.
type segments map[string]SavedSegment

// segmentsWithin is how long a command waits for the saved segments that it may be about.
const segmentsWithin = 2 * time.Second

// find looks up the saved segments that a line which is a command may be about. Those that are not there, or cannot be
// read, are no audiences.
func (s segments) find(b Backend, line string, alsoOf []string) {
	ctx, cancel := context.WithTimeout(context.Background(), segmentsWithin)
	defer cancel()
	for _, name := range namedIn(line) {
		if _, ok := s[name]; ok || slices.Contains(alsoOf, name) && !isDiff(line) {
			continue
		}
		if versions, err := b.SavedVersions(ctx, name); err == nil && len(versions) > 0 {
			s[name] = versions[len(versions)-1]
		}
	}
}

// isDiff says whether a line compares: a saved segment goes before a query of the session with its name there.
func isDiff(line string) bool { return strings.EqualFold(commandWords(line)[0], ".diff") }

// namedIn returns the words in a line that is a command which may be the names of audiences, and are neither numbers nor _.
func namedIn(line string) (names []string) {
	c, start := lineOf(line)
	if c == nil || c.reads == nil {
		return nil
	}
	written := behindName(line)
	parts := c.reads(written)
	if c.names != nil {
		parts = append(parts, c.names(written)...)
	}
	for _, at := range places(line, start, parts) {
		word := line[at.Start:at.End]
		if _, ok := number(word); ok || word == "_" || word[0] == '#' || !oneWord(word) {
			continue
		}
		names = append(names, strings.Trim(word, quotes))
	}
	return names
}

// lineOf returns the command of a line that is one, and where what is behind its name begins; nil where there is none.
func lineOf(line string) (*dotCommand, int) {
	if !isCommand(line) || isRecall(line) {
		return nil, 0
	}
	name := commandWords(line)[0]
	for _, c := range commandTable() {
		if c.name == strings.ToLower(name) {
			start := strings.Index(line, name) + len(name)
			return &c, start + len(line[start:]) - len(strings.TrimLeft(line[start:], " \t"))
		}
	}
	return nil, 0
}

// wordSpans are the places of words.
func wordSpans(text string, at ast.Span) (words []ast.Span) {
	a := arguments{text: text[:at.End], at: at.Start}
	for word := a.word(); word != ""; word = a.word() {
		words = append(words, ast.Span{Start: a.at - len(word), End: a.at})
	}
	return words
}
