// Typecheck says whether the packages named in its arguments, and all that they import, compile for another system
// (GOOS, GOARCH), from their sources alone: it is what a cross-build finds wrong, without the code that it makes.
package main

import (
	"fmt"
	"os"
	"slices"

	"golang.org/x/tools/go/packages"
)

func main() {
	wrong, seen, err := check(os.Args[1:]...)
	if err != nil {
		wrong = append(wrong, err.Error())
	}
	for _, w := range wrong {
		fmt.Fprintln(os.Stderr, w)
	}
	if len(wrong) > 0 {
		os.Exit(1)
	}
	fmt.Printf("   %d packages\n", seen)
}

// check returns what is wrong with packages and their imports, and how many these are.
func check(patterns ...string) (wrong []string, seen int, err error) {
	all, err := packages.Load(&packages.Config{Mode: packages.LoadAllSyntax}, patterns...)
	if err != nil {
		return nil, 0, err
	}
	packages.Visit(all, nil, func(p *packages.Package) {
		seen++
		for _, e := range p.Errors {
			wrong = append(wrong, e.Error())
		}
	})
	slices.Sort(wrong)
	return slices.Compact(wrong), seen, nil
}
