package dataset

import (
	"errors"
	"testing"

	"github.com/segq/segq/exec/load"
)

// Who opens data beside other data gives up columns and tries again when it was memory that lacked.
func TestExplainedErrorsStayErrorsOfMemory(t *testing.T) {
	err := shareMemory(1 << 30).explain(&load.MemoryError{Needs: 2 << 30, Limit: 1 << 29})
	if full := (*load.MemoryError)(nil); !errors.As(err, &full) || full.Needs != 2<<30 {
		t.Errorf("%v", err)
	}
}
