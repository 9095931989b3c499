package repl

import (
	"strings"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/repl/show"
)

// lexeme is a word of a query, and where it is.
type lexeme struct {
	text       string
	start, end int
}

// lexemes are the words of the query's text.
func (q *query) lexemes() []lexeme {
	if q.lexed == nil {
		for _, t := range lang.Tokens(q.text) {
			q.lexed = append(q.lexed, lexeme{q.text[t.At.Start:t.At.End], t.At.Start, t.At.End})
		}
	}
	return q.lexed
}

// title is what a query is called in so many cells beside its neighbours: its name, or its text, of which, where it is
// longer, that remains by which the query differs from those that are much like it.
func title(q *query, width int, neighbours []*query) string {
	text := show.Clean(q.name)
	if q.name == "" {
		text = show.OneLine(q.text)
	}
	if q.name != "" || show.Cells(text) <= width {
		return show.Fit(text, width)
	}
	from, to, ok := q.differs(neighbours)
	if !ok {
		return show.Fit(text, width)
	}
	return show.Fit(q.clauses(from, to, width), width)
}

// clauses are the clauses that a range of words is in, or these words alone where those have no room.
func (q *query) clauses(from, to, width int) string {
	clause := q.part(q.clause(from, to))
	if words := q.part(from, to); show.Cells(clause) > width && show.Cells(words) < show.Cells(clause) {
		return words
	}
	return clause
}

// tellApart notes of queries that were stopped by what they differ from those that ran beside them: what is left of them in the
// scrollback says that as well.
func (m *Model) tellApart(jobs []Job) {
	for _, j := range jobs {
		if j.State != Cancelled {
			continue
		}
		for _, q := range m.queries {
			if q.id != j.ID {
				continue
			}
			if from, to, ok := q.differs(m.queries); ok {
				q.apart = [2]int{from, to}
			}
		}
	}
}

// differs finds the words of a query that are not those of its neighbours, as far as they are much like it.
func (q *query) differs(neighbours []*query) (from, to int, ok bool) {
	words := q.lexemes()
	from, to = len(words), 0
	for _, other := range neighbours {
		theirs := other.lexemes()
		before := 0
		for before < min(len(words), len(theirs)) && words[before].text == theirs[before].text {
			before++
		}
		behind := 0
		for behind < min(len(words), len(theirs))-before && words[len(words)-1-behind].text == theirs[len(theirs)-1-behind].text {
			behind++
		}
		if other == q || before == len(words) && before == len(theirs) || 2*(before+behind) < len(words) {
			continue // itself, the same again, or another
		}
		from, to = min(from, before), max(to, len(words)-behind)
	}
	return min(from, to), to, to > 0
}

// clause widens a range of words to the clauses that it is in.
func (q *query) clause(from, to int) (int, int) {
	words := q.lexemes()
	for depth := 0; from > 0; from-- {
		switch word := strings.ToLower(words[from-1].text); {
		case strings.Contains(")]}", word):
			depth++
		case depth > 0 && strings.Contains("([{", word):
			depth--
		case depth == 0 && (strings.Contains("([{,;", word) || parts[word]):
			return from, q.clauseEnd(to)
		}
	}
	return from, q.clauseEnd(to)
}

// clauseEnd is where the clause ends that the words before to are in.
func (q *query) clauseEnd(to int) int {
	words := q.lexemes()
	for depth := 0; to < len(words); to++ {
		switch word := strings.ToLower(words[to].text); {
		case strings.Contains("([{", word):
			depth++
		case depth > 0 && strings.Contains(")]}", word):
			depth--
		case depth == 0 && (strings.Contains(")]},;", word) || parts[word]):
			return to
		}
	}
	return to
}

// parts are the words between clauses.
var parts = map[string]bool{"and": true, "or": true, "where": true}

// part is a range of words as they are written, with … for what is left out.
func (q *query) part(from, to int) string {
	words := q.lexemes()
	if from >= to { // what neighbours have more
		return "… " + show.OneLine(q.text[words[max(from-1, 0)].start:])
	}
	text := show.OneLine(q.text[words[from].start:words[to-1].end])
	if from > 0 {
		text = "… " + text
	}
	if to < len(words) {
		text += " …"
	}
	return text
}
