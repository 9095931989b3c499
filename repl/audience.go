package repl

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/spelling"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// audience is what a command of the session is about: a query of the session, or one that was written with the command.
type audience struct {
	// number is that of the query in the session, 0 for one that is not of it.
	number int
	name   string
	// text is its expression, as it was typed.
	text string
	// values is the type of what it gives, "" for a condition, and while nobody has said.
	values string
	// known is the size that was told last, Total 0 while none was.
	known Counted
}

// query is the audience as it is asked.
func (a audience) query() Query { return Query{Name: a.name, Text: a.text} }

// isNamed says whether it has a number or a name: a text that is written behind a command has neither.
func (a audience) isNamed() bool { return a.number > 0 || a.name != "" }

// called is what an answer calls the audience: by its number, else by its name, which a saved segment has, else by its text.
func (a audience) called(w words) string {
	switch {
	case a.number > 0 && a.name != "":
		return fmt.Sprintf("%s%d (%s)", w.number, a.number, show.Clean(a.name))
	case a.number > 0:
		return fmt.Sprintf("%s%d", w.number, a.number)
	case a.name != "":
		return show.Clean(a.name)
	}
	return show.OneLine(onOneLine(a.text))
}

// nameIn is the name of the audience in an answer: its own, else its number.
func (a audience) nameIn(w words) string {
	if a.name == "" && a.number > 0 {
		return a.called(w)
	}
	return a.name
}

// audiences are the queries of the session, those that run among them, each by its number. What was asked about one
// is found by its own number too, and means that.
type audiences struct {
	all []numbered
	// last is the one that commands are about which name none.
	last audience
}

// numbered is an audience with the number by which it is found.
type numbered struct {
	number int
	audience
}

// add takes a query with a number.
func (s *audiences) add(number int, a audience) { s.all = append(s.all, numbered{number, a}) }

// begin takes a query with a number, which is the last audience from now on.
func (s *audiences) begin(number int, a audience) {
	s.add(number, a)
	s.last = a
}

// answered notes the type of what a query gives, and its size, once they are known.
func (s *audiences) answered(number int, r *record.Record) {
	known, _ := countedBy(r)
	for i := range s.all {
		if s.all[i].audience.number == number {
			s.all[i].values, s.all[i].known = r.Type, known
		}
	}
	if s.last.number == number {
		s.last.values, s.last.known = r.Type, known
	}
}

// byNumber returns the query with a number.
func (s *audiences) byNumber(n int) (audience, bool) {
	i, ok := slices.BinarySearchFunc(s.all, n, func(x numbered, n int) int { return cmp.Compare(x.number, n) })
	if !ok {
		return audience{}, false
	}
	a := s.all[i].audience
	if newest, ok := s.byName(a.name); ok && a.name != "" && newest.text != a.text {
		a.name = "" // it is another's by now
	}
	return a, true
}

// byName returns the newest query with a name.
func (s *audiences) byName(name string) (audience, bool) {
	for _, x := range slices.Backward(s.all) {
		if x.name == name {
			return x.audience, true
		}
	}
	return audience{}, false
}

// names are those of the queries, each once, the newest first.
func (s *audiences) names() []string {
	var names []string
	for _, x := range slices.Backward(s.all) {
		if x.name != "" && !slices.Contains(names, x.name) {
			names = append(names, x.name)
		}
	}
	return names
}

// refusal says why a command is not done, and what to write in its place; "" where that is plain.
type refusal struct{ says, hint string }

// Error is what is wrong.
func (r refusal) Error() string { return r.says }

// refuse prints why a command is not done.
func (m *Model) refuse(err error) {
	m.refusals++
	m.print(m.palette.paint(boldRed, "error: ") + err.Error())
	if r, ok := err.(refusal); ok && r.hint != "" { //nolint:errorlint // it is made here, and wrapped by nobody
		m.print("hint: " + r.hint)
	}
}

// propose prints why a command is not done, and which is meant, for Tab to take.
func (m *Model) propose(says, command string) {
	tab := ""
	if !m.accessible {
		m.assist.instead, tab = command, " (Tab takes it)"
	}
	m.refuse(refusal{says, "write " + show.OneLine(command) + tab})
}

// audience returns what a command is about that names it so: nothing or _ for the last one, #3 for a query of the
// session, a name of one or of a saved segment, else the text of a query, which was checked by then (see reads of dotCommand).
func (m *Model) audience(written string) (audience, error) {
	written = strings.TrimSpace(written)
	if written == "" || written == "_" {
		if m.audiences.last.text == "" {
			return audience{}, refusal{"there is no audience yet", "ask a query first, or write one behind the command"}
		}
		return m.audiences.last, nil
	}
	if n, ok := number(written); ok {
		if a, ok := m.audiences.byNumber(n); ok {
			return a, nil
		}
		return audience{}, m.noQuery(written)
	}
	name := strings.TrimPrefix(written, "#")
	if a, ok := m.audiences.byName(strings.Trim(name, quotes)); ok {
		return a, nil
	}
	if s, ok := m.segments[strings.Trim(name, quotes)]; ok && name == written {
		return audience{name: s.Name, text: s.Query}, nil
	}
	if name != written || oneWord(written) && !m.isField(written) {
		return audience{}, m.noQuery(written)
	}
	return audience{text: written}, nil
}

// number reads #3, or 3.
func number(word string) (n int, ok bool) {
	n, err := strconv.Atoi(strings.TrimPrefix(word, "#"))
	return n, err == nil && n > 0
}

// quotes may stand around the name of an audience that has blanks.
const quotes = "`\"'"

// oneWord says whether a text is a name, or the number of a query, and not an expression.
func oneWord(text string) bool {
	if _, ok := number(text); ok || isOwn(text) && !strings.ContainsAny(text, " \t") {
		return true
	}
	if n := len(text); n > 2 && strings.IndexByte(quotes, text[0]) >= 0 && strings.IndexByte(text[1:], text[0]) == n-2 {
		return true
	}
	x, found := lang.Query(text)
	if found.Failed() {
		return !strings.ContainsAny(text, " \t\n")
	}
	_, name := x.(*ast.Name)
	return name
}

// audienceArguments are the queries of the session that a command can be about: those with names, then the newest.
func audienceArguments(m *Model, typed string) []lang.Item {
	var items []lang.Item
	add := func(text string, a audience) {
		said := show.OneLine(a.text)
		if a.name != "" {
			said = show.Clean(a.name) + ": " + said
		}
		items = append(items, lang.Item{Text: text, Kind: commandItem, Type: show.Fit(said, 40), Doc: show.OneLine(a.text)})
	}
	if !strings.HasPrefix(typed, "#") {
		for _, name := range m.audiences.names() {
			a, _ := m.audiences.byName(name)
			add(name, a)
		}
	}
	if !strings.HasPrefix(typed, "#") {
		items = append(items, savedAudiences(m)...)
	}
	for _, x := range slices.Backward(m.audiences.all) {
		if x.number == x.audience.number && len(items) < maxArguments {
			add(fmt.Sprintf("#%d", x.number), x.audience)
		}
	}
	return items
}

// savedAudiences are the saved segments that no query of the session has the name of, as they were listed last.
func savedAudiences(m *Model) (items []lang.Item) {
	for _, s := range m.saved {
		if _, ok := m.audiences.byName(s.Name); !ok && !strings.ContainsAny(s.Name, " \t`") {
			doc := show.OneLine(s.Query)
			items = append(items, lang.Item{Text: s.Name, Kind: commandItem, Type: show.Fit("saved: "+doc, 40), Doc: doc, Count: int64(s.Count)})
		}
	}
	return items
}

// isField says whether a word begins with a field.
func (m *Model) isField(word string) bool {
	first, _, _ := strings.Cut(strings.Trim(word, "`"), ".")
	return slices.ContainsFunc(m.backend.Schema(), func(f Field) bool { return f.Path == first || f.Path == word })
}

// noQuery says that no query of the session is called so.
func (m *Model) noQuery(written string) error {
	r := refusal{"no query of this session is called " + show.Clean(written), ""}
	if _, ok := number(written); !ok {
		r.says += ", and no saved segment"
	}
	names := m.audiences.names()
	for _, s := range m.saved {
		if !slices.Contains(names, s.Name) {
			names = append(names, s.Name)
		}
	}
	near := spelling.Nearest(strings.TrimPrefix(written, "#"), names)
	switch n := len(m.audiences.all); {
	case near != "" && spelling.Distance(written, near, 3) < 3:
		r.hint = "did you mean " + show.Clean(near) + "?"
	case n == 0:
		r.hint = "ask a query first"
	default:
		r.hint = fmt.Sprintf("the newest is #%d", m.audiences.all[n-1].number)
		if len(names) > 0 {
			r.hint += "; names: " + show.Clean(strings.Join(names[:min(len(names), 5)], ", "))
		}
	}
	return r
}
