package load

import "github.com/segq/segq/lang/ast"

// guarded returns work whose panic is an error, an [ast.Fault]: nothing else would catch one
// in a goroutine.
func guarded(work func() error) func() error {
	return func() (err error) {
		defer ast.Guard(func(f *ast.Fault) { err = f })
		return work()
	}
}
