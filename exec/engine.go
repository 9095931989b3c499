package exec

import (
	"context"
	"time"

	"github.com/segq/segq/lang/check"
)

// Query is one member of a [Batch].
type Query struct {
	// ID is the caller's name for the query, unique in its batch.
	ID string
	// Typed is what to run.
	Typed *check.Query
	// Sample is how many ids of matching profiles to give; 0 for none. Which
	// ones is decided by Seed alone: equal seeds over one snapshot give equal
	// samples, whatever the number of cores.
	Sample int
	Seed   uint64
	// Values asks to describe the values of the matching profiles, where the query is
	// no condition. That evaluates it once more for each of them, one after another.
	Values bool
	// By is the path to a field of the profile, through objects, by whose values the
	// matching profiles are counted; nil for none.
	By []string
	// IDs is given the ids of all matching profiles, some at a time and never the same
	// twice, in no order; nil for nobody. It is called by one goroutine at a time, and
	// must be done with the slice when it returns. Its error ends the query.
	IDs func(ids []string) error
	// Matches is the same in bits: bit j of word i is the profile with the number
	// start + 64 i + j, and start is a multiple of 64.
	Matches func(start int, matched []uint64) error
	// Context cancels this query alone; nil means the context of the batch.
	Context context.Context
}

// Batch is a set of queries that share one scan.
type Batch struct {
	Queries []Query
	// Now is what now means to all of them. It must be set.
	Now time.Time
	// Class and Tenant say with whom the batch shares the processors, and how: classes
	// by their weights, and the tenants of a class evenly.
	Class  Class
	Tenant string
	// Sink hears of the progress; nil for none.
	Sink Sink
	// Done is called once for each query, as soon as its answer is known, which
	// may be long before that of others; nil for nobody. It is called from many
	// goroutines and should return soon. Progress that was under way may still
	// reach the Sink after it.
	Done func(Result)
}

// Sink hears of the progress of a batch. Its methods are called from many
// goroutines, and must neither block nor fail: a sink that is behind forgets.
// What is reported is absolute, so that only the last report of a partition
// counts.
type Sink interface {
	// Start tells the number of rows of each partition, once for each query,
	// before the first Progress.
	Start(query string, partitions []int)
	// Progress tells how far a query is in one partition.
	Progress(query string, partition int, p Progress)
}

// Progress is how far a query is in one partition: rows seen, rows matched, and
// whether the partition is finished.
type Progress struct {
	Rows, Matched int
	Done          bool
}

// Result is the outcome of one [Query]. Either Err is set, or the rest is.
type Result struct {
	ID  string
	Err error
	// Count is the number of profiles for which the query's condition holds, of
	// Total. It is exact.
	Count, Total int
	// Sample is a uniform sample of the ids of matching profiles, in row order.
	Sample []string
	// Groups are the values of the field By among the matching profiles, most frequent
	// first and equally frequent ones in order of value; Without is how many have none.
	Groups  []ValueCount
	Without int
	// Values describes the values where the query asks for them and is no condition,
	// else nil.
	Values *Values
	// Overflowed says that some number was too large for its type, and became
	// null.
	Overflowed bool
	// Elapsed is the time from the start of the run to this query's answer.
	Elapsed time.Duration
}

// Values describes the values that a query of another type than Bool takes over the
// profiles that match: null is no match, and neither is the empty list.
type Values struct {
	// Present is the number of these profiles.
	Present int
	// Numbers: Min, Average, Max and Sum over them.
	Numeric                bool
	Min, Average, Max, Sum float64
	// Top holds the most frequent values of strings, booleans and timestamps,
	// as text, most frequent first, ties in order of value; Distinct is how many
	// different ones there are.
	Top      []ValueCount
	Distinct int
	// Sizes: for lists and maps, Numeric figures are those of their sizes.
	Sizes bool
	// Examples holds up to three values of lists and objects, as JSON.
	Examples []string
}

// ValueCount is a value and the number of profiles that have it.
type ValueCount struct {
	Value string
	Count int
}
