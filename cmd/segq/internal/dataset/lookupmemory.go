package dataset

import (
	"context"
	"errors"
	"fmt"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/load/object"
	"github.com/segq/segq/lang/check"
)

// lookupMemoryError says that there is no memory for the rows of a lookup.
type lookupMemoryError struct {
	file string
	*load.MemoryError
}

// outOfMemory returns an error as that of a lookup, if it is one of memory.
func (f *lookupFlag) outOfMemory(err error) error {
	var full *load.MemoryError
	if !errors.As(err, &full) {
		return err
	}
	return &lookupMemoryError{object.Redacted(f.file), full}
}

// measured is the table of a lookup, whose errors say that it is one.
type measured struct {
	column.Table
	of *lookupFlag
}

// Load loads columns, as [column.Table] says.
func (t measured) Load(ctx context.Context, r *check.Reads, tell func(done, total int64)) (*column.Snapshot, func(), error) {
	s, release, err := t.Table.Load(ctx, r, tell)
	if err != nil {
		err = t.of.outOfMemory(err)
	}
	return s, release, err
}

// explainLookup says that a lookup is what is too large, and how much memory would do.
func (s shares) explainLookup(full *lookupMemoryError) error {
	part, what := 8.0/7, "loading it needs"
	if full.Columns {
		part, what = 4.0/3*lookupShare, "its rows need"
	}
	about := "about"
	if full.AtLeast {
		about = "more than"
	}
	needs := max(int64(1.25*part*float64(full.Needs)), s.all+s.all/2)
	return fmt.Errorf("the lookup of %s is too large: %s %s %s, and --memory is %s, which leaves %s for that; give --memory %s if there is as much",
		full.file, what, about, amount(full.Needs), amount(s.all), amount(full.Limit), roundUp(needs))
}
