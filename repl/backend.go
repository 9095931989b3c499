package repl

import (
	"context"
	"time"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/redisx/estimate"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// Backend is what a session needs of the engine and of the queue before it.
//
// Describe, Schema and Parameters answer at once from memory: they are called while the
// screen waits. The others may wait for the network; they are called from
// goroutines of their own, several at a time, with a context that ends with the
// session, or as soon as nobody waits for the answer any more.
type Backend interface {
	Sharing
	Forms
	Personal
	Parameters
	Meanings
	Saving
	Gathering
	Exporting
	Fields
	Reading
	// Open returns when the data can be asked: at once, or after it was read. Until then Describe
	// says what is known, among it Opening, and nothing but Describe and Schema may be called. An
	// error is that of data which cannot be opened, and ends the session.
	Open(ctx context.Context) error
	// Reopen opens other data, or, where words name none, the data that there is once more, and
	// has the session go on with it. Flags among the words say how it is read ([Reading]). tell hears how many bytes of how many were read. Until that is
	// done, and where it fails, the session has what it had. changed is false where there is nothing else
	// than before. Queries that were begun end on what they began with.
	Reopen(ctx context.Context, words []string, tell func(Opening)) (changed bool, err error)
	// Refresh opens the data that there is once more, as Reopen does, where it is known to have changed since. The
	// error is [ErrWriting] as long as somebody writes to it.
	Refresh(ctx context.Context) (changed bool, err error)
	// Describe says what is loaded.
	Describe() Info
	// Check compiles a query against the schema. Spans are offsets into its text.
	// Nothing to say is an empty list; warnings alone do not stop the query. One that
	// has a name and no error can be asked about by later ones: inSegment("name").
	Check(q Query) ast.Diagnostics
	// Complete says what can stand at the byte offset cursor of a text, with what is known
	// by now. It and Peek are asked one question at a time, and return soon after their context
	// has ended: the next one waits for that.
	Complete(ctx context.Context, text string, cursor int) Completion
	// Peek counts what is complete of a text, and what the clause at the cursor does. It holds up
	// no query and leaves nothing behind. There is nothing to show for a text that does not
	// check, or that takes too long.
	Peek(ctx context.Context, text string, cursor int) Peek
	// Schema lists the fields of a profile, parents before their children, in
	// the order of the dataset. The session does not change the list.
	Schema() []Field
	// LoadReport says line by line how the data was read, and of each field how it is filled, as far as that is in memory;
	// nothing where the data is elsewhere.
	LoadReport(ctx context.Context, look show.Look) ([]string, error)
	// Submit puts a query in the queue and gives the id of its job. Where the error is [ErrAway], the query may be
	// there all the same: who sends it again gives it that id.
	Submit(ctx context.Context, q Query) (id string, err error)
	// Poll returns the jobs with these ids, in any order. One call asks for all
	// running queries of the session, at most ten times a second. A job that
	// nobody knows any more is given as [Lost]. An error says that nothing could
	// be learned; the session shows it and asks again.
	Poll(ctx context.Context, ids []string) ([]Job, error)
	// Cancel asks for the end of a job and returns when the request is made.
	// That the job has ended is told by Poll, as [Cancelled], or as [Done] when
	// the answer came first.
	Cancel(ctx context.Context, id string) error
}

// Info describes what the session works on. Numbers below zero are unknown.
type Info struct {
	// Version is that of the program.
	Version string
	// Dataset is a short name for the data: a file, or "sample".
	Dataset string
	// Profiles and Events are the numbers of rows.
	Profiles, Events int64
	// Fields is how many fields a profile has that hold values, of which Loaded are in memory. Fields is 0,
	// or Loaded below 0, where that is not known.
	Fields, Loaded int
	// Snapshot is the fingerprint of the contents.
	Snapshot string
	// Now is what now means to queries; zero when each query takes the time of
	// its start.
	Now time.Time
	// Opening is how far the data is read; nil when that is done.
	Opening *Opening
	// Facts are what else to know about the data, in a few words each: 412 rows skipped.
	Facts []string
	// Notes are sentences that the user should read once, at the start.
	Notes []string
	// Example is a query that is worth trying first, "" for none.
	Example string
}

// Opening is how far data is read: Done of Size bytes, 0 where that is not known, in which there were so many Rows.
type Opening struct{ Done, Size, Rows int64 }

// Completion is what can stand at a cursor.
type Completion struct {
	lang.Completion
	// Note is a line about the choices: "4 values, 36.4 % null"; it may be empty.
	Note string
	// None says why there are no choices, in a few words; "" where that is not known.
	None string
	// Pending says that there will be more soon, so that it is worth asking again.
	Pending bool
}

// Peek is what a text that is being typed would find. The zero value is nothing to show.
type Peek struct {
	// Counted is the part of the text that is complete and was counted. It is empty where there
	// is nothing to show.
	Counted ast.Span
	// Of Total profiles, Count match; Exact is false for an estimate.
	Count, Total int64
	Exact        bool
	// Note says why nothing matches, and Instead what is meant in the place of Counted; "" where that is not known.
	Note, Instead string
	// Clause is the clause at the cursor, nil where there is but one, or none at the cursor.
	Clause *Clause
	// Loading says that columns are on their way, or that queries under way have the processors, so that it is
	// worth asking again.
	Loading bool
}

// Clause is one of the conditions of a query that all have to hold.
type Clause struct {
	At ast.Span
	// Pass is how many profiles of all meet it, and Without how many meet all others.
	Pass, Without int64
}

// Field is one field of the schema.
type Field struct {
	// Path is how a query names the field, from the profile: homeAddress.city.
	// Fields of list elements continue after the list: xEvent.eventType.
	Path string
	// Type is the type in the language's words.
	Type string
	// Doc is one line about the field; it may be empty.
	Doc string
	// Filled is the share of profiles with a value, from 0 to 1; below zero
	// when it is not known.
	Filled float64
}

// Query is one query to run.
type Query struct {
	// Name is the name that the user gave, or "".
	Name string
	// Text is one PQL expression that Check found no error in.
	Text string
	// Values asks for the values of a query that is no condition.
	Values bool
	// Asks is what is asked of it beside its size, nil for nothing.
	Asks *Operation
	// Gives is the type of its values, where that is known; "" for a condition.
	Gives string
	// ID is that of its job, where it is sent again; else "".
	ID string
}

// writes says whether the query leaves a file or a set behind, so that it is not to be asked twice; a segment that is saved twice is
// one version.
func (q *Query) writes() bool { return q.Asks != nil && q.Asks.Op == Export }

// State is a stage in the life of a [Job], by its word.
type State string

// The states. Those from Done on are final: a job in one of them does not
// change any more.
const (
	Queued    State = "queued"
	Delayed   State = "delayed" // met an error that may pass, and waits to be tried again
	Suspect   State = "suspect" // was lost with its worker, and waits to run alone
	Running   State = "running"
	Done      State = "done"
	Failed    State = "failed"
	Cancelled State = "cancelled"
	Expired   State = "expired" // ran past its deadline
	Dead      State = "dead"    // given up after several crashes
	Lost      State = "lost"    // the queue does not know the id
)

// Final says whether a job in state s has ended. States without a
// constant here count as still going.
func (s State) Final() bool {
	switch s {
	case Done, Failed, Cancelled, Expired, Dead, Lost:
		return true
	}
	return false
}

// Job is the state of one submitted query.
type Job struct {
	ID    string
	State State
	// Partitions is how far each partition is; empty while that is not known.
	// Entries keep their place from one poll to the next.
	Partitions []Partition
	// Unserved is how to start a worker, where there is none for the query; else "".
	Unserved string
	// Loading is how far the data is that the query waits for; zero when it waits for none.
	Loading Loading
	// Place is that among the queries that wait for a worker, from 1; 0 where it does not wait, or that is not known.
	Place int
	// Before is the id of a job that runs alone and that a Suspect waits for, or a Queued one where no worker is left
	// for it meanwhile; else "". Alone says that it runs alone itself, and Worker which worker has it.
	Before string
	Alone  bool
	Worker string
	// Attempt counts the workers that have had it, from 1, and Snapshot names the data of the last; 0 and "" where
	// that is not known.
	Attempt  int
	Snapshot string
	// Answer is set when the state is Done; its Warnings are what is doubtful about it and
	// was not said by Check.
	Answer *record.Record
	// Error says what went wrong and what to do, when the state is final and
	// neither Done nor Cancelled, and why it is to be tried again, when it is Delayed.
	Error string
}

// Loading is how far data is loaded: Done of Total bytes, of so many columns, 0 where that is not known.
type Loading struct {
	Done, Total int64
	Columns     int
}

// Partition is the progress in one partition: of Total rows, Rows were seen and
// Matched of those matched. The numbers are absolute. Total is 0 when it is not
// known yet.
type Partition = estimate.Partition
