package ast_test

import (
	"strings"
	"testing"

	"github.com/segq/segq/lang/ast"
)

func broken(list []int) int { return list[3] }

func TestFaultNamesItsPlace(t *testing.T) {
	var f *ast.Fault
	func() {
		defer ast.Guard(func(caught *ast.Fault) { f = caught })
		broken(nil)
	}()
	if f == nil {
		t.Fatal("the panic was not caught")
	}
	for _, part := range []string{"index out of range", "ast_test.broken fault_test.go:"} {
		if !strings.Contains(f.Error(), part) {
			t.Errorf("%q does not say %q", f.Error(), part)
		}
	}
	if !strings.Contains(f.Report(), " < ast_test.TestFaultNamesItsPlace.func1 fault_test.go:") {
		t.Errorf("the report does not say who called: %s", f.Report())
	}
	d := f.Diagnostic(ast.Span{Start: 1, End: 2})
	if ds := (ast.Diagnostics{d}); !ds.Failed() || d.Code != ast.Internal {
		t.Errorf("%+v is no internal error", d)
	}
}

func TestGuardLetsPass(t *testing.T) {
	func() {
		defer ast.Guard(func(f *ast.Fault) { t.Errorf("caught %v", f) })
	}()
}

// A tree as JSON says how many scopes a lookup climbs; printed, each is a character.
func TestJSONClimbsSoFar(t *testing.T) {
	for up, ok := range map[string]bool{"2": true, "250": true, "251": false, "4611686018427387904": false} {
		x, err := ast.UnmarshalPQL([]byte(`{"nodeType":"fieldLookup","fieldName":"x","up":` + up + `}`))
		if (err == nil) != ok {
			t.Errorf("%s: %v", up, err)
		}
		if err == nil {
			ast.Format(x)
		}
	}
}
