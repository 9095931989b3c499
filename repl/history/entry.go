package history

import (
	"strings"
	"time"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
)

// Kind says what an input was.
type Kind string

// The kinds.
const (
	Query   Kind = "query"
	Command Kind = "command" // of the session, such as .fields
)

// Entry is one input with what became of it. Entries that a [Store] gives are shared: nobody changes them.
type Entry struct {
	// ID is unique: that of the session, and a number.
	ID   string
	Kind Kind
	// Text is the whole input as it was typed, with its line ends.
	Text string
	// Key is the same for inputs that mean the same: of queries the canonical form.
	Key string
	// Time is when it was entered.
	Time time.Time
	// Dataset and Snapshot are what it was asked of.
	Dataset, Snapshot string
	Outcome

	folded string
}

// State says how an input ended.
type State string

// The states. An input without one was a command, held several queries, or its session ended before the answer.
const (
	Done      State = "done"
	Wrong     State = "wrong" // it did not check
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Outcome is what became of an input.
type Outcome struct {
	State State
	// Of Total profiles, Count matched, if it is done; Exact is false for an estimate.
	Count, Total int64
	Exact        bool
	Elapsed      time.Duration
}

// KeyOf returns the key of an input. Of one that is no query yet, and of a command, it is the text with
// single spaces.
func KeyOf(kind Kind, text string) string {
	if kind == Query {
		if f, ds := lang.Parse(text); !ds.Failed() && len(f.Statements) > 0 {
			return canonical(f)
		}
	}
	return strings.Join(strings.Fields(text), " ")
}

// canonical returns the statements of a file without comments, in their canonical form.
func canonical(f *ast.File) string {
	var b strings.Builder
	for i := range f.Statements {
		s := &f.Statements[i]
		if i > 0 {
			b.WriteString("; ")
		}
		if s.Name.Text != "" {
			b.WriteString(s.Name.Text + ": ")
		}
		b.WriteString(ast.Format(s.X))
	}
	return b.String()
}

// place is what an input is the only one of in a history.
func (e *Entry) place() string { return string(e.Kind) + " " + e.Key }

// Folded returns the text in lower case.
func (e *Entry) Folded() string { return e.folded }

// Holds says whether all words are in the text, whatever the case of their letters.
func (e *Entry) Holds(words []string) bool {
	for _, w := range words {
		if !strings.Contains(e.folded, strings.ToLower(w)) {
			return false
		}
	}
	return true
}
