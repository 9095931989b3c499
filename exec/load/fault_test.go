package load

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/segq/segq/lang/ast"
)

// A panic while loading is the error of the load, whichever goroutine it is in.
func TestFaultsAreErrors(t *testing.T) {
	broken := func(c context.Context) error { panic("broken") }
	_, _, err := loaderOf(t).load(t.Context(), broken)
	var caught *ast.Fault
	if !errors.As(err, &caught) || !strings.Contains(caught.Report(), "TestFaultsAreErrors") {
		t.Errorf("error %v", err)
	}
	l := loaderOf(t)
	a := &assembly{meter: &l.meter, tasks: []func() error{func() error { panic("broken") }}}
	if err := a.run(t.Context(), 2); !errors.As(err, &caught) {
		t.Errorf("error %v", err)
	}
}

func loaderOf(t *testing.T) *loader {
	t.Helper()
	l, err := newLoader(Options{})
	if err != nil {
		t.Fatal(err)
	}
	return l
}
