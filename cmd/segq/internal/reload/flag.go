package reload

import (
	"fmt"
	"time"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/spf13/pflag"
)

// Watch is the flag --watch: how long files have to be as they are before they are loaded because they have changed; 0
// where nobody looks at them.
type Watch struct{ Quiet time.Duration }

// defaultQuiet is how long that is where nobody says it.
const defaultQuiet = 2 * time.Second

// Register adds the flag.
func (w *Watch) Register(f *pflag.FlagSet) {
	f.DurationVar(&w.Quiet, "watch", 0, "let --serve reload DATA by itself when it has changed and nobody has written to it for this `TIME` (2s where none is given); files are looked at each second or oftener, addresses such as s3://… every 30s; SIGHUP reloads at any time")
	f.Lookup("watch").NoOptDefVal = defaultQuiet.String()
	config.Allow(f, config.Rule{With: []string{"serve"}}, "watch")
	help.Under(f, help.Worker)
}

// Validate finds what is wrong with the flag.
func (w *Watch) Validate(serve bool) error {
	switch {
	case w.Quiet < 0:
		return fmt.Errorf("--watch must be a time such as 2s, or 0 for no watching")
	case w.Quiet > 0 && !serve:
		return fmt.Errorf("--watch is for --serve; in a session .open reloads the data")
	}
	return nil
}
