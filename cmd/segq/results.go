package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/jobs"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/cmd/segq/internal/rules"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

func resultsCommand(io console.Streams) *cobra.Command {
	p, safe := &printing{}, false
	c := clientCommand("results ID ...", "Print the answers of jobs that have ended", `results prints the records of jobs, as segq itself does; of a job with several rules, one
for each. The rows of one job are printed as submit --wait prints them, in every format. The status
is 1 when one of the jobs has none: it has not ended, or ended without one.`, cobra.MinimumNArgs(1),
		func(ctx context.Context, c *redisx.Client, client *clientOptions, ids []string) error {
			found, err := c.Status(ctx, ids...)
			if err != nil {
				return exit.Data(err)
			}
			if len(found) == 1 && found[0].Command.Op == "rows" {
				return rowsOfJob(*p, safe, client, found[0].Command).printJob(ctx, c, found[0], io)
			}
			if safe {
				return exit.Usage(errors.New("--csv-safe is for the rows of one job"))
			}
			if _, err := printer.FormatOf(p.format, p.output, false); err != nil {
				return exit.Usage(err)
			}
			return p.results(ctx, c, found, io)
		})
	c.PreRunE = func(*cobra.Command, []string) error {
		err := p.settle()
		if err == nil {
			_, err = printer.FormatOf(p.format, p.output, true) // of what there is, only the jobs tell
		}
		if err != nil {
			return exit.Usage(err)
		}
		return nil
	}
	p.register(c.Flags())
	registerSafe(c.Flags(), &safe)
	help.Under(c.Flags(), help.Output)
	return c
}

// rowsOfJob returns how the rows of a command are printed.
func rowsOfJob(p printing, safe bool, client *clientOptions, c redisx.Command) *options {
	o := &options{printing: p, sample: c.Sample, seed: c.Seed, attach: true, redis: client.Options}
	o.taking = taking{Columns: c.Columns, selects: func() bool { return c.Select != "" }, safe: safe}
	return o
}

// printJob prints the rows of a job that has ended.
func (o *options) printJob(ctx context.Context, client *redisx.Client, job redisx.Job, io console.Streams) error {
	if err := errors.Join(o.taking.validateOutput(o), o.checkScreen(io)); err != nil {
		return exit.Usage(err)
	}
	data, reason, err := resultOf(ctx, client, job)
	if err == nil && reason != "" {
		fmt.Fprintf(io.Err, "segq: %s is %s and has no answer: %s\n", job.ID, job.State, reason)
		return &exit.Error{Status: exit.WrongQuery}
	}
	var records []*record.Record
	if err == nil {
		records, err = ask.Records(job, data, nil)
	}
	if err != nil {
		return exit.Data(err)
	}
	_, err = o.writeRecorded(ctx, records[0], rules.Source{Name: job.ID, Text: job.Command.Query}, io)
	return err
}

// results prints the records of jobs.
func (p *printing) results(ctx context.Context, c *redisx.Client, found []redisx.Job, io console.Streams) error {
	out, err := p.open(ctx, kindOfJobs(found), io)
	if err != nil {
		return err
	}
	missing := 0
	var printed []*record.Record
	for _, j := range found {
		data, reason, err := resultOf(ctx, c, j)
		if err == nil && reason != "" {
			missing++
			fmt.Fprintf(io.Err, "segq: %s is %s and has no answer: %s\n", j.ID, j.State, reason)
			continue
		}
		var records []*record.Record
		if err == nil {
			records, err = ask.Records(j, data, nil)
		}
		if err != nil {
			return errors.Join(exit.Data(err), out.Break())
		}
		printed = append(printed, records...)
		for _, r := range records {
			if err := out.Write(r); err != nil {
				return errors.Join(err, out.Abandon())
			}
		}
	}
	status := statusOfRecords(printed)
	if missing > 0 {
		status = &exit.Error{Status: exit.WrongQuery}
	}
	closed := out.Close()
	if closed == nil {
		p.dropManifest(io.Err)
	}
	noteSnapshots(io.Err, printed)
	return errors.Join(closed, status)
}

// kindOfJobs is what the records of jobs hold beside counts, "" where that is not the same for all.
func kindOfJobs(found []redisx.Job) string {
	kind := ""
	for i, j := range found {
		own := j.Command.Op
		if j.Command.Values {
			own = printer.Values
		}
		if i > 0 && own != kind {
			return ""
		}
		kind = own
	}
	return kind
}

// resultOf returns the answer of a job, or the reason why it has none.
func resultOf(ctx context.Context, c *redisx.Client, j redisx.Job) (data []byte, reason string, err error) {
	switch {
	case j.State == redisx.Lost:
		return nil, "Redis does not know it", nil
	case !j.State.Final():
		return nil, "it has not ended", nil
	}
	data, err = c.Result(ctx, j)
	if err == nil && len(data) == 0 {
		reason = "it ended without one"
		if j.Error != "" {
			reason = show.OneLine(j.Error)
		} else if l := jobs.LineOf(j); l.Progress() != "" {
			reason = l.Progress()
		}
	}
	return data, reason, err
}
