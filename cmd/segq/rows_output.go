package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"hash"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/lang/check"
)

// rowsOutput is where rows go.
type rowsOutput struct {
	rows.Writer
	*printer.Target
	sum hash.Hash // nil where nobody asks for it
}

func (o *options) openRows(ctx context.Context, fields []*check.Field, io console.Streams) (*rowsOutput, error) {
	out := &rowsOutput{}
	if o.taking.manifest {
		out.sum = sha256.New()
	}
	var err error
	if out.Target, err = printer.OpenTarget(ctx, o.output, out.sum, io); err != nil {
		return nil, err
	}
	options := rows.Options{Fields: fields, Safe: o.taking.safe}
	if o.onScreen(io) {
		options.Width = console.SizeOf(io.Out.File).Width
	}
	open := rows.Open(rows.Lines)
	if format := o.rowsFormat(); format != lines {
		open = printer.RowsIn(format)
	}
	out.Writer = open(out.Target, options)
	return out, nil
}

// checkScreen refuses what a terminal cannot show.
func (o *options) checkScreen(io console.Streams) error {
	if format := o.rowsFormat(); (format == "parquet" || format == "arrow") && o.onScreen(io) {
		return fmt.Errorf("%s is not for a terminal: name a file with -o FILE.%s, or write to a pipe", format, format)
	}
	return nil
}

// emitted hands rows on as they are emitted: a reader should not wait for the next ones.
type emitted struct {
	rows.Part
	to *printer.Target
}

// Emit writes the rows.
func (e emitted) Emit() error {
	if err := e.Part.Emit(); err != nil {
		return err
	}
	return e.to.Flush()
}

// end ends the output: what was written is there unless something went wrong before or does now.
func (out *rowsOutput) end(err error) error {
	if err == nil {
		err = out.Writer.Close()
	}
	return out.Target.Close(err)
}
