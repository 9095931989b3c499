package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/broker"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/version"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

func doctorCommand(io console.Streams) *cobra.Command {
	o := &clientOptions{}
	acl := false
	c := &cobra.Command{
		Use:   "doctor",
		Short: "Examine Redis and the queue",
		Long: `doctor looks at the server behind --redis: whether it answers, its version, whether
it keeps what it is given and may evict it, its memory, what this user may do, its
clock, its latency; and at the namespace: whether there are workers, and of which
version, how the jobs are, and whether there are keys that should not exist. Of what
is not well it says what to change.

A fault is something that does not work: the status is 3. Advice is about what
works and could be better: the status is 0, as when all is well.

With --acl it prints an ACL file for redis-server --aclfile, with the rights that the
users of segq need and no more: segq for workers and clients, producer for those who
only push commands, reader for those who only query published segments, executor for
the executors of a cluster, which tell how far they are. Put passwords of your own in
the place of each PASSWORD. The user default is off, and keeps all
rights: Redis loads its append-only file as that user, and without them it forgets
what was queued when it starts again.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if acl {
				_, err := fmt.Fprint(io.Out, redisx.ACL())
				return err
			}
			findings, err := o.examine(cmd.Context())
			if err != nil {
				return err
			}
			return reportFindings(findings, o.json, io)
		},
	}
	o.register(c.Flags())
	c.Flags().BoolVar(&acl, "acl", false, "print the users that Redis needs for segq, as an ACL file, and examine nothing")
	help.Under(c.Flags(), help.Output)
	return c
}

// examine returns what is found. The error is that of the command line, or of the time.
func (o *clientOptions) examine(ctx context.Context) ([]redisx.Finding, error) {
	client, err := o.Open(ctx)
	if err == nil {
		defer client.Close()
		var findings []redisx.Finding
		if findings, err = client.Examine(ctx); err == nil {
			return append(findings, versionSeen(ctx, client)), nil
		}
	}
	var status *exit.Error
	if ctx.Err() != nil || errors.As(err, &status) && status.Status == exit.WrongUsage {
		return nil, err
	}
	return []redisx.Finding{{Check: "connection", Level: redisx.Fault, Found: err.Error(), Advice: broker.Advice(err)}}, nil
}

// versionSeen says whether the workers are of the version of this program.
func versionSeen(ctx context.Context, c *redisx.Client) redisx.Finding {
	own := program(version.Text())
	f := redisx.Finding{Check: "program", Level: redisx.Good, OK: true, Found: own}
	serves, err := c.Serves(ctx)
	if err != nil || serves == "" || program(serves) == own {
		return f
	}
	f.Level, f.OK = redisx.Works, false
	f.Found += " here, and a worker is " + program(serves)
	f.Advice = "programs of different versions understand each other; what only the newer one knows fails at the other: use one"
	return f
}

// program returns the name and version of a program, of what it says of itself and of its data.
func program(text string) string {
	before, _, _ := strings.Cut(text, " go1.")
	return before
}

// reportFindings prints findings, and says by its error whether there is a fault.
func reportFindings(findings []redisx.Finding, asJSON bool, io console.Streams) error {
	marks := map[redisx.Level]string{redisx.Good: "ok", redisx.Works: "advice", redisx.Fault: "FAULT"}
	faults := 0
	for _, f := range findings {
		if f.Level == redisx.Fault {
			faults++
		}
		if asJSON {
			if err := json.NewEncoder(io.Out).Encode(f); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(io.Out, "%-6s  %-12s %s\n", marks[f.Level], f.Check, show.OneLine(f.Found))
		if f.Advice != "" {
			fmt.Fprintf(io.Out, "        %-12s → %s\n", "", show.OneLine(f.Advice))
		}
	}
	if faults > 0 {
		return &exit.Error{Status: exit.Unreachable}
	}
	return nil
}
