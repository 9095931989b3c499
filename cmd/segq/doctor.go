package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

func doctorCommand(io console.Streams) *cobra.Command {
	return clientCommand("doctor", "Examine Redis and the queue", `doctor looks at the server behind --redis: its version, whether it keeps what it is given
and may evict it, what this user may do, its clock, its latency; and at the
namespace: whether there are workers, or keys that should not exist. It says what to
change. The status is 1 if there is something.`, cobra.NoArgs,
		func(ctx context.Context, c *redisx.Client, o *clientOptions, _ []string) error {
			findings, err := c.Examine(ctx)
			if err != nil {
				return exit.Data(err)
			}
			bad := 0
			for _, f := range findings {
				if !f.OK {
					bad++
				}
				if o.json {
					if err := json.NewEncoder(io.Out).Encode(f); err != nil {
						return err
					}
					continue
				}
				mark := "ok  "
				if !f.OK {
					mark = "look"
				}
				fmt.Fprintf(io.Out, "%s  %-12s %s\n", mark, f.Check, show.OneLine(f.Found))
				if f.Advice != "" {
					fmt.Fprintf(io.Out, "      %-12s → %s\n", "", show.OneLine(f.Advice))
				}
			}
			if bad > 0 {
				return &exit.Error{Status: exit.WrongQuery}
			}
			return nil
		})
}
