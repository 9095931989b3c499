// Command segq counts audiences: it keeps a table of customer profiles in
// memory and answers PQL rules over it, in a terminal session, as a filter for
// scripts, or as a worker behind a Redis queue.
//
// The tour: [main] calls execute (root.go), which reads the flags (options.go) and takes one
// of the three doors: session.go, headless.go or serve.go. What they share is in packages
// below internal: package ask asks queries, package worker answers them, and package dataset
// holds the data with the engine. A subcommand has a file of its own, or shares one with
// related ones (jobs.go, publish.go).
package main

import (
	"os"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/term"
)

func main() {
	term.Restore()
	os.Exit(execute(os.Args[1:], console.Open(os.Stdin, os.Stdout, os.Stderr)))
}
