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

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/redisx"
	"github.com/spf13/cobra"
)

func jobsCommand(io console.Streams) *cobra.Command {
	limit, live := 20, false
	c := clientCommand("jobs", "List the latest jobs", `jobs lists the latest jobs, newest first: class, tenant, age and progress
of each, and what it asks: the operation, unless that is a count, its name and the query. With --live it is repainted until you interrupt it.`, cobra.NoArgs,
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
prints the state that each is in then: running for one whose worker was asked to stop. One whose worker has been silent for 15 s
ends at once. A job that has ended stays as it is.`, cobra.MinimumNArgs(1),
		func(ctx context.Context, c *redisx.Client, o *clientOptions, ids []string) error {
			var unknown []redisx.Job
			for _, id := range ids {
				state, err := c.Cancel(ctx, id)
				if err != nil {
					return exit.Data(err)
				}
				if err := printCancelled(io.Out, o, id, state); err != nil {
					return err
				}
				if state == redisx.Lost {
					unknown = append(unknown, redisx.Job{ID: id, State: state})
				}
			}
			return unknownJobs(unknown)
		})
}

// printCancelled prints the state of a job that was cancelled.
func printCancelled(w io.Writer, o *clientOptions, id string, state redisx.State) error {
	if state == redisx.Running && !o.json {
		_, err := fmt.Fprintf(w, "%s  running, asked to stop\n", id)
		return err
	}
	return printState(w, o, id, state)
}

// printState prints the state of one job.
func printState(w io.Writer, o *clientOptions, id string, state redisx.State) (err error) {
	if o.json {
		return json.NewEncoder(w).Encode(map[string]string{"id": id, "state": string(state)})
	}
	_, err = fmt.Fprintf(w, "%s  %s\n", id, state)
	return err
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
