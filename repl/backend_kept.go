package repl

import (
	"context"
	"time"

	"github.com/segq/segq/repl/show"
)

// Parameters are the values of @name in the queries of a session. They answer at once.
type Parameters interface {
	// Params lists them by name.
	Params() []Param
	// SetParam gives a parameter a value, as --param takes it: true, false, a number, a text, in quotes where it looks like
	// one of the others, a list or an object as JSON. It returns the value as it is taken.
	SetParam(name, value string) (Param, error)
	// DropParam takes a value away, and says whether there was one.
	DropParam(name string) bool
}

// Param is the value of a parameter, as queries write it.
type Param struct{ Name, Value string }

// Meanings say what queries mean. They may wait.
type Meanings interface {
	// Explain says what a query that is right holds for, in words, and what it reads.
	Explain(ctx context.Context, q Query, l show.Look) ([]string, error)
	// Gives is the type of the values that a query which is right has, "" for a condition, and where that is not known. It answers
	// as soon as Check does.
	Gives(q Query) string
	// Plan says how it would run.
	Plan(ctx context.Context, q Query) ([]string, error)
}

// Exporting says what becomes of exports. It answers at once.
type Exporting interface {
	// ExportsStay says whether an export goes on when the session has ended.
	ExportsStay() bool
}

// Saving keeps segments beyond the session. It may wait. All that is not there is an error which says what may be meant.
type Saving interface {
	// Save keeps a segment under its name, with the query of a session as a whole, and returns it as it is kept. Known is
	// the answer to it, which says how many it has. With members it is a query of the operation save that keeps it.
	Save(ctx context.Context, name string, q Query, known Counted) (SavedSegment, error)
	// Saved lists the saved segments, and SavedVersions the versions of one, the oldest first.
	Saved(ctx context.Context) (SavedList, error)
	SavedVersions(ctx context.Context, name string) ([]SavedSegment, error)
	// DropSaved drops segments with all their versions; those that others ask about only where force says so.
	DropSaved(ctx context.Context, names []string, force bool) error
}

// Counted is how many profiles an audience had, of how many, in which data, and when.
type Counted struct {
	Count, Total int
	Snapshot     string
	// Data is what that data is called, "" where that is not known.
	Data string
	Now  time.Time
}

// SavedList are saved segments, and where they are.
type SavedList struct {
	Segments []SavedSegment
	Place    string
}

// SavedSegment is a version of a saved segment.
type SavedSegment struct {
	Name    string
	Version int
	Query   string
	Counted
	At      time.Time
	Members bool // the ids of its profiles are kept
	// Fresh says that it was saved as a new version: the same query is the version that there was.
	Fresh bool
	Place string
}
