package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/segq/segq/redisx"
)

// submitOptions are the flags of submit.
type submitOptions struct {
	options
	client   clientOptions
	id, op   string
	by       string
	to, into string
	rate     float64
	ttl      time.Duration
	priority int
	wait     bool
	watch    bool
}

func submitCommand(io stdio) *cobra.Command {
	o := &submitOptions{}
	c := &cobra.Command{
		Use:   "submit [flags]",
		Short: "Put queries in the queue of the workers",
		Long: `submit puts the queries of -c, -f or standard input in the queue and prints the id
of each job. With --wait it waits for the answers and prints these, with --watch it
follows the jobs meanwhile. An --id of your own makes it safe to submit again: a job
that is known is not queued twice.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context(), io) },
	}
	f := c.Flags()
	o.registerQueries(f)
	o.client.register(f)
	f.StringVar(&o.now, "now", "", "the `TIME` that now means (ISO-8601; default the time of the run)")
	f.DurationVar(&o.timeout, "timeout", 0, "the job expires after this time")
	f.IntVar(&o.sample, "sample", 0, "give `N` ids of matching profiles with each answer")
	f.Uint64Var(&o.seed, "seed", 1, "seed of the samples")
	f.StringVar(&o.tenant, "tenant", "default", "tenant whose commands these are")
	f.StringVar(&o.class, "class", "normal", "class of the commands: interactive, normal or batch")
	f.IntVar(&o.priority, "priority", 0, "a smaller one goes first among those of its tenant and class")
	f.StringVar(&o.op, "op", "query", "what to ask of each query: query, breakdown, funnel, lift, sample or export; overlap, of all of them")
	f.StringVar(&o.by, "by", "", "the field of a breakdown or a lift, as `a.b.c`")
	f.StringVar(&o.to, "to", "", "where an export goes: "+strings.Join(redisx.Kinds, ", ")+" or file; its name is that of the query")
	f.StringVar(&o.id, "id", "", "id of the job, for one query")
	f.BoolVar(&o.wait, "wait", false, "wait, and print the answers")
	f.BoolVar(&o.watch, "watch", false, "follow the jobs, and print the answers")
	return c
}

func (o *submitOptions) run(ctx context.Context, io stdio) error {
	commands, err := o.commands(io)
	if err != nil {
		return err
	}
	client, err := o.client.open(ctx)
	if err != nil {
		return err
	}
	defer client.Close()
	var ids []string
	for _, c := range commands {
		id, err := client.Submit(ctx, c)
		if errors.Is(err, redisx.ErrCommand) {
			return usageError(err)
		}
		if err != nil {
			return dataError(fmt.Errorf("%d of %d are queued: %w", len(ids), len(commands), err))
		}
		ids = append(ids, id)
		if o.wait || o.watch {
			continue
		}
		if o.client.json {
			err = json.NewEncoder(io.out).Encode(map[string]string{"id": id, "name": c.Name})
		} else {
			_, err = fmt.Fprintln(io.out, id)
		}
		if err != nil {
			return err
		}
	}
	if !o.wait && !o.watch {
		return nil
	}
	return o.answers(ctx, client, ids, io)
}

// answers waits for jobs and prints what they came to.
func (o *submitOptions) answers(ctx context.Context, client *redisx.Client, ids []string, io stdio) error {
	quiet := stdio{io.in, nil, nil}
	if o.watch {
		quiet = stdio{io.in, io.err, io.err}
	}
	jobs, err := awaitJobs(ctx, client, &o.client, ids, quiet)
	if err != nil {
		return err
	}
	failed := 0
	for _, j := range jobs {
		data, err := client.Result(ctx, j)
		if err != nil {
			return dataError(err)
		}
		if j.State != redisx.Done {
			failed++
		}
		if len(data) == 0 {
			r := &record{ID: j.ID, Name: j.Command.Name, Query: j.Command.Query}
			r.fail(jobError(j))
			data, err = encodeRecord(r)
		} else {
			data, err = inItsName(j, data)
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(io.out, "%s\n", data)
	}
	switch {
	case failed == 0:
		return nil
	case failed == len(jobs):
		return &statusError{status: exitQuery}
	}
	return &statusError{status: exitPartial}
}

// awaitJobs follows jobs where there is somebody to tell, and else only waits.
func awaitJobs(ctx context.Context, c *redisx.Client, o *clientOptions, ids []string, io stdio) ([]redisx.Job, error) {
	if io.out != nil {
		return follow(ctx, c, o, ids, io)
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		jobs, err := c.Status(ctx, ids...)
		if err != nil {
			return nil, dataError(err)
		}
		open := 0
		for _, j := range jobs {
			if !j.State.Final() {
				open++
			}
		}
		if open == 0 {
			return jobs, nil
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-tick.C:
		}
	}
}

// commands gives what is to be submitted.
func (o *submitOptions) commands(io stdio) ([]redisx.Command, error) {
	now, err := o.instant()
	if err != nil {
		return nil, usageError(err)
	}
	texts, err := o.sources(io.in)
	if err != nil {
		return nil, err
	}
	queries, err := splitAll(texts)
	if err != nil {
		return nil, usageError(err)
	}
	var commands []redisx.Command
	for i, w := range queries {
		q := newQuestion(i, w, now)
		if q.record.Error != nil {
			reportErrors(io.err, []*question{q})
			return nil, &statusError{status: exitQuery}
		}
		commands = append(commands, o.command(w, now))
	}
	if o.op == "overlap" && len(commands) > 0 {
		all := commands[0]
		all.Query = ""
		for _, c := range commands {
			all.Queries = append(all.Queries, c.Query)
		}
		commands = []redisx.Command{all}
	}
	if o.into != "" {
		if len(commands) != 1 {
			return nil, usageError(fmt.Errorf("publish one query under one name, not %d", len(commands)))
		}
		commands[0].Name = o.into
	}
	if o.id != "" {
		if len(commands) != 1 {
			return nil, usageError(fmt.Errorf("--id is for one job, and there are %d", len(commands)))
		}
		commands[0].ID = o.id
	}
	return commands, nil
}

func (o *submitOptions) command(w written, now time.Time) redisx.Command {
	return redisx.Command{
		ID: uuid.NewString(), Op: o.op, Tenant: o.tenant, Class: o.class, Priority: o.priority, By: o.by,
		Query: strings.TrimSpace(w.text()), Name: w.name, Params: o.paramValues(), Now: nowFor(w.statement.X, now),
		Sample: o.sample, Seed: o.seed, DeadlineMS: o.timeout.Milliseconds(),
		To: o.to, Rate: o.rate, TTLMS: o.ttl.Milliseconds(),
	}
}
