package load_test

import (
	"slices"
	"testing"

	"github.com/segq/segq/exec/load"
)

// TestOmissions: of the notes those count which say that something was not read.
func TestOmissions(t *testing.T) {
	t.Parallel()
	r := load.Report{Notes: []string{"2 profiles have the same _id", "a is left out: it is a union", "x.arrows: the stream has no mark of its end: if it was cut off, what is missing cannot be noticed"}}
	if got := r.Omissions(); !slices.Equal(got, r.Notes[1:]) {
		t.Errorf("%q", got)
	}
}
