package main

import (
	"context"
	"slices"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/printer"
)

// targets are the files of one run, which get their names when all of them are written: the first of them last, as
// whoever finds it finds the others too.
type targets []*printer.Target

// open begins another.
func (all *targets) open(ctx context.Context, name string, io console.Streams) (*printer.Target, error) {
	t, err := printer.OpenTarget(ctx, name, nil, io)
	if err == nil {
		*all = append(*all, t)
	}
	return t, err
}

// end ends them: nothing is left of them if something went wrong before, or does now.
func (all targets) end(err error) error {
	for _, t := range all {
		if err == nil {
			err = t.Flush()
		}
	}
	for _, t := range slices.Backward(all) {
		err = t.Close(err)
	}
	return err
}
