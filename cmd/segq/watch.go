package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/segq/segq/cmd/segq/internal/jobs"

	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

const (
	// watchEvery is how often what is watched is asked for, at most; where asking takes
	// long, the pause is watchRest times that.
	watchEvery = 100 * time.Millisecond
	watchRest  = 4
)

func watchCommand(io console.Streams) *cobra.Command {
	return clientCommand("watch ID ...", "Follow jobs until they have ended", `watch prints a line whenever the state of a job changes; on a terminal a line for each
that ends, and under these a bar for each that runs. It ends with the last of them, with
the status of how they have ended. Interrupting it leaves the jobs alone.`, cobra.MinimumNArgs(1),
		func(ctx context.Context, c *redisx.Client, o *clientOptions, ids []string) error {
			found, err := follow(ctx, c, o, ids, io)
			if err != nil {
				return err
			}
			if err := unknownJobs(found); err != nil {
				return err
			}
			return statusOfJobs(found)
		})
}

// follow prints what changes about jobs until all have ended, and gives them. Where
// standard error is a terminal, there are bars for those that run.
func follow(ctx context.Context, c *redisx.Client, o *clientOptions, ids []string, io console.Streams) ([]redisx.Job, error) {
	var below *jobs.Bars
	if console.IsTerminal(io.Err) && !o.json {
		below = jobs.NewBars(io.Err)
		defer below.Wipe()
	}
	found := make([]redisx.Job, len(ids))
	for {
		began := time.Now()
		changed, open, err := refresh(ctx, c, ids, found)
		if err != nil {
			return nil, err
		}
		below.Wipe()
		for _, i := range changed {
			if below != nil && !found[i].State.Final() {
				continue // of what is open there is a bar
			}
			if err := printChange(io, o, found[i]); err != nil {
				return nil, err
			}
		}
		if open == 0 {
			return found, nil
		}
		below.Paint(found)
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(max(watchEvery, watchRest*time.Since(began))):
		}
	}
}

// refresh asks for the jobs that have not ended, some at a time: who watches thousands
// must not keep Redis from everybody else. It gives those whose state has changed, and
// how many are open.
func refresh(ctx context.Context, c *redisx.Client, ids []string, found []redisx.Job) (changed []int, open int, err error) {
	var left []int
	for i := range found {
		if found[i].State == "" || !found[i].State.Final() {
			left = append(left, i)
		}
	}
	for window := range slices.Chunk(left, broker.PollWindow) {
		asked := make([]string, len(window))
		for k, i := range window {
			asked[k] = ids[i]
		}
		now, err := broker.Status(ctx, c, asked)
		if err != nil {
			return nil, 0, exit.Data(err)
		}
		for k, i := range window {
			if now[k].State != found[i].State {
				changed = append(changed, i)
			}
			if found[i] = now[k]; !found[i].State.Final() {
				open++
			}
		}
	}
	return changed, open, nil
}

// printChange prints one line about a job.
func printChange(io console.Streams, o *clientOptions, j redisx.Job) error {
	l := jobs.LineOf(j)
	if o.json {
		return json.NewEncoder(io.Out).Encode(l)
	}
	text := l.ID + "  " + l.State
	if p := l.Progress(); p != "" {
		text += "  " + p
	}
	if l.Error != "" {
		text += "  " + show.OneLine(l.Error)
	}
	_, err := fmt.Fprintln(io.Out, text)
	return err
}
