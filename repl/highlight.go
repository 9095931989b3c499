package repl

import (
	"slices"
	"strings"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/parse"
)

// longestStatement is how many lines are looked at as one statement: a longer one is looked at in parts, in
// which no name is called unknown.
const longestStatement = 10

// looks are what the words of a line are.
type looks struct {
	// in and out are what is before the line and after it. first says that it begins a statement, or a part of one,
	// and command that it is a command.
	in, out        lexed
	first, command bool
	// tokens are those of the line, and end is what is behind them if the statement goes on.
	tokens []parse.Token
	end    lexed
}

// part is a part of a line.
type part struct {
	start, end int
	style      style
	// unknown is a name that nothing is known of.
	unknown bool
}

// shown is how a part looks with the cursor at an offset of its line: a name that is being typed is not unknown yet.
func (p part) shown(cursor int) style {
	st := p.style
	st.underline = st.underline || p.unknown && (cursor < p.start || cursor > p.end)
	return st
}

// tokenStyles are the looks of what is no name. Names of fields that there are and functions are styled by
// their roles.
var tokenStyles = [parse.Context + 1]style{
	parse.Bad: boldRed, parse.Keyword: bold, parse.Operator: bold, parse.Comment: faint,
	parse.Int: magenta, parse.Float: magenta, parse.String: magenta, parse.Context: cyan,
}

var roleStyles = [lang.UnknownRole + 1]style{
	lang.KeywordRole: bold, lang.FunctionRole: blue, lang.FieldRole: cyan, lang.LabelRole: bold,
}

// look finds out what the words of the lines before end are.
func (t *typed) look(end int) {
	for t.looked < end {
		next := t.lookAt(t.looked)
		if next < t.kept {
			// What was seen before is right where the same is above it.
			if l := t.lines[next].looks; l != nil && l.first && l.in == t.before(next) {
				next = t.kept
			}
		}
		t.looked = next
	}
}

// before is what is to be known of the text above a line.
func (t *typed) before(line int) lexed {
	if line == 0 {
		return lexed{}
	}
	return t.lines[line-1].looks.out
}

// statement returns the line that begins the statement of a line, as it was looked at.
func (t *typed) statement(line int) int {
	for line > 0 && t.lines[line].looks != nil && !t.lines[line].looks.first {
		line--
	}
	return max(line, 0)
}

// lookAt looks at the statement that begins in a line, and returns the line after it.
func (t *typed) lookAt(first int) int {
	in := t.before(first)
	if in == (lexed{}) && isCommand(t.lines[first].text) {
		l := t.lines[first]
		l.looks = &looks{first: true, command: true}
		l.show([]part{commandPart(l.text)})
		return first + 1
	}
	r := &t.reader
	r.begin()
	line, state := first, in
	for ; line < len(t.lines) && line-first < longestStatement; line++ {
		l := t.lines[line]
		seen := l.seen(state)
		if line > first && state.over(l.text, seen.tokens) {
			t.lines[line-1].looks.out = lexed{}
			break
		}
		state = seen.end
		seen.first, seen.out = line == first, state
		l.looks = seen
		r.add(l)
	}
	fields := t.fields
	if in.depth > 0 {
		fields = nil // names in brackets are those of what is before these
	}
	r.finish(fields, in.within)
	return line
}

// seen returns what is known of a line behind in: its tokens, if they were cut before.
func (l *typedLine) seen(in lexed) *looks {
	if l.looks != nil && l.looks.in == in && !l.looks.command {
		return l.looks
	}
	tokens, comment := in.tokens(l.text)
	return &looks{in: in, tokens: tokens, end: in.through(l.text, tokens, comment)}
}

// statementReader takes the lines of a statement together. Its room is used again for the next one.
type statementReader struct {
	lines  []*typedLine
	text   []byte
	tokens []parse.Token
	parts  []part
}

func (r *statementReader) begin() {
	r.lines, r.text, r.tokens = r.lines[:0], r.text[:0], r.tokens[:0]
}

func (r *statementReader) add(l *typedLine) {
	for _, t := range l.looks.tokens {
		t.At.Start, t.At.End = t.At.Start+len(r.text), t.At.End+len(r.text)
		r.tokens = append(r.tokens, t)
	}
	r.lines = append(r.lines, l)
	r.text = append(append(r.text, l.text...), '\n')
}

// finish gives all lines their looks. In a part of a long statement, what is not known may be declared above it.
func (r *statementReader) finish(fields *lang.Fields, split bool) {
	roles := lang.Roles(string(r.text), r.tokens, fields)
	for _, l := range r.lines {
		r.parts = r.parts[:0]
		for k, t := range l.looks.tokens {
			p := partOf(l.text, t, roles[k])
			p.unknown = p.unknown && !split
			if p.unknown || p.style != plain {
				r.parts = append(r.parts, p)
			}
		}
		roles = roles[len(l.looks.tokens):]
		l.show(r.parts)
	}
}

// show gives a line its parts, and forgets its rows if they look different now.
func (l *typedLine) show(parts []part) {
	if !slices.Equal(parts, l.parts) {
		l.parts, l.painted = slices.Clone(parts), nil
	}
}

// partOf returns the look of a token.
func partOf(line string, t parse.Token, r lang.Role) part {
	p := part{start: t.At.Start, end: t.At.End, style: tokenStyles[t.Kind], unknown: r == lang.UnknownRole}
	if r != lang.NoRole {
		p.style = roleStyles[r]
	}
	if t.Kind == parse.Bad && p.end == len(line) && strings.IndexByte("\"'`", line[p.start]) >= 0 {
		p.style = tokenStyles[parse.String] // it is not closed yet
	}
	return p
}

// commandPart is the look of a command: its name, and underlined one that there is not.
func commandPart(line string) part {
	start := len(line) - len(strings.TrimLeft(line, " \t"))
	name, _, _ := strings.Cut(line[start:], " ")
	return part{start: start, end: start + len(name), style: bold, unknown: !namesCommand(name) && !isRecall(line)}
}

// namesCommand says whether there is a command of that name.
func namesCommand(name string) bool {
	for _, c := range commandTable() {
		if strings.EqualFold(c.name, name) {
			return true
		}
	}
	return false
}
