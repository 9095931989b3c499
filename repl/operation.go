package repl

// The operations, as the queue calls them.
const (
	Breakdown = "breakdown"
	Funnel    = "funnel"
	Near      = "near"
	Lift      = "lift"
	Overlap   = "overlap"
	Rows      = "rows"
	Why       = "why"
	Export    = "export"
	Save      = "save"
	Diff      = "diff"
)

// Operation is what is asked of an audience beside its size. It goes through the queue as a query does. What an
// operation does not need is left out.
type Operation struct {
	// Op is what it is called, "" for the count that every query has, of which its values may be asked too.
	Op string
	// By is the field of a breakdown, or the fields of a lift with commas between them, or all; Top is how many values are
	// wanted at most, 0 for what is usual.
	By  string
	Top int
	// Others are the audiences that an overlap compares with the query.
	Others []Query
	// Profile is the id of the one that why is about.
	Profile string
	// IDs and Select are the columns of rows, and of an export to a file: ids, and a list of fields and expressions with
	// commas. Limit is how many profiles are given at most, Sample how many are chosen from all; 0 for all.
	IDs           bool
	Select        string
	Limit, Sample int
	// To is where an export goes, and Into what it is called there: a file as it was typed, or what is published in Redis;
	// Into is also the name of the segment of a save.
	// With Replace it may take the place of what is there.
	To, Into string
	Replace  bool
	// Members says that a save keeps the ids of the profiles, too, under the name Into.
	Members bool
	// Saved is the saved segment of a diff, NAME@VERSION, whose profiles are compared with its members, or where Against
	// has paths of other data, with the flags to read it with, with its profiles there.
	Saved   string
	Against []string
}
