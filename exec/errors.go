package exec

import (
	"errors"
	"fmt"

	"github.com/segq/segq/lang/ast"
)

// ErrClosed is the error of a run that met a closed engine, or whose engine was
// closed under it.
var ErrClosed = errors.New("the engine is closed")

// ErrGaveWay is the error of a run of the class [Idle] that would have held up others, or waited
// for columns.
var ErrGaveWay = errors.New("the columns are not resident, or are given up for others")

// MemoryError says that a query was ended because it, or all queries together, would
// have held more memory than they may.
type MemoryError struct {
	// Limit is what was allowed, in bytes; All says that it is for all queries.
	Limit int64
	All   bool
}

// Error says what was too much, and what helps.
func (e *MemoryError) Error() string {
	if e.All {
		return fmt.Sprintf("the queries under way need more than %.1f MB of memory together; try again when some have ended", float64(e.Limit)/(1<<20))
	}
	return fmt.Sprintf("the query needs more than %.1f MB of memory; ask for something that has fewer different values, or turn it into a condition", float64(e.Limit)/(1<<20))
}

// DataError says that the data of a query cannot be read: the file in which it lies is damaged, or
// somebody else has changed it while it was open.
type DataError struct{ Err error }

// Error says what is wrong with the data.
func (e *DataError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *DataError) Unwrap() error { return e.Err }

// InternalError is a fault of the engine that one query has brought to light. Other
// queries are not affected.
type InternalError = ast.Fault
