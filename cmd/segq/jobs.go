package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/segq/segq/redisx"
)

// watchEvery is how often what is watched is asked for.
const watchEvery = 100 * time.Millisecond

func statusCommand(io stdio) *cobra.Command {
	return clientCommand("status ID ...", "Show the state and the progress of jobs", `status prints one line for each job: its state, how long ago it came or how long it
took, and how far it is. The status is 1 when Redis does not know one of them.`, cobra.MinimumNArgs(1),
		func(ctx context.Context, c *redisx.Client, o *clientOptions, ids []string) error {
			jobs, err := c.Status(ctx, ids...)
			if err != nil {
				return dataError(err)
			}
			if err := printJobs(io.out, o, jobs); err != nil {
				return err
			}
			return unknownJobs(jobs)
		})
}

func watchCommand(io stdio) *cobra.Command {
	return clientCommand("watch ID ...", "Follow jobs until they have ended", `watch prints a line whenever the state of a job changes, and on a terminal a bar of
those that run. It ends with the last of them. Interrupting it leaves the jobs alone.`, cobra.MinimumNArgs(1),
		func(ctx context.Context, c *redisx.Client, o *clientOptions, ids []string) error {
			jobs, err := follow(ctx, c, o, ids, io)
			if err != nil {
				return err
			}
			return unknownJobs(jobs)
		})
}

// follow prints what changes about jobs until all have ended, and gives them.
func follow(ctx context.Context, c *redisx.Client, o *clientOptions, ids []string, io stdio) ([]redisx.Job, error) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	states := map[string]redisx.State{}
	bars := terminal(io.err) && !o.json
	for {
		jobs, err := c.Status(ctx, ids...)
		if err != nil {
			return nil, dataError(err)
		}
		var changed []redisx.Job
		open, rows, total := 0, 0, 0
		for _, j := range jobs {
			if states[j.ID] != j.State {
				states[j.ID] = j.State
				changed = append(changed, j)
			}
			if !j.State.Final() {
				open++
			}
			l := lineOf(j)
			rows, total = rows+l.Rows, total+l.Total
		}
		if bars {
			fmt.Fprint(io.err, "\r\x1b[K")
		}
		for _, j := range changed {
			if err := printChange(io, o, j); err != nil {
				return nil, err
			}
		}
		if open == 0 {
			return jobs, nil
		}
		if bars && total > 0 {
			fmt.Fprintf(io.err, "%3d %%  %s of %s rows, %d of %d jobs open", 100*rows/total, grouped(rows), grouped(total), open, len(jobs))
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-tick.C:
		}
	}
}

// printChange prints one line about a job.
func printChange(io stdio, o *clientOptions, j redisx.Job) error {
	l := lineOf(j)
	if o.json {
		return json.NewEncoder(io.out).Encode(l)
	}
	text := l.ID + "  " + l.State
	if p := l.progress(); p != "" {
		text += "  " + p
	}
	if l.Error != "" {
		text += "  " + printable(l.Error)
	}
	_, err := fmt.Fprintln(io.out, text)
	return err
}

func jobsCommand(io stdio) *cobra.Command {
	limit, live := 20, false
	c := clientCommand("jobs", "List the jobs that came last", `jobs lists the jobs that came last, the newest first: class, tenant, age and progress
of each. With --live it is repainted until you interrupt it.`, cobra.NoArgs,
		func(ctx context.Context, c *redisx.Client, o *clientOptions, _ []string) error {
			for {
				ids, err := c.Recent(ctx, limit)
				if err != nil {
					return dataError(err)
				}
				jobs, err := jobsOf(ctx, c, ids)
				if err != nil {
					return err
				}
				if live {
					fmt.Fprint(io.out, "\x1b[H\x1b[2J")
				}
				if err := printJobs(io.out, o, jobs); err != nil || !live {
					return err
				}
				select {
				case <-ctx.Done():
					return context.Cause(ctx)
				case <-time.After(time.Second):
				}
			}
		})
	c.Flags().IntVarP(&limit, "limit", "n", limit, "how many")
	c.Flags().BoolVar(&live, "live", false, "repaint the list every second")
	return c
}

// jobsOf gives jobs by their ids, of which there may be none.
func jobsOf(ctx context.Context, c *redisx.Client, ids []string) ([]redisx.Job, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	jobs, err := c.Status(ctx, ids...)
	if err != nil {
		return nil, dataError(err)
	}
	return jobs, nil
}

func cancelCommand(io stdio) *cobra.Command {
	return clientCommand("cancel ID ...", "Cancel jobs, wherever they are", `cancel takes jobs out of the queue, or tells the worker that runs them to stop, and
prints the state that each was in. A job that has ended stays as it is.`, cobra.MinimumNArgs(1),
		func(ctx context.Context, c *redisx.Client, o *clientOptions, ids []string) error {
			for _, id := range ids {
				state, err := c.Cancel(ctx, id)
				if err != nil {
					return dataError(err)
				}
				if err := printState(io.out, o, id, state); err != nil {
					return err
				}
			}
			return nil
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

func resultsCommand(io stdio) *cobra.Command {
	return clientCommand("results ID ...", "Print the answers of jobs that have ended", `results prints the record of each job as its worker wrote it, one line of JSON each.
The status is 1 when one of them has none: it has not ended, or ended without one.`, cobra.MinimumNArgs(1),
		func(ctx context.Context, c *redisx.Client, _ *clientOptions, ids []string) error {
			jobs, err := c.Status(ctx, ids...)
			if err != nil {
				return dataError(err)
			}
			missing := 0
			for _, j := range jobs {
				data, reason, err := resultOf(ctx, c, j)
				if err != nil {
					return dataError(err)
				}
				if reason != "" {
					missing++
					fmt.Fprintf(io.err, "segq: %s is %s and has no answer: %s\n", j.ID, j.State, reason)
					continue
				}
				if data, err = inItsName(j, data); err != nil {
					return dataError(err)
				}
				fmt.Fprintf(io.out, "%s\n", data)
			}
			if missing > 0 {
				return &statusError{status: exitQuery}
			}
			return nil
		})
}

// inItsName gives the record that a job has come to, in its own name. Half a record,
// of a job that is truncated, stays as it is.
func inItsName(j redisx.Job, data []byte) ([]byte, error) {
	if j.Source == "" || j.State == redisx.Truncated {
		return data, nil
	}
	r, err := recordOf(j, data)
	if err != nil {
		return nil, err
	}
	return encodeRecord(r)
}

// resultOf gives the answer of a job, or the reason why it has none.
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
			reason = printable(j.Error)
		}
	}
	return data, reason, err
}

func deadCommand(io stdio) *cobra.Command {
	limit := 20
	list := clientCommand("list", "List dead letters, the newest first", "", cobra.NoArgs,
		func(ctx context.Context, c *redisx.Client, o *clientOptions, _ []string) error {
			ids, err := c.DeadLetters(ctx, limit)
			if err != nil {
				return dataError(err)
			}
			jobs, err := jobsOf(ctx, c, ids)
			if err != nil {
				return err
			}
			return printJobs(io.out, o, jobs)
		})
	list.Flags().IntVarP(&limit, "limit", "n", limit, "how many")
	show := clientCommand("show ID ...", "Show dead letters with their commands", "", cobra.MinimumNArgs(1),
		func(ctx context.Context, c *redisx.Client, o *clientOptions, ids []string) error {
			jobs, err := c.Status(ctx, ids...)
			if err != nil {
				return dataError(err)
			}
			for _, j := range jobs {
				text, err := json.MarshalIndent(struct {
					jobLine
					Command redisx.Command `json:"command"`
				}{lineOf(j), j.Command}, "", "  ")
				if err != nil {
					return err
				}
				fmt.Fprintf(io.out, "%s\n", text)
			}
			return unknownJobs(jobs)
		})
	requeue := clientCommand("requeue ID ...", "Give dead letters another chance", "", cobra.MinimumNArgs(1),
		func(ctx context.Context, c *redisx.Client, o *clientOptions, ids []string) error {
			for _, id := range ids {
				state, err := c.Requeue(ctx, id)
				if err != nil {
					return dataError(err)
				}
				if err := printState(io.out, o, id, state); err != nil {
					return err
				}
			}
			return nil
		})
	c := &cobra.Command{Use: "dead", Short: "Look after the jobs that were given up", Long: `dead looks after dead letters: jobs that killed their workers, or failed as often as
they may.`}
	c.AddCommand(list, show, requeue)
	return c
}
