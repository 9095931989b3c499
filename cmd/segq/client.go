package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// clientOptions are the flags of the commands that speak to Redis alone.
type clientOptions struct {
	broker.Options
	json bool
}

func (o *clientOptions) register(f *pflag.FlagSet) {
	o.Options.Register(f)
	f.BoolVar(&o.json, "json", false, "print JSON, a line for each job")
}

// clientCommand gives a command that works with a client of Redis and the ids among
// its arguments.
func clientCommand(use, short, long string, args cobra.PositionalArgs, run func(ctx context.Context, c *redisx.Client, o *clientOptions, args []string) error) *cobra.Command {
	o := &clientOptions{}
	c := &cobra.Command{
		Use: use, Short: short, Long: long, Args: args,
		RunE: func(cmd *cobra.Command, args []string) error {
			client, err := o.Open(cmd.Context())
			if err != nil {
				return err
			}
			defer client.Close()
			return run(cmd.Context(), client, o, args)
		},
	}
	o.register(c.Flags())
	return c
}

// jobLine is a job as the commands print it as JSON.
type jobLine struct {
	ID        string     `json:"id"`
	State     string     `json:"state"`
	Op        string     `json:"op"`
	Name      string     `json:"name,omitempty"`
	Rules     int        `json:"rules,omitempty"`
	Tenant    string     `json:"tenant"`
	Class     string     `json:"class"`
	Owner     string     `json:"owner,omitempty"`
	Attempt   int        `json:"attempt"`
	Tries     int        `json:"tries,omitempty"`
	Crashes   int        `json:"crashes,omitempty"`
	Created   *time.Time `json:"created,omitempty"`
	Started   *time.Time `json:"started,omitempty"`
	Finished  *time.Time `json:"finished,omitempty"`
	Rows      int        `json:"rows"`
	Total     int        `json:"total"`
	Matched   int        `json:"matched"`
	Parts     int        `json:"partitions"`
	PartsDone int        `json:"partitions_done"`
	Error     string     `json:"error,omitempty"`
}

func lineOf(j redisx.Job) jobLine {
	at := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		return &t
	}
	l := jobLine{
		ID: j.ID, State: string(j.State), Op: j.Command.Op, Name: j.Command.Name, Tenant: j.Tenant, Class: j.Class, Owner: j.Owner,
		Attempt: j.Attempt, Tries: j.Tries, Crashes: j.Crashes,
		Created: at(j.Created), Started: at(j.Started), Finished: at(j.Finished), Parts: len(j.Partitions), Error: j.Error,
	}
	if l.Op == "rules" {
		l.Rules = len(j.Command.Queries)
	}
	for _, p := range j.Partitions {
		l.Rows += p.Rows
		l.Total += p.Total
		l.Matched += p.Matched
		if p.Done {
			l.PartsDone++
		}
	}
	return l
}

// title is what the job is called, or what it is.
func (l *jobLine) title() string {
	if l.Name == "" && l.Rules > 0 {
		return show.Count(l.Rules) + " rules"
	}
	return show.OneLine(l.Name)
}

// progress is how far the job is: a share of the rows, or nothing before the first.
func (l *jobLine) progress() string {
	switch {
	case l.Total == 0:
		return ""
	case l.Rules > 0: // what matches is another number for each
		return fmt.Sprintf("%d %% of %s", 100*l.Rows/l.Total, show.Count(l.Total))
	case redisx.State(l.State).Final():
		return show.Count(l.Matched) + " of " + show.Count(l.Total)
	}
	return fmt.Sprintf("%d %%, %s so far", 100*l.Rows/l.Total, show.Count(l.Matched))
}

// age is the time since the job came, or, once it has ended, that it took.
func (l *jobLine) age(now time.Time) string {
	if l.Created == nil {
		return ""
	}
	if l.Finished != nil {
		now = *l.Finished
	}
	return now.Sub(*l.Created).Round(time.Millisecond).String()
}

// printJobs prints jobs as a table, or as JSON. Lost ones are known by their ids.
func printJobs(w io.Writer, o *clientOptions, jobs []redisx.Job) error {
	b := bufio.NewWriter(w)
	if o.json {
		e := json.NewEncoder(b)
		for _, j := range jobs {
			if err := e.Encode(lineOf(j)); err != nil {
				return err
			}
		}
		return b.Flush()
	}
	now := time.Now()
	rows := [][]string{{"ID", "STATE", "CLASS", "TENANT", "AGE", "PROGRESS", "NAME"}}
	for _, j := range jobs {
		l := lineOf(j)
		name := l.title()
		if l.Error != "" {
			name += " (" + show.OneLine(l.Error) + ")"
		}
		rows = append(rows, []string{l.ID, l.State, l.Class, l.Tenant, l.age(now), l.progress(), name})
	}
	writeColumns(b, rows)
	return b.Flush()
}

// writeColumns writes rows with their cells below each other.
func writeColumns(w io.Writer, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			if i == len(row)-1 {
				line += cell
				break
			}
			line += fmt.Sprintf("%-*s  ", widths[i], cell)
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}

// unknownJobs is the error of ids that Redis does not know, nil for none.
func unknownJobs(jobs []redisx.Job) error {
	for _, j := range jobs {
		if j.State == redisx.Lost {
			return &exit.Error{Status: exit.WrongQuery, Err: fmt.Errorf("Redis does not know the job %s: it never came, or was forgotten a day after its end", j.ID)}
		}
	}
	return nil
}
