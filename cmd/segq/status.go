package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/jobs"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

func statusCommand(io console.Streams) *cobra.Command {
	return clientCommand("status [ID ...]", "Show the state of jobs, or of the queue", `status prints one line for each job: its state, how long ago it came or how long it
took, and how far it is. The status is 1 when Redis does not know one of them.

Without an id it prints how the queue is: how many workers are alive, which were lost a
moment ago, the name of the data (the snapshot) that all answers come from, which
workers have other data and therefore answer nothing, how many jobs wait and run, and
whether they wait for a job that runs alone, or for a worker that is silent.`, cobra.ArbitraryArgs,
		func(ctx context.Context, c *redisx.Client, o *clientOptions, ids []string) error {
			if len(ids) == 0 {
				return o.printQueue(ctx, c, io.Out)
			}
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

// queueLine is the queue as status prints it as JSON.
type queueLine struct {
	Workers int `json:"workers"`
	// Missing are workers that were there a moment ago, by their names, and how that is known.
	Missing  map[string]string `json:"missing,omitempty"`
	Snapshot string            `json:"snapshot"`
	Others   []redisx.Other    `json:"others"`
	// StandIn is what the snapshot stands in for.
	StandIn *redisx.StandIn `json:"stands_in,omitempty"`
	// Reloads are why workers could not load newer data, by their names.
	Reloads map[string]string `json:"reloads,omitempty"`
	// Full says that a worker has no room for all of its columns.
	Full    bool `json:"memory_full,omitempty"`
	held    redisx.Holding
	Waiting []queueClass `json:"waiting"`
	Pushed  int64        `json:"pushed"`
	Running int64        `json:"running"`
	// Silent is how many of those have a worker that has been silent for a lease, HeldBy a job that runs alone and that all that wait
	// wait for.
	Silent  int64  `json:"silent,omitempty"`
	HeldBy  string `json:"held_by,omitempty"`
	Delayed int64  `json:"delayed"`
	Suspect int64  `json:"suspect"`
	Dead    int64  `json:"dead"`
}

// queueClass is how many jobs of a class wait, and since when the first does.
type queueClass struct {
	Class   string `json:"class"`
	Jobs    int64  `json:"jobs"`
	ForMS   int64  `json:"for_ms"`
	waiting time.Duration
}

// printQueue prints how the queue is.
func (o *clientOptions) printQueue(ctx context.Context, c *redisx.Client, w io.Writer) error {
	s, err := c.Stats(ctx)
	if err != nil {
		return exit.Data(err)
	}
	q := queueLine{
		Workers: s.Workers, Snapshot: s.Snapshot, Others: s.Others, StandIn: s.StandIn, Reloads: s.Troubles, Full: s.Held.Full, held: s.Held,
		Pushed: s.Pushed, Running: s.Running, Delayed: s.Delayed, Suspect: s.Suspect, Dead: s.Dead, Silent: s.Silent, HeldBy: s.HeldBy,
	}
	if err := q.miss(ctx, c); err != nil {
		return exit.Data(err)
	}
	if q.Others == nil {
		q.Others = []redisx.Other{}
	}
	for _, class := range s.Classes {
		q.Waiting = append(q.Waiting, queueClass{class.Class, class.Depth, class.Age.Milliseconds(), class.Age})
	}
	if o.json {
		return json.NewEncoder(w).Encode(q)
	}
	_, err = io.WriteString(w, q.text())
	return err
}

// miss counts those workers out that are not there any more.
func (q *queueLine) miss(ctx context.Context, c *redisx.Client) error {
	quiet, cut, err := c.Missing(ctx)
	for worker, long := range quiet {
		if q.Missing == nil {
			q.Missing = map[string]string{}
		}
		q.Missing[worker] = "no sign of life for " + show.Seconds(long)
		if cut[worker] {
			q.Missing[worker] = "its connection has ended"
		}
	}
	q.Workers = max(q.Workers-len(quiet), 0)
	return err
}

// text is the queue in lines, each of something and how it is.
func (q *queueLine) text() (lines string) {
	line := func(what, format string, args ...any) {
		lines += fmt.Sprintf("%-13s", what) + show.OneLine(fmt.Sprintf(format, args...)) + "\n"
	}
	line("workers", "%d alive", q.Workers)
	for _, worker := range slices.Sorted(maps.Keys(q.Missing)) {
		line("lost", "worker %s: %s", worker, q.Missing[worker])
	}
	if q.Snapshot != "" {
		line("snapshot", "%s", q.Snapshot)
	}
	if s := q.StandIn; s != nil {
		line("stands in", "%s", s)
	}
	for _, other := range q.Others {
		line("other data", "worker %s has %s and answers nothing", other.Worker, other.Snapshot)
	}
	if h := q.held; h.Full {
		line("columns", "%d of %d in memory: the others do not fit into --memory, and are read when they are asked for", h.Loaded, h.Columns)
	}
	for _, worker := range slices.Sorted(maps.Keys(q.Reloads)) {
		line("old data", "worker %s: %s", worker, q.Reloads[worker])
	}
	for _, class := range q.Waiting {
		if class.Jobs == 0 {
			line(class.Class, "0 waiting")
			continue
		}
		line(class.Class, "%s waiting, the first for %v", show.Count(class.Jobs), class.waiting.Round(time.Millisecond))
	}
	if q.Pushed > 0 {
		line("pushed", "%s commands that are no jobs yet", show.Count(q.Pushed))
	}
	line("running", "%s", show.Count(q.Running))
	if q.Silent > 0 {
		line("silent", "the worker of %s that run: a worker that is there or is started goes on with them, and segq cancel ID ends one", show.Count(q.Silent))
	}
	if q.HeldBy != "" {
		line("alone", "%s, since a worker was lost with it: what waits starts when it has ended, or on another worker", q.HeldBy)
	}
	if q.Delayed+q.Suspect > 0 {
		line("set aside", "%s that met an error, %s that were lost with their worker", show.Count(q.Delayed), show.Count(q.Suspect))
	}
	line("given up", "%s", show.Count(q.Dead))
	return lines
}
