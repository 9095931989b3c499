package load

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// A panic while loading is the error of the load, whichever goroutine it is in.
func TestFaultsAreErrors(t *testing.T) {
	broken := func(c context.Context) error { panic("broken") }
	_, _, err := newLoader(Options{}).load(t.Context(), broken)
	var caught *fault
	if !errors.As(err, &caught) || !strings.Contains(caught.Report(), "TestFaultsAreErrors") {
		t.Errorf("error %v", err)
	}
	l := newLoader(Options{})
	a := &assembly{meter: &l.meter, tasks: []func() error{func() error { panic("broken") }}}
	if err := a.run(t.Context(), 2); !errors.As(err, &caught) {
		t.Errorf("error %v", err)
	}
}
