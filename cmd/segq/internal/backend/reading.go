package backend

import (
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/repl"
)

// ReadingFlags lists the flags of the command line that say how data is read, with their usages.
func (b *backend) ReadingFlags() (flags []repl.ReadingFlag) {
	if b.Queue.Attached() {
		return nil
	}
	for _, f := range dataset.Reading() {
		flags = append(flags, repl.ReadingFlag{Name: "--" + f.Name, Value: f.Value, Doc: f.Usage, Words: f.Words})
	}
	return flags
}
