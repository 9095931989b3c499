package main

import (
	"context"
	"errors"
	"os"
	"syscall"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/cmd/segq/internal/backend"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/repl"
)

// session holds the interactive session.
func session(ctx context.Context, o *options, data []string, io console.Streams) error {
	leaveProcessor(o.threads)
	if err := o.params.Read.Load(ctx); err != nil {
		return err
	}
	q, err := ask.OpenQueue(ctx, o.place(data), o.notes(io))
	if err != nil {
		return err
	}
	defer q.Close()
	if q.Data != nil && o.dataFrom != "" {
		q.Data.Name += " (named in " + o.dataFrom + ")"
	}
	// Ctrl-C means something else to a session: only SIGTERM ends it from outside.
	ending, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	stop := context.AfterFunc(ctx, func() {
		var s exit.Signalled
		if errors.As(context.Cause(ctx), &s) && s.Signal == syscall.SIGINT {
			return
		}
		cancel()
	})
	defer stop()
	return repl.Run(ending, backend.New(ending, q, o.asking(io), o.redis.Namespace), repl.Options{
		In: io.In, Out: io.Out.File, Color: o.colored(), Accessible: os.Getenv("ACCESSIBLE") != "",
	})
}
