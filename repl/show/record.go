package show

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/segq/segq/redisx/record"
)

// Title is what a record answers: its name, and its query in one line.
func Title(r *record.Record) string {
	query := OneLine(r.Query)
	switch {
	case r.Name == "":
		return query
	case query == "":
		return Clean(r.Name)
	}
	return Clean(r.Name) + ": " + query
}

// Outcome says in one line how a record ended: its count, or its status.
func Outcome(r *record.Record, l Look) string {
	took := "  " + l.As(Faint, Took(time.Duration(r.ElapsedMS*float64(time.Millisecond))))
	if l.Untimed {
		took = ""
	}
	switch {
	case r.Status != record.OK && r.Error != nil:
		return l.As(Wrong, Clean(r.Status)) + ": " + OneLine(r.Error.Message)
	case r.Status != record.OK:
		return l.As(Wrong, Clean(r.Status))
	case r.Count == nil && r.Total == nil:
		return cmp.Or(strings.TrimSpace(took), "done")
	case r.Count == nil:
		return Plural(*r.Total, "profile", "profiles") + took
	case r.Total == nil:
		return l.As(Loud, Count(*r.Count)) + took
	}
	sure := l.As(Doubtful, "estimate")
	if r.Exact {
		sure = l.As(Exact, "exact")
	}
	return fmt.Sprintf("%s of %s  %s  %s%s", l.As(Loud, Count(*r.Count)), Count(*r.Total), Share(*r.Count, *r.Total), sure, took)
}

// announced are the names in [record.Record.Truncated] of what the parts themselves say.
var announced = []string{"values.top", "values.examples", "breakdown.values", "lift", "overlap.exact", "rows", "changes.audiences"}

// Remarks are the sentences that go with an answer: what may have been meant, what explains it, what is doubtful, what could
// not be read, and what else is left out.
func Remarks(r *record.Record, l Look) []string {
	var lines []string
	say := func(mark, text string) {
		lines = append(lines, Words(l.As(Doubtful, mark+":")+" "+text, l.Width)...)
	}
	if e := r.Error; e != nil && e.Hint != "" && !e.Told && e.Code != record.Internal {
		say("hint", OneLine(e.Hint))
	}
	how := l.More[Suggested]
	for _, n := range r.Notes {
		say("note", OneLine(n.Text))
		if n.Instead != "" {
			say("try", strings.TrimSpace(OneLine(n.Instead)+"  "+how))
			how = "" // it is for the first
		}
	}
	for _, w := range r.Warnings {
		say("warning", OneLine(w))
	}
	for _, field := range slices.Sorted(maps.Keys(r.ValuesSkipped)) {
		say("skipped", fmt.Sprintf("%s of %s, not of its type", Plural(r.ValuesSkipped[field], "value", "values"), Clean(field)))
	}
	for _, name := range r.Truncated {
		if !slices.Contains(announced, name) {
			lines = append(lines, l.more(Clean(name)+" is not whole", name)...)
		}
	}
	return lines
}
