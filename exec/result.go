package exec

import "time"

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
	// first and equally frequent ones in order of value, up to ByTop of Distinct; Without is how many
	// have none.
	Groups   []ValueCount
	Distinct int
	Without  int
	// ManyValues says that there are more than ByMost different ones: Groups are nil then.
	ManyValues bool
	// Values describes the values where the query asks for them and is no condition,
	// else nil.
	Values *Values
	// Tally is what Tallied asks for, as resident.Tallies reads it.
	Tally []byte
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
	// Numbers: Min, Average, Max and Sum over those that are finite. Infinite is how many are not.
	Numeric                bool
	Infinite               int
	Min, Average, Max, Sum float64
	// Times: Min, Average and Max, and what quantiles and bins are about, are instants in milliseconds
	// since 1970. There is no sum.
	Times bool
	// Quantiles are those of the same figures, in ascending order, and Bins their
	// distribution: both are exact.
	Quantiles []Quantile
	Bins      []Bin
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

// Quantile is the figure below which a share At of all lies, 0.5 for the median: linear between the two
// neighbours, as the functions median and percentile of the language have it.
type Quantile struct{ At, Value float64 }

// Bin counts the figures from Low on that are below High; in the last bin, also those at High. Where some
// figures lie far from nearly all others, the first and the last bin are wider than the rest.
type Bin struct {
	Low, High float64
	Count     int
}

// ValueCount is a value and the number of profiles that have it.
type ValueCount struct {
	Value string
	Count int
}
