package repl

import (
	"context"
	"errors"
)

// ErrElsewhere is the error of a session that cannot have the ids of profiles, since their data is with workers elsewhere.
var ErrElsewhere = errors.New("the data is with workers elsewhere, and the ids of its profiles stay there")

// Gathering has the ids of profiles, for what is saved with its members and for what is compared with that. A query whose
// operation says Gather gathers them, until it is saved or compared.
type Gathering interface {
	// Gathers says why there can be no ids, nil where there can; [ErrElsewhere] where the data is elsewhere. It answers at once.
	Gathers() error
	// Compare compares what a job has gathered with the members of the segment that its operation names. It may wait.
	Compare(ctx context.Context, job string) (Difference, error)
}

// Difference is what has changed from the members of a segment, in the data of Snapshot, to its profiles now, by their ids.
type Difference struct {
	Before, Now, Entered, Left, Stayed int
	Snapshot                           string
}
