package backend

import (
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/repl"
	"github.com/spf13/pflag"
)

// ReadingFlags lists the flags of the command line that say how data is read, with their usages.
func (b *backend) ReadingFlags() (flags []repl.ReadingFlag) {
	if b.Queue.Attached() {
		return nil
	}
	for _, f := range dataset.Reading() {
		one := repl.ReadingFlag{Name: "--" + f.Name}
		one.Value, one.Doc = pflag.UnquoteUsage(f)
		if f.Name == "type" {
			one.Words = load.TypeNames()
		}
		flags = append(flags, one)
	}
	return flags
}
