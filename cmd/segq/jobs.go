package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/jobs"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/printer"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

func statusCommand(io console.Streams) *cobra.Command {
	return clientCommand("status ID ...", "Show the state and the progress of jobs", `status prints one line for each job: its state, how long ago it came or how long it
took, and how far it is. The status is 1 when Redis does not know one of them.`, cobra.MinimumNArgs(1),
		func(ctx context.Context, c *redisx.Client, o *clientOptions, ids []string) error {
			found, err := c.Status(ctx, ids...)
			if err != nil {
				return exit.Data(err)
			}
			if err := jobs.Print(io.Out, o.json, found); err != nil {
				return err
			}
			return unknownJobs(found)
		})
}

func jobsCommand(io console.Streams) *cobra.Command {
	limit, live := 20, false
	c := clientCommand("jobs", "List the latest jobs", `jobs lists the latest jobs, newest first: class, tenant, age and progress
of each. With --live it is repainted until you interrupt it.`, cobra.NoArgs,
		func(ctx context.Context, c *redisx.Client, o *clientOptions, _ []string) error {
			if live {
				return liveJobs(ctx, c, o, limit, io.Out.File)
			}
			return listJobs(ctx, c, o, limit, io.Out)
		})
	c.Flags().IntVarP(&limit, "limit", "n", limit, "how many")
	c.Flags().BoolVar(&live, "live", false, "repaint the list every second")
	return c
}

// listJobs prints the jobs that came last.
func listJobs(ctx context.Context, c *redisx.Client, o *clientOptions, limit int, w io.Writer) error {
	ids, err := c.Recent(ctx, limit)
	if err != nil {
		return exit.Data(err)
	}
	found, err := jobsOf(ctx, c, ids)
	if err != nil {
		return err
	}
	return jobs.Print(w, o.json, found)
}

// liveJobs repaints the list on a terminal until ctx ends.
func liveJobs(ctx context.Context, c *redisx.Client, o *clientOptions, limit int, to *os.File) error {
	if o.json || !console.IsTerminal(to) {
		return exit.Usage(errors.New("--live is for a terminal; watch follows jobs without one"))
	}
	for {
		var list strings.Builder
		if err := listJobs(ctx, c, o, limit, &list); err != nil {
			return err
		}
		if err := console.SizeOf(to).Repaint(to, list.String()); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(time.Second):
		}
	}
}

// jobsOf returns jobs by their ids, of which there may be none.
func jobsOf(ctx context.Context, c *redisx.Client, ids []string) ([]redisx.Job, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	found, err := c.Status(ctx, ids...)
	if err != nil {
		return nil, exit.Data(err)
	}
	return found, nil
}

func cancelCommand(io console.Streams) *cobra.Command {
	return clientCommand("cancel ID ...", "Cancel jobs, waiting or running", `cancel takes jobs out of the queue, or tells the worker that runs them to stop, and
prints the state that each was in. A job that has ended stays as it is.`, cobra.MinimumNArgs(1),
		func(ctx context.Context, c *redisx.Client, o *clientOptions, ids []string) error {
			var unknown []redisx.Job
			for _, id := range ids {
				state, err := c.Cancel(ctx, id)
				if err != nil {
					return exit.Data(err)
				}
				if err := printState(io.Out, o, id, state); err != nil {
					return err
				}
				if state == redisx.Lost {
					unknown = append(unknown, redisx.Job{ID: id, State: state})
				}
			}
			return unknownJobs(unknown)
		})
}

// printState prints the state of one job.
func printState(w io.Writer, o *clientOptions, id string, state redisx.State) (err error) {
	if o.json {
		return json.NewEncoder(w).Encode(map[string]string{"id": id, "state": string(state)})
	}
	_, err = fmt.Fprintf(w, "%s  %s\n", id, state)
	return err
}

func resultsCommand(io console.Streams) *cobra.Command {
	p := &printing{}
	c := clientCommand("results ID ...", "Print the answers of jobs that have ended", `results prints the records of jobs, as segq itself does; of a job with several rules, one
for each. The status is 1 when one of the jobs has none: it has not ended, or ended without one.`, cobra.MinimumNArgs(1),
		func(ctx context.Context, c *redisx.Client, _ *clientOptions, ids []string) error {
			if _, err := printer.FormatOf(p.format, p.output, false); err != nil {
				return exit.Usage(err)
			}
			found, err := c.Status(ctx, ids...)
			if err != nil {
				return exit.Data(err)
			}
			return p.results(ctx, c, found, io)
		})
	c.PreRunE = func(*cobra.Command, []string) error {
		if err := p.settle(); err != nil {
			return exit.Usage(err)
		}
		return nil
	}
	p.register(c.Flags())
	help.Under(c.Flags(), help.Output)
	return c
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
	return errors.Join(out.Close(), status)
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
		}
	}
	return data, reason, err
}

func deadCommand(io console.Streams) *cobra.Command {
	limit := 20
	list := clientCommand("list", "List dead letters, newest first", "", cobra.NoArgs,
		func(ctx context.Context, c *redisx.Client, o *clientOptions, _ []string) error {
			ids, err := c.DeadLetters(ctx, limit)
			if err != nil {
				return exit.Data(err)
			}
			found, err := jobsOf(ctx, c, ids)
			if err != nil {
				return err
			}
			return jobs.Print(io.Out, o.json, found)
		})
	list.Flags().IntVarP(&limit, "limit", "n", limit, "how many")
	show := clientCommand("show ID ...", "Show dead letters with their commands", "", cobra.MinimumNArgs(1),
		func(ctx context.Context, c *redisx.Client, o *clientOptions, ids []string) error {
			found, err := c.Status(ctx, ids...)
			if err != nil {
				return exit.Data(err)
			}
			for _, j := range found {
				text, err := json.MarshalIndent(struct {
					jobs.Line
					Command redisx.Command `json:"command"`
				}{jobs.LineOf(j), j.Command}, "", "  ")
				if err != nil {
					return err
				}
				fmt.Fprintf(io.Out, "%s\n", text)
			}
			return unknownJobs(found)
		})
	requeue := clientCommand("requeue ID ...", "Give dead letters another chance", "", cobra.MinimumNArgs(1),
		func(ctx context.Context, c *redisx.Client, o *clientOptions, ids []string) error {
			for _, id := range ids {
				state, err := c.Requeue(ctx, id)
				if err != nil {
					return missing(err)
				}
				if err := printState(io.Out, o, id, state); err != nil {
					return err
				}
			}
			return nil
		})
	c := &cobra.Command{Use: "dead", Short: "Manage the jobs that were given up", Long: `dead manages dead letters: jobs that killed their workers, or used up their
tries.`}
	c.AddCommand(list, show, requeue)
	return c
}
