package record

import "encoding/json"

// Why says of one profile in which rules it is, and what decided that.
type Why struct {
	// Profile is the id of the profile. Where Profiles, how many have it, is more than 1, this is about the first of them.
	Profile  string `json:"profile"`
	Profiles int    `json:"profiles"`
	// Rules are the rules in their order, and In is how many of them it is in.
	Rules []WhyRule `json:"rules"`
	In    int       `json:"in"`
}

// WhyRule is what a rule says of a profile. In is nil for a rule that is wrong, as its error says. Tree is its condition,
// nil where only the answers were asked for.
type WhyRule struct {
	Name  string     `json:"name,omitempty"`
	Query string     `json:"query"`
	In    *bool      `json:"in"`
	Tree  *WhyClause `json:"tree,omitempty"`
	Error *Error     `json:"error,omitempty"`
}

// The verdicts of a [WhyClause]. Null is false for the language: there was nothing to compare.
const (
	WhyTrue  = "true"
	WhyFalse = "false"
	WhyNull  = "null"
)

// WhyClause is a condition, or a part of one, with what it says of the profile.
type WhyClause struct {
	// Kind is and, or, not, if, test, list (whether elements of a list meet a condition), chain, step or segment.
	Kind string `json:"kind"`
	// Clause is its text, "" for what only joins others; of a step its label, of a segment its name.
	Clause  string     `json:"clause,omitempty"`
	Verdict string     `json:"verdict"`
	Values  []WhyValue `json:"values,omitempty"`
	// Wanted and Found are how many elements a step wants and has found. Unreached is a step after one that found too
	// few.
	Wanted    int64       `json:"wanted,omitempty"`
	Found     int64       `json:"found,omitempty"`
	Unreached bool        `json:"unreached,omitempty"`
	Lists     []WhyList   `json:"lists,omitempty"`
	Of        []WhyClause `json:"of,omitempty"`
	// Cut says that what is below it is left out, since the tree is large enough.
	Cut bool `json:"cut,omitempty"`
}

// WhyValue is what an expression is worth.
type WhyValue struct {
	Of string `json:"of"`
	// Type is bool, int, float, string, timestamp, interval, list, map or object; Value is as in rows, null for none. Of a
	// list or a map, Size is how many elements it has, and Value the first of them at most. Value is left out for objects,
	// and for lists of these.
	Type  string          `json:"type"`
	Value json.RawMessage `json:"value,omitempty"`
	Size  *int            `json:"size,omitempty"`
	// Cut says that the text is longer.
	Cut bool `json:"cut,omitempty"`
}

// WhyList is a list, or the combinations of elements of several, that a clause asks about: how many elements there are,
// and for how many the condition holds. Nearest are those that say most.
type WhyList struct {
	Of       string       `json:"of"`
	Elements int          `json:"elements"`
	Held     int          `json:"held"`
	Nearest  []WhyElement `json:"nearest,omitempty"`
	// Cut says that there are more than were looked at.
	Cut bool `json:"cut,omitempty"`
}

// WhyElement is an element of a list, or one of each of several lists.
type WhyElement struct {
	Of      []WhyMember `json:"of"`
	Verdict string      `json:"verdict"`
	// Early says that it stands before what the step before has taken.
	Early bool        `json:"early,omitempty"`
	Parts []WhyClause `json:"parts,omitempty"`
}

// WhyMember is one element: the name of its variable, if it has one, its place from 0, the key of an entry of a map, when
// it was, and its value, unless that is an object.
type WhyMember struct {
	Name  string          `json:"name,omitempty"`
	Index int             `json:"index"`
	Key   string          `json:"key,omitempty"`
	At    string          `json:"at,omitempty"`
	Value json.RawMessage `json:"value,omitempty"`
}
