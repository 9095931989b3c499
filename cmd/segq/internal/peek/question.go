// Package peek counts what a text that is being typed would find, as far as it is complete, and what the
// clause at the cursor does. It holds up no query and leaves nothing behind: no record, no column given up,
// no answer kept for others.
//
// The tour: [New] returns the [Counter] of a dataset, [Counter.Count] answers a [Question] with a [Result].
// Both encode to JSON, so that a worker elsewhere can be asked the same.
package peek

import (
	"time"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/redisx"
)

// Op is the name of the request for a count.
const Op = "peek"

// Question is a text that is being typed.
type Question struct {
	Text string `json:"text"`
	// Cursor is its byte offset in Text.
	Cursor int           `json:"cursor"`
	Params redisx.Params `json:"params,omitempty"`
	// Now is what now means; zero for the time of asking.
	Now time.Time `json:"now,omitzero"`
	// Segments are the queries that have names, by these: inSegment("name").
	Segments map[string]string `json:"segments,omitempty"`
}

// Result is what there is to show. The zero value is nothing: the text does not check, or takes too long, or
// there is no memory for what it reads.
type Result struct {
	// Counted is the part of the text that is complete and was counted, or will be when it is loaded.
	Counted Span `json:"counted"`
	// Of Total profiles, Count match. Exact is false for an estimate.
	Count int64 `json:"count"`
	Total int64 `json:"total"`
	Exact bool  `json:"exact"`
	// Note says why nothing matches, and Instead what was meant in the place of Counted; each is empty where that is
	// not known, or not worth the time.
	Note    string `json:"note,omitempty"`
	Instead string `json:"instead,omitempty"`
	// Clause is the one at the cursor, nil where there is but one, or none at the cursor.
	Clause *Clause `json:"clause,omitempty"`
	// Loading says that columns are on their way, or that queries under way have the processors: it is worth
	// asking again. There is no count then.
	Loading bool `json:"loading,omitempty"`
}

// Clause is one of the conditions that all have to hold: Pass is how many profiles of all meet it, Without
// how many meet all others.
type Clause struct {
	At      Span  `json:"at"`
	Pass    int64 `json:"pass"`
	Without int64 `json:"without"`
}

// Span is an [ast.Span] in JSON.
type Span struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// AST returns the span as the language has it.
func (s Span) AST() ast.Span { return ast.Span(s) }
