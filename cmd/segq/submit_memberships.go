package main

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/memberships"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/redisx"
	"github.com/spf13/pflag"
)

// membershipsOp is the operation that writes memberships to a file of the worker.
const membershipsOp = "memberships"

// errNoRules says that there is nobody to be an audience.
var errNoRules = errors.New("no rules given: name a file with -f FILE")

// validateMemberships finds what is wrong with the flags of that operation.
func (o *submitOptions) validateMemberships() error {
	compares := o.op == diffOp && o.compared.Previous != ""
	if o.op != membershipsOp && !compares && o.compared != (redisx.Comparing{}) {
		return errors.New("--previous, --changes and --summary compare memberships with those of before: they are for --op memberships, and for --op diff with --previous")
	}
	if o.compared.Previous == "" && o.compared != (redisx.Comparing{}) {
		return errors.New("--changes and --summary compare with an earlier file: name it with --previous NAME")
	}
	if o.op != membershipsOp {
		return nil
	}
	if path.Ext(o.into) == memberships.RoaringExtension {
		return fmt.Errorf("--name %s: through the queue there are no Roaring bitmaps: name a file such as audiences.parquet, or write them here with segq memberships -o %[1]s", o.into)
	}
	extension := strings.ToLower(path.Ext(o.into))
	if !slices.ContainsFunc(printer.Table(), func(f printer.Format) bool { return slices.Contains(f.Extensions, extension) }) {
		return errors.New("--op memberships writes a file below the worker's --export-root: name it with --name, such as --name audiences.parquet")
	}
	if o.to != "" && o.to != redisx.ToFile {
		return fmt.Errorf("memberships go to a file, and not to --to %s", o.to)
	}
	return nil
}

// asMemberships returns the one command for rules that were made for one run.
func (o *submitOptions) asMemberships(each []redisx.Command, asked []*ask.Question) ([]redisx.Command, error) {
	if len(asked) == 0 {
		return nil, exit.Usage(errNoRules)
	}
	written := make([]rules.Written, len(asked))
	for i, q := range asked {
		written[i] = q.Written
	}
	names, err := memberships.Names(written)
	if err != nil {
		return nil, exit.Usage(err)
	}
	c := ask.AsRules(each)
	c.Op, c.Names, c.Comparing = o.op, names, o.compared
	return []redisx.Command{c}, nil
}

// registerCompared adds the flags that compare memberships with those of before.
func (o *submitOptions) registerCompared(f *pflag.FlagSet) {
	f.StringVar(&o.compared.Previous, "previous", "", "compare with the memberships in the file `NAME` below the worker's --export-root, which an earlier run has written")
	f.StringVar(&o.compared.Changes, "changes", "", "write who entered and left each audience to the file `NAME` there")
	f.StringVar(&o.compared.Summary, "summary", "", "write how many entered, left and stayed in each audience to the file `NAME` there")
	config.Allow(f, config.Rule{}, "previous", "changes", "summary")
}

// ofMany says whether the operation is about the memberships in many rules.
func (o *submitOptions) ofMany() bool {
	return o.op == membershipsOp || o.op == diffOp && o.compared.Previous != ""
}
