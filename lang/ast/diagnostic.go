package ast

import "strings"

// Severity says whether a [Diagnostic] stops the query.
type Severity uint8

// The severities.
const (
	Error Severity = iota
	Warning
)

// Diagnostic is one thing to tell the author of a query: what is wrong, where,
// and what to do. Message and Hint are sentences without a final full stop;
// Code is a stable kebab-case name such as "unknown-field". Instead is what to
// write in the place of At, where one thing is meant, "" elsewhere.
type Diagnostic struct {
	Severity Severity
	Code     string
	Message  string
	Hint     string
	Instead  string
	At       Span
}

// Diagnostics is a list of diagnostics in order of place. As an error it reads
// as its messages, one a line; package lang renders it with lines and carets.
type Diagnostics []Diagnostic

// Error returns the messages, one a line.
func (ds Diagnostics) Error() string {
	lines := make([]string, len(ds))
	for i, d := range ds {
		lines[i] = d.Message
	}
	return strings.Join(lines, "\n")
}

// Failed says whether any diagnostic is an [Error].
func (ds Diagnostics) Failed() bool {
	for _, d := range ds {
		if d.Severity == Error {
			return true
		}
	}
	return false
}
