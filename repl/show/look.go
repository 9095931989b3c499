package show

import "github.com/charmbracelet/x/ansi"

// Role is what a piece of text is there for. It decides the colour, where there are colours;
// everything can be read without them.
type Role int

// The roles.
const (
	Plain    Role = iota
	Loud          // the number that was asked for
	Faint         // times, states, what is said beside
	Exact         // what was counted
	Doubtful      // estimates, warnings, what to look at
	Wrong         // errors
	Name          // fields
)

// sgr are the numbers that select the look of a role: those of the sixteen colours that every
// terminal has, and its user has chosen.
var sgr = map[Role]string{Loud: "1", Faint: "2", Exact: "32", Doubtful: "33", Wrong: "1;31", Name: "36"}

// Colours paints text as terminals do.
func Colours(role Role, s string) string {
	if sgr[role] == "" || s == "" {
		return s
	}
	return "\x1b[" + sgr[role] + "m" + s + "\x1b[0m"
}

// Look is how something is to be shown.
type Look struct {
	// Width is that of the screen, in cells; 0 where lines may have any length, as in a file:
	// then nothing is shortened.
	Width int
	// Start is the column of the screen, from 1, in which lines begin, 0 where that is not known. Terminals differ in
	// how wide some texts are: what follows these is put into its column.
	Start int
	// Whole lets tables be wider than that, as in a pager that can go to the right: nothing in them is shortened.
	Whole bool
	// Untimed leaves out how long answers took.
	Untimed bool
	// Bars allows bars. They need a Width.
	Bars bool
	// Paint gives text the look of a role, as Colours does; nil for no colours.
	Paint func(role Role, s string) string
	// Top is how many rows of a long answer are wanted: 0 for its outline, which leaves out what
	// says little.
	Top int
	// More says what to give to see what is left out, by its name in [record.Record.Truncated], and
	// that which Folded names.
	More map[string]string
}

// Folded is the name in Look.More of texts that were shortened to fit the screen.
const Folded = "folded"

// Spared is that of columns that are left out since the screen is too narrow.
const Spared = "spared"

// Suggested is that of the query that a note suggests, for who can take it.
const Suggested = "suggested"

// Unmasked is that of values that are masked since they are personal.
const Unmasked = "unmasked"

// As returns s in the look of a role.
func (l Look) As(role Role, s string) string {
	if l.Paint == nil {
		return s
	}
	return l.Paint(role, s)
}

// Narrower returns the look for what is indented by so many cells.
func (l Look) Narrower(cells int) Look {
	if l.Width > 0 {
		l.Width = max(l.Width-cells, 1)
	}
	if l.Start > 0 {
		l.Start += cells
	}
	return l
}

// pin goes to a column, and empties the line from there; nothing where lines begin nobody knows where.
func (l Look) pin(column int) string {
	if l.Start == 0 {
		return ""
	}
	return ansi.EraseLineRight + ansi.CursorHorizontalAbsolute(l.Start+column)
}

// more returns a line that says that something is left out, and what to give to see it.
func (l Look) more(what, name string) []string {
	line := "… " + what
	if how := l.More[name]; how != "" {
		line += "; " + how
	}
	return l.Said(Faint, line)
}

// Said returns a sentence in the look of a role, on as many lines as it takes.
func (l Look) Said(role Role, sentence string) []string {
	lines := Words(sentence, l.Width)
	for i, line := range lines {
		lines[i] = l.As(role, line)
	}
	return lines
}
