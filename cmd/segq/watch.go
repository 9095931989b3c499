package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/segq/segq/redisx"
)

// watchEvery is how often what is watched is asked for.
const watchEvery = 100 * time.Millisecond

func watchCommand(io stdio) *cobra.Command {
	return clientCommand("watch ID ...", "Follow jobs until they have ended", `watch prints a line whenever the state of a job changes; on a terminal a line for each
that ends, and under these a bar for each that runs. It ends with the last of them.
Interrupting it leaves the jobs alone.`, cobra.MinimumNArgs(1),
		func(ctx context.Context, c *redisx.Client, o *clientOptions, ids []string) error {
			jobs, err := follow(ctx, c, o, ids, io)
			if err != nil {
				return err
			}
			return unknownJobs(jobs)
		})
}

// follow prints what changes about jobs until all have ended, and gives them. Where
// standard error is a terminal, there are bars for those that run.
func follow(ctx context.Context, c *redisx.Client, o *clientOptions, ids []string, io stdio) ([]redisx.Job, error) {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	states := map[string]redisx.State{}
	var below *bars
	if terminal(io.err) && !o.json {
		below = &bars{w: io.err}
		defer below.wipe()
	}
	for {
		jobs, err := c.Status(ctx, ids...)
		if err != nil {
			return nil, dataError(err)
		}
		below.wipe()
		open := 0
		for _, j := range jobs {
			if !j.State.Final() {
				open++
			}
			if states[j.ID] == j.State || below != nil && !j.State.Final() {
				continue // of what is open there is a bar
			}
			states[j.ID] = j.State
			if err := printChange(io, o, j); err != nil {
				return nil, err
			}
		}
		if open == 0 {
			return jobs, nil
		}
		below.paint(jobs)
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
