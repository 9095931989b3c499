package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/gen"
	"github.com/segq/segq/repl/show"
	"github.com/segq/segq/samples"
	"github.com/spf13/cobra"
)

func genCommand(io console.Streams) *cobra.Command {
	g := samples.Generator{}
	var output string
	c := &cobra.Command{
		Use:   "gen --profiles N -o FILE",
		Short: "Generate profiles like the sample's, any number of them",
		Long: `gen writes made-up profiles in the shape of the embedded sample: equal flags
give equal files. FILE ends in .parquet, .ndjson, .ndjson.gz or .ndjson.zst.`,
		Example: "  segq gen --profiles 1000000 --events 5 -o profiles.parquet",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			switch {
			case output == "":
				return exit.Usage(errors.New("gen needs -o FILE"))
			case g.Profiles < 0 || g.EventsPerProfile < 0:
				return exit.Usage(errors.New("--profiles and --events must be 0 or more"))
			}
			return generate(cmd.Context(), output, g, io)
		},
	}
	f := c.Flags()
	f.IntVar(&g.Profiles, "profiles", 2000, "number of profiles")
	f.IntVar(&g.EventsPerProfile, "events", 5, "events per profile, on average")
	f.Uint64Var(&g.Seed, "seed", 1, "seed; a different one makes different profiles")
	f.StringVarP(&output, "output", "o", "", "the `FILE` to write")
	return c
}

func generate(ctx context.Context, output string, g samples.Generator, io console.Streams) error {
	tell := func(int, int) {}
	if console.IsTerminal(io.Err) {
		tell = func(done, total int) {
			fmt.Fprintf(io.Err, "\r\x1b[K%s of %s profiles", show.Count(done), show.Count(total))
		}
		defer fmt.Fprint(io.Err, "\r\x1b[K")
	}
	return gen.Write(ctx, output, g, tell)
}
