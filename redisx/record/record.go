// Package record defines what an answer is, as plain structs and their JSON: for the command
// line, the queue, the preview API and the session alike. It knows no engine and no
// queue.
//
// The tour: a [Record] (this file) is the answer to one command. The results of operations
// other than counting are in operation.go, the values of a query in values.go. json.go writes
// and reads records, also those of other versions.
package record

import "time"

// Version is that of the records that this program writes. Versions read each other: a
// field that a reader does not know is no error, and one that is missing is nothing. A
// record without a version is 0, as segq wrote them before records had one.
const Version = 1

// The statuses of a record.
const (
	OK        = "ok"
	Failed    = "error"
	Timeout   = "timeout"
	Cancelled = "cancelled"
)

// Lost is the code of the error of a query whose job nobody can answer any more: its workers were
// lost with it, its tries are used up, or Redis has forgotten it.
const Lost = "lost"

// Unreadable is the code of the error of a query whose data cannot be read: the file in which it
// lies is damaged, or was changed under it.
const Unreadable = "unreadable"

// OtherSnapshot is the code of the error of a query that asks for other data than the workers answer
// from.
const OtherSnapshot = "other-snapshot"

// NoProfile is the code of the error of an id that no profile has.
const NoProfile = "no-profile"

// Internal is the code of an error that is a bug in segq. Its hint is the report.
const Internal = "internal"

// OtherIDs is the code of the error of ids that cannot be compared: numbers of one data and texts of the other, or values of
// two fields.
const OtherIDs = "other-ids"

// TooManyRows is the code of the error of rows for which a record has no room. Its hint ends with
// the command line of an export to a file, which has room for all.
const TooManyRows = "too-many-rows"

// Taken is the code of the error of an export to where something is that it is not to replace.
const Taken = "taken"

// Record is the answer to one command. Count and Total are nil when there is no answer.
type Record struct {
	V      int    `json:"v"`
	ID     string `json:"id"`
	Index  int    `json:"index"`
	Name   string `json:"name"`
	Query  string `json:"query"`
	Status string `json:"status"`
	// Count is the number of profiles for which the query holds, of Total; Exact says that
	// it was counted, and is no estimate.
	Count *int `json:"count"`
	Total *int `json:"total"`
	Exact bool `json:"exact"`
	// RowsSkipped is how many rows of the data could not be read and are in no number of
	// the record, nil where the data is not known; ValuesSkipped how many values, by field,
	// of the fields that the query names, were not of the field's type and count as null.
	RowsSkipped   *int           `json:"rows_skipped"`
	ValuesSkipped map[string]int `json:"values_skipped,omitempty"`
	ElapsedMS     float64        `json:"elapsed_ms"`
	// Engine is what has answered, such as "resident"; "" where nothing has.
	Engine string `json:"engine,omitempty"`
	// Snapshot names the data that was asked, and Now is what now meant.
	Snapshot string    `json:"snapshot"`
	Now      time.Time `json:"now"`
	Cached   bool      `json:"cached"`
	// Type is that of the values of a query that is no condition, else "": it is counted
	// by its condition.
	Type   string   `json:"type,omitempty"`
	Sample []string `json:"sample,omitempty"`
	Values *Values  `json:"values,omitempty"`
	// Segments are digests of the definitions of the segments that the query asks about, by
	// name.
	Segments map[string]string `json:"segments,omitempty"`
	// SegmentVersions are the versions of those that were saved, by name, and RuleSet is the set of rules that was
	// asked.
	SegmentVersions map[string]int `json:"segment_versions,omitempty"`
	RuleSet         *RuleSet       `json:"rule_set,omitempty"`
	// Truncated names the parts of the record that hold less than there is.
	Truncated []string `json:"truncated,omitempty"`
	// Masked names the personal fields whose values stand as (masked) in what a session shows. No other record has it.
	Masked []string `json:"masked,omitempty"`
	// What operations besides counting give.
	Breakdown *Breakdown `json:"breakdown,omitempty"`
	Funnel    []Clause   `json:"funnel,omitempty"`
	Near      []Near     `json:"near,omitempty"`
	Lift      []Lift     `json:"lift,omitempty"`
	Rules     []Rule     `json:"rules,omitempty"`
	// Compared is how many values a lift has compared.
	Compared int      `json:"compared,omitempty"`
	Overlap  *Overlap `json:"overlap,omitempty"`
	Rows     *Rows    `json:"rows,omitempty"`
	Export   *Export  `json:"export,omitempty"`
	Schema   []Field  `json:"schema,omitempty"`
	Why      *Why     `json:"why,omitempty"`
	Qualify  *Qualify `json:"qualify,omitempty"`
	Diff     *Diff    `json:"diff,omitempty"`
	Changes  *Changes `json:"changes,omitempty"`
	Saved    *Saved   `json:"saved,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
	// Notes say what explains the answer, such as why nothing matches.
	Notes []Note `json:"notes,omitempty"`
	Error *Error `json:"error,omitempty"`
}

// RuleSet names a version of a set of rules.
type RuleSet struct {
	Name    string `json:"name"`
	Version int    `json:"version"`
}

// Note explains an answer. Instead is a whole query that may be what was meant, "" for none.
type Note struct {
	Text    string `json:"text"`
	Instead string `json:"instead,omitempty"`
}

// Error says what is wrong with a query, and where: line and column count from 1, columns
// in characters; they are 0 where there is no place.
type Error struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	// In is what the place is in: "select" for the list of what rows give, "" for the query.
	In string `json:"in,omitempty"`
	// Query is which of the queries of one command is wrong, from 1, and the place is in; 0 for the only one.
	Query  int    `json:"query,omitempty"`
	Line   int    `json:"line,omitempty"`
	Column int    `json:"column,omitempty"`
	Hint   string `json:"hint,omitempty"`
	// Told says that it has been told with its place, and need not be explained again.
	Told bool `json:"-"`
}
