// Package exec is the contract between those who ask and the engines that answer: typed
// queries in a batch, results, progress, and nothing that knows columns or files.
//
// The tour: a [Batch] (batch.go) is given to a [Runner], which returns a [Result] for each
// [Query] and reports its progress to a [Sink]. Package exec/resident is the runner of one
// machine. What takes several queries to answer is a function over any runner: [FunnelOf],
// [LiftOf] (its statistics are in fourfold.go and hypergeometric.go), [OverlapOf] (which counts sets in crossing.go). An [Operation] is what such a function has in common with a batch.
package exec

import "context"

// Runner answers batches. It is safe for concurrent use.
type Runner interface {
	// Run answers the queries of b, in their order. A query that fails, or that its own
	// context cancels, has the reason in its Result and does not disturb the others. The
	// error is for the batch as a whole: it makes no sense, or ctx was done, or the
	// engine closed, before all was answered; then the results, if there are any, hold
	// what was known by then.
	Run(ctx context.Context, b Batch) ([]Result, error)
}
