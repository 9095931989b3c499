package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/redisx"
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
	help.Under(f, help.Output)
}

// clientCommand returns a command that works with a client of Redis and the ids among
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

// missing makes the error of something that was asked for by name, and is not there, an answer; any
// other is one of Redis.
func missing(err error) error {
	if errors.Is(err, redisx.ErrNoSegment) || errors.Is(err, redisx.ErrNotDead) {
		return &exit.Error{Status: exit.WrongQuery, Err: err}
	}
	return exit.Data(err)
}

// statusOfJobs returns the error whose status tells how jobs have ended, nil when all are well. The
// words have been printed.
func statusOfJobs(found []redisx.Job) error {
	failed, late, lost := 0, 0, 0
	for _, j := range found {
		switch j.State {
		case redisx.Done:
			continue
		case redisx.Expired:
			late++
		case redisx.Dead:
			lost++
		}
		failed++
	}
	switch {
	case failed == 0:
		return nil
	case lost > 0:
		return &exit.Error{Status: exit.Unreachable}
	case late == len(found):
		return &exit.Error{Status: exit.TimedOut}
	case failed < len(found):
		return &exit.Error{Status: exit.Partial}
	}
	return &exit.Error{Status: exit.WrongQuery}
}

// unknownJobs is the error of ids that Redis does not know, nil for none.
func unknownJobs(jobs []redisx.Job) error {
	for _, j := range jobs {
		if j.State == redisx.Lost {
			return &exit.Error{Status: exit.WrongQuery, Err: fmt.Errorf("Redis does not know the job %s: it never existed, or was forgotten a day after its end", j.ID)}
		}
	}
	return nil
}
