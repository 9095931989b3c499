package main

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/redisx"
	"github.com/spf13/pflag"
)

// The operations of segments that are kept, and why.
const (
	diffOp = "diff"
	saveOp = "save"
	whyOp  = "why"
)

// registerKept adds the flags of these.
func (o *submitOptions) registerKept(f *pflag.FlagSet) {
	f.StringVar(&o.kept.Saved, "saved", "", "the saved segment `NAME`, or NAME@VERSION, whose profiles --op diff compares with its members")
	f.StringVar(&o.kept.From, "from", "", "the saved segment `NAME`, or NAME@VERSION, whose members --op diff compares with (default the one of --saved)")
	f.BoolVar(&o.kept.Members, "members", false, "--op save keeps the ids of the profiles too; --op diff compares the members of --saved as they were saved, and asks no data")
	f.StringVar(&o.about, "about", "", "the `ID` of the profile that --op why is about")
	f.BoolVar(&o.explain, "explain", false, "--op why shows of several rules why, too")
	config.Allow(f, config.Rule{}, "saved", "from", "members", "about", "explain")
}

// validateKept finds what is wrong with these flags.
func (o *submitOptions) validateKept() error {
	k := o.kept
	switch {
	case o.op != diffOp && (k.Saved != "" || k.From != ""):
		return errors.New("--saved and --from name segments for --op diff")
	case o.op != diffOp && o.op != saveOp && k.Members:
		return errors.New("--members is for --op save and --op diff")
	case o.op != whyOp && (o.about != "" || o.explain):
		return errors.New("--about and --explain are for --op why")
	case o.op == whyOp && o.about == "":
		return errors.New("--op why needs the id of a profile: --about p-0001898")
	case o.op == saveOp && o.into == "":
		return errors.New("--op save needs a name for the segment: --name gold")
	case slices.Contains([]string{diffOp, saveOp, whyOp}, o.op) && o.spec().Op != "":
		return fmt.Errorf("--op %s does not go with %s: choose one", o.op, strings.Join(o.picked(), ", "))
	case o.op != diffOp:
		return nil
	case o.compared.Previous != "" && k != (redisx.Keeping{}):
		return errors.New("--previous compares the audiences of a --set, or of -f, and --saved, --from and --members are for saved segments: choose one")
	case o.compared.Previous != "" && o.into != "":
		return errors.New("--op diff with --previous writes who has entered and left to the file of --changes: leave out --name")
	case o.compared.Previous != "" && !o.asks():
		return errors.New("--op diff with --previous compares the audiences of rules: name a --set, or a file with -f")
	case k.Saved != "" && o.asks():
		return errors.New("--op diff compares a --saved segment, or a query with the members of --from, or two queries: leave out -c, -f and --set, or --saved")
	case k.Saved == "" && !o.asks():
		return errors.New("--op diff needs a segment, --saved NAME, or a query and --from NAME, or two queries")
	case o.to != "" && o.to != redisx.ToFile:
		return fmt.Errorf("who has changed goes to a file, and not to --to %s", o.to)
	case o.into != "" && !slices.Contains(changeEnds, strings.ToLower(path.Ext(o.into))):
		return fmt.Errorf("--name %s: --op diff writes who has changed to a file below the worker's --export-root: name it, such as changes.csv", o.into)
	}
	return nil
}

// diffCommand returns the command that compares a saved segment.
func (o *submitOptions) diffCommand(io console.Streams) ([]redisx.Command, error) {
	c := o.asking(io).CommandOf("", "", nil, o.now)
	c.Op, c.Name, c.Priority, c.Keeping = diffOp, o.into, o.priority, o.kept
	if o.id != "" {
		c.ID = o.id
	}
	if err := c.Check(); err != nil {
		return nil, exit.Usage(err)
	}
	return []redisx.Command{c}, nil
}

// asKept returns the one command of an operation that was made for each query of a run.
func (o *submitOptions) asKept(each []redisx.Command) ([]redisx.Command, error) {
	switch {
	case o.op == saveOp && len(each) != 1, o.op == diffOp && len(each) > 2:
		return nil, exit.Usage(fmt.Errorf("--op %s is about one query, and here are %d", o.op, len(each)))
	}
	c := each[0]
	if len(each) > 1 {
		c, o.asked = ask.AsRules(each), nil // one answer is about all
	}
	c.Op, c.Keeping, c.Profile, c.Explain = o.op, o.kept, o.about, o.explain
	if o.op == diffOp && len(each) == 1 {
		c.Name = "" // which is that of a file
	}
	return []redisx.Command{c}, nil
}
