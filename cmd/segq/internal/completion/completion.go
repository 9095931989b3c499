// Package completion finds what can follow what somebody has typed on a command line: fields, and
// parts of queries with the values of the data. It has the scripts by which shells ask for it.
//
// The tour: [Open] opens the data or what workers say of theirs (data.go), [Data.Query] completes a
// query and [Data.Field] the path of a field; [Script] is for bash, zsh or fish, and [Split] reads a
// line of bash as bash does (line.go), which does not do so itself.
package completion

import (
	"slices"
	"strings"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl/show"
)

// Candidate is a text that what was typed can become, and what is to say about it.
type Candidate struct{ Text, About string }

// most is how many candidates there are at most.
const most = 300

// Query returns what a query, or a list of expressions, can become that begins so.
func (d *Data) Query(typed string) []Candidate {
	found := d.next(typed, "")
	if len(found) == 0 || found[0].Text != typed || slices.ContainsFunc(found, func(c Candidate) bool { return !within(c.Text, typed) }) {
		return found
	}
	switch about := found[0].About; { // it is complete: how does it go on?
	case about == "object":
		return d.next(typed+".", "")
	case strings.HasPrefix(about, "list<"):
		return append([]Candidate{{typed + "[", "those of its elements that meet a condition"}}, d.next(typed+".", "")...)
	}
	return d.next(typed+" ", "")
}

// next returns what follows typed, after a gap.
func (d *Data) next(typed, gap string) []Candidate {
	text := typed + gap
	c := lang.Completions(text, len(text), d.catalog, d)
	if gap == "" && len(c.Items) == 0 && finished(text) {
		return d.next(typed, " ")
	}
	before := text[:c.Span.Start]
	word := strings.TrimLeft(text[c.Span.Start:], "\"'`")
	var found []Candidate
	for _, it := range wanted(c.Items, word) {
		bare := strings.TrimLeft(it.Text, "\"`")
		if len(bare) < len(word) || !strings.EqualFold(bare[:len(word)], word) {
			continue // its letters are there, but not in a row
		}
		if c.Span.Start == len(text) && needsGap(text, it) {
			return d.next(typed, " ")
		}
		found = append(found, Candidate{before + it.Text, d.about(it)})
		if len(found) == most {
			break
		}
	}
	return exact(found, typed)
}

// within says whether text is a path, or of a field in what it leads to.
func within(text, path string) bool {
	rest, ok := strings.CutPrefix(text, path)
	return ok && (rest == "" || rest[0] == '.')
}

// finished says whether a text ends with a string or a number, after which nothing goes on without a gap.
func finished(text string) bool {
	return text != "" && strings.IndexByte(`"'0123456789`, text[len(text)-1]) >= 0
}

// wanted leaves out, where a field has values, what else may stand in their place, until somebody
// begins to write it.
func wanted(items []lang.Item, word string) []lang.Item {
	var values []lang.Item
	for _, it := range items {
		if it.Kind == lang.ValueItem {
			values = append(values, it)
		}
	}
	if values != nil && word == "" {
		return values
	}
	return items
}

// exact leaves out what differs from typed in capitals where something does not.
func exact(found []Candidate, typed string) []Candidate {
	var same []Candidate
	for _, f := range found {
		if strings.HasPrefix(f.Text, typed) {
			same = append(same, f)
		}
	}
	if same != nil {
		return same
	}
	return found
}

// needsGap says whether an item should not touch what is before it.
func needsGap(text string, it lang.Item) bool {
	if text == "" || strings.HasSuffix(text, " ") || strings.HasSuffix(text, "\n") {
		return false
	}
	return it.Kind == lang.OperatorItem && it.Text != "." || !strings.ContainsRune("([{.^@$!-", rune(text[len(text)-1]))
}

// about describes an item.
func (d *Data) about(it lang.Item) string {
	switch {
	case it.Kind == lang.ValueItem && it.Count > 0 && d.partly:
		return show.Count(int(it.Count)) + " or more"
	case it.Kind == lang.ValueItem && it.Count > 0:
		return show.Count(int(it.Count))
	case it.Doc != "":
		return it.Doc
	case it.Type != "":
		return it.Type
	}
	return string(it.Kind)
}

// written returns a path as queries have it, with backquotes around names that need them.
func written(path string) string {
	names := strings.Split(path, ".")
	for i, n := range names {
		names[i] = ast.Format(&ast.Name{Ident: ast.Ident{Text: n}})
	}
	return strings.Join(names, ".")
}

// Field returns the fields whose paths begin so: those with values, where leaves says so.
func (d *Data) Field(typed string, leaves bool) []Candidate {
	var found []Candidate
	bare := typed
	if leaves {
		bare = strings.ReplaceAll(typed, "`", "")
	}
	for _, f := range d.fields() {
		object := strings.HasSuffix(f.Type, "object") || strings.HasPrefix(f.Type, "list<object") || strings.HasPrefix(f.Type, "map")
		if leaves && object || len(f.Path) < len(bare) || !strings.EqualFold(f.Path[:len(bare)], bare) || strings.Contains(f.Path, "{}") {
			continue
		}
		path := f.Path
		if leaves {
			path = written(path)
		}
		if found = append(found, Candidate{path, f.Type}); len(found) == most {
			break
		}
	}
	return exact(found, typed)
}
