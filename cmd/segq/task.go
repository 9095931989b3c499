package main

import (
	"context"
	"errors"
	"fmt"
	stdio "io"
	"os"
	"time"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/machine"
	"github.com/segq/segq/exec/columncache"
	"github.com/segq/segq/exec/executor"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

// The statuses of segq task, by which the other side knows what to do: ask nothing more, since another attempt would
// fail as well, or nothing at all, since nobody waits any more. They are those of sysexits.h.
const (
	taskWrong = 65
	taskOver  = 75
)

// unreadEach is how often segq task looks whether its answer is still wanted.
const unreadEach = 250 * time.Millisecond

// errUnread is the cause of the end of a task whose answer nobody reads.
var errUnread = errors.New("whoever has started this does not read its answer")

// taskCommand is the side of a cluster's executor: a program starts it and not a person.
func taskCommand(io console.Streams) *cobra.Command {
	o := executor.Options{}
	var folder, rows, meter string
	var probe, place bool
	var limit dataset.Size
	c := &cobra.Command{
		Use:    "task",
		Short:  "Answer a batch over a part of a table, as an executor of a cluster",
		Hidden: true,
		Args:   cobra.NoArgs,
		// What the user of an executor has configured is about other things.
		PersistentPreRunE: func(*cobra.Command, []string) error { return nil },
		RunE: func(cmd *cobra.Command, _ []string) error {
			machine.DieWithParent()
			if probe {
				said := ""
				if meter != "" {
					said = show.Clean(probeMeter(cmd.Context(), meter))
				}
				_, err := fmt.Fprintf(io.Out, "%s\t%s\n", executor.Ready(), said)
				_, _ = stdio.Copy(stdio.Discard, io.In) // a writer whose pipe breaks counts as one that has failed
				return err
			}
			if place {
				return executor.Place(io.In, io.Out)
			}
			ctx, end := context.WithCancelCause(cmd.Context())
			defer end(nil)
			defer whileRead(ctx, io.Out.File, end)()
			if meter != "" {
				m := startMeter(meter, func() { end(errOver) })
				defer m.close()
				o.Tell = m.take
			}
			if folder != "" {
				note := func(text string) { _, _ = io.Err.WriteString("segq: " + text + "\n") }
				o.Cache = &columncache.Cache{Folder: folder, Limit: int64(limit), Note: note}
			}
			o.Hurry = func() { machine.Widen(io.In) }
			return taskStatus(ctx, o.Do(ctx, rows, io.In, io.Out))
		},
	}
	f := c.Flags()
	f.StringVar(&folder, "cache", "", "keep columns packed in this `FOLDER`")
	f.Var(&limit, "cache-limit", "how much may lie there")
	f.StringVar(&rows, "pack", "", "pack the rows on standard input, which are read as this `TEXT` says")
	f.StringVar(&meter, "meter", "", "tell Redis how far it is under this `NAME`, a namespace and a name with a slash between them")
	f.BoolVar(&place, "place", false, "say the line on standard input back, after a moment")
	f.String("word", "", "this `WORD` makes what is else the same two things")
	f.BoolVar(&probe, "probe", false, "say that it works")
	f.IntVar(&o.Threads, "threads", 1, "how many threads work")
	f.DurationVar(&o.Tick, "tick", 0, "read one of the lines behind the first each time")
	return c
}

// whileRead ends a task when nobody reads a pipe any more, until the function that it returns is called.
func whileRead(ctx context.Context, out *os.File, end context.CancelCauseFunc) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		clock := time.NewTicker(unreadEach)
		defer clock.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-clock.C:
				if machine.Unread(out) {
					end(errUnread)
					return
				}
			}
		}
	}()
	return cancel
}

// taskStatus is the error of a task with its status.
func taskStatus(ctx context.Context, err error) error {
	var wrong *executor.WrongError
	switch {
	case err == nil:
		return nil
	case errors.Is(context.Cause(ctx), errUnread), errors.Is(context.Cause(ctx), errOver):
		return &exit.Error{Status: taskOver, Err: context.Cause(ctx)}
	case errors.As(err, &wrong):
		return &exit.Error{Status: taskWrong, Err: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &exit.Error{Status: taskOver, Err: errors.New("the time of the batch is over")}
	}
	return exit.Data(err)
}
