// Package term keeps the terminal library from talking to the terminal before
// main runs.
//
// The library asks the terminal for its background colour in a package
// initialiser and waits up to five seconds for the reply, also in programs that
// only print a version. It asks nothing when TERM is "dumb". This package
// imports only os, so that its own initialiser runs before those of packages
// with more imports, and hides TERM from them; main puts it back.
package term

import "os"

var (
	saved  string
	wasSet bool
)

func init() {
	saved, wasSet = os.LookupEnv("TERM")
	os.Setenv("TERM", "dumb")
}

// Restore puts TERM back as it was when the program started. It is the first
// call of main.
func Restore() {
	if wasSet {
		os.Setenv("TERM", saved)
		return
	}
	os.Unsetenv("TERM")
}
