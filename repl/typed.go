package repl

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/repl/editor"
)

// The prompts have one width, so that the lines of a query stay aligned.
const (
	promptFirst = "segq> "
	promptNext  = " ...> "
	promptWrap  = "      "
)

// typed is a text as rows of the screen. It remembers of each line where its rows begin and how they look, so
// that a key costs the line that it changes and the rows in sight, however long the text is.
type typed struct {
	width  int
	fields *lang.Fields
	colors bool
	lines  []*typedLine
	rows   int // of all lines
	// above are the rows above the line at.
	at, above int
	// Of the lines before looked it is known what their words are. Those before kept were looked at before a
	// line above them was changed.
	looked, kept int
	reader       statementReader
}

// typedLine is one line.
type typedLine struct {
	text string
	// indent are the cells before its rows but the first, which begin at starts.
	indent int
	starts []int
	looks  *looks
	// parts are those with a look of their own, in order of place. painted are its rows with nothing laid over
	// them, "" for those that were not in sight yet.
	parts   []part
	painted []string
}

func (l *typedLine) rows() int { return len(l.starts) + 1 }

// row returns the range of the text in a row.
func (l *typedLine) row(i int) (from, to int) {
	from, to = 0, len(l.text)
	if i > 0 {
		from = l.starts[i-1]
	}
	if i < len(l.starts) {
		to = l.starts[i]
	}
	return from, to
}

// rowOf returns the row of a byte offset: the later one where a row begins there.
func (l *typedLine) rowOf(offset int) int {
	n := 0
	for n < len(l.starts) && l.starts[n] <= offset {
		n++
	}
	return n
}

// roomOf is how many cells of text a row has. The last column is left for a blank at which a row ends, and for
// the cursor behind a full one.
func roomOf(width int) int { return max(width-len(promptFirst)-1, 1) }

// follow takes over what has changed in the text since it was called before.
func (t *typed) follow(e *editor.Buffer, width int, colors bool, fields *lang.Fields) {
	head, tail := e.Renewed()
	if t.width != width || t.colors != colors || t.lines == nil {
		*t = typed{width: width, colors: colors, fields: fields}
		head, tail = 0, 0
	}
	if t.fields != fields {
		t.fields, t.looked, t.kept = fields, 0, 0
		for _, l := range t.lines {
			l.looks = nil
		}
	}
	n, old := e.Lines(), len(t.lines)
	if head >= n && head == old {
		return
	}
	t.walk(head)
	for _, l := range t.lines[head : old-tail] {
		t.rows -= l.rows()
	}
	fresh := make([]*typedLine, n-head-tail)
	for i := range fresh {
		l := &typedLine{text: e.Line(head + i)}
		l.indent, l.starts = wrapped(l.text, roomOf(width))
		fresh[i] = l
		t.rows += l.rows()
	}
	t.lines = slices.Replace(t.lines, head, old-tail, fresh...)
	if t.kept = 0; t.looked > old-tail {
		t.kept = t.looked + n - old
	}
	t.looked = min(t.looked, t.statement(head-1))
}

// walk counts the rows above a line from those above the last one that it was called for.
func (t *typed) walk(line int) {
	for ; t.at < line; t.at++ {
		t.above += t.lines[t.at].rows()
	}
	for t.at > line {
		t.at--
		t.above -= t.lines[t.at].rows()
	}
}

// wrapped returns the byte offsets at which a line begins a new row of room cells, between words where that is
// possible, and how far those rows are indented: as the line is.
func wrapped(line string, room int) (indent int, starts []int) {
	if len(line) <= room && strings.IndexByte(line, '\t') < 0 && ascii(line) {
		return 0, nil
	}
	indent = indented(line)
	if indent > room/2 {
		indent = 0
	}
	used, cell, first := 0, 0, 0 // first is the least that is used in this row
	word, wordCell := -1, 0      // where the last word of this row begins
	for at := 0; at < len(line); {
		n := editor.ClusterLen(line[at:])
		_, w := editor.Shown(line[at:at+n], cell)
		blank := n == 1 && (line[at] == ' ' || line[at] == '\t')
		if over := used + w - room; over > 0 && used > first && !(blank && over == 1) {
			if !blank && word >= 0 {
				at, cell = word, wordCell
			}
			starts = append(starts, at)
			used, first, word = indent, indent, -1
			continue
		}
		used, cell, at = used+w, cell+w, at+n
		if blank {
			word, wordCell = at, cell
		}
	}
	if used > room {
		starts = append(starts, len(line)) // for the cursor behind the blank, and the word that follows
	}
	return indent, starts
}

// indented is how many cells of blanks a line begins with.
func indented(line string) int {
	cells := 0
	for i := 0; i < len(line) && (line[i] == ' ' || line[i] == '\t'); i++ {
		_, w := editor.Shown(line[i:i+1], cells)
		cells += w
	}
	return cells
}

// ascii says whether a text has but printable characters of ASCII, of one cell each.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return false
		}
	}
	return utf8.ValidString(s)
}
