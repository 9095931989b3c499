package repl

import (
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
)

// Forms writes answers in other forms than the session's own, the same as on the command line.
type Forms interface {
	// Forms names them. They can be read on a screen.
	Forms() []string
	// Form returns an answer in one of them, as lines that are clean.
	Form(name string, r *record.Record, look show.Look) ([]string, error)
}
