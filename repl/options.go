package repl

import (
	"io"

	"github.com/segq/segq/repl/history"
)

// Options say how a session looks and where it runs. The zero value is a plain
// session on the standard streams.
type Options struct {
	// In and Out are the terminal; nil means the standard input and output.
	In  io.Reader
	Out io.Writer
	// Color allows colours. The caller decides, from --color, NO_COLOR and the
	// kind of terminal.
	Color bool
	// Accessible asks for a session that only ever appends lines and says
	// everything in words, for screen readers and terminals that cannot repaint.
	Accessible bool
	// Peek shows, while somebody types, how many profiles match so far.
	Peek bool
	// History is where inputs are kept; nil keeps those of this session, until it ends.
	History *history.Store
	// Vi has the input edited with the keys of vi.
	Vi bool
	// First says that the user has had no session before: it shows what to try.
	First bool
}
