package exec

import (
	"context"
	"time"

	"github.com/segq/segq/lang/check"
)

// Batch is a set of queries that share one scan.
type Batch struct {
	Queries []Query
	// Now is what now means to all of them. It must be set.
	Now time.Time
	// Class and Tenant say with whom the batch shares the processors, and how: classes
	// by their weights, but for Idle, and the tenants of a class evenly.
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
	// no condition.
	Values bool
	// Tallied asks for the values themselves in place of a description, to be added to those of other parts of the rows: with Values.
	Tallied bool
	// By is the path to a field of the profile, through objects, by whose values the
	// matching profiles are counted; nil for none.
	By []string
	// ByMost is how many different values By may have among these profiles, 0 for any
	// number. At more the counting of values ends, and [Result].ManyValues says so.
	ByMost int
	// ByTop is how many of these values the result lists, the most frequent ones, 0 for all.
	ByTop int
	// IDs is given the ids of all matching profiles, some at a time and never the same
	// twice, in no order; nil for nobody. Those that have none, where profiles have ids, are left out. It is called by one goroutine at a time, and
	// must be done with the slice when it returns. Its error ends the query.
	IDs func(ids []string) error
	// Matches is the same in bits: bit j of word i is the profile with the number
	// start + 64 i + j, and start is a multiple of 64. It is given every word, also those of
	// which no profile matches.
	Matches func(start int, matched []uint64) error
	// Context cancels this query alone; nil means the context of the batch.
	Context context.Context
}

// Reads returns what the query reads of a profile, where id is the field that identifies
// it, nil for none.
func (q *Query) Reads(id *check.Field) *check.Reads {
	reads := check.ReadsOf(q.Typed.Cond)
	if q.Values {
		reads.Add(check.ReadsOf(q.Typed.Root))
	}
	if at := reads; q.By != nil {
		for _, name := range q.By {
			at = at.Field(name)
		}
	}
	if (q.Sample > 0 || q.IDs != nil) && id != nil {
		reads.Field(id.Name).All = true
	}
	return reads
}
