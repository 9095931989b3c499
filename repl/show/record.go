package show

import (
	"fmt"
	"maps"
	"slices"
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
	took := l.As(Faint, Took(time.Duration(r.ElapsedMS*float64(time.Millisecond))))
	switch {
	case r.Status != record.OK && r.Status != "":
		return l.As(Wrong, Clean(r.Status))
	case r.Count == nil && r.Total == nil:
		return took
	case r.Count == nil:
		return Plural(*r.Total, "profile", "profiles") + "  " + took
	case r.Total == nil:
		return l.As(Loud, Count(*r.Count)) + "  " + took
	}
	sure := l.As(Doubtful, "estimate")
	if r.Exact {
		sure = l.As(Exact, "exact")
	}
	return fmt.Sprintf("%s of %s  %s  %s  %s", l.As(Loud, Count(*r.Count)), Count(*r.Total), Share(*r.Count, *r.Total), sure, took)
}

// Remarks are the sentences that go with an answer: its error, what explains it, what is doubtful,
// what could not be read.
func Remarks(r *record.Record, l Look) []string {
	var lines []string
	if r.Error != nil {
		lines = append(lines, OneLine(r.Error.Message))
	}
	for _, n := range r.Notes {
		lines = append(lines, l.As(Doubtful, "note: ")+OneLine(n.Text))
		if n.Instead != "" {
			lines = append(lines, "      try "+OneLine(n.Instead))
		}
	}
	for _, w := range r.Warnings {
		lines = append(lines, l.As(Doubtful, "warning: ")+OneLine(w))
	}
	for _, field := range slices.Sorted(maps.Keys(r.ValuesSkipped)) {
		lines = append(lines, l.As(Doubtful, "skipped: ")+fmt.Sprintf("%s of %s, not of its type", Plural(r.ValuesSkipped[field], "value", "values"), Clean(field)))
	}
	return lines
}
