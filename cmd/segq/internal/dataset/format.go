package dataset

import (
	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/exec/load"
	"github.com/spf13/pflag"
)

// Stdin is the DATA that is standard input.
const Stdin = "-"

// registerFormat adds the flag that says what format data has whose name does not.
func (d *Options) registerFormat(f *pflag.FlagSet) {
	f.Var(&part{&d.format, "NAME", load.CheckFormat}, "input-format", "the format of all DATA, whatever their names are: csv, ndjson, parquet and so on, also csv.gz (default: by their names; that of - by its first bytes)")
	config.Allow(f, config.Rule{Project: true}, "input-format")
}
