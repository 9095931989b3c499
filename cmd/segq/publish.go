package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/segq/segq/cmd/segq/internal/config"
	"github.com/segq/segq/cmd/segq/internal/console"
	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/cmd/segq/internal/help"
	"github.com/segq/segq/cmd/segq/internal/identity"
	"github.com/segq/segq/cmd/segq/internal/jobs"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl/show"
	"github.com/spf13/cobra"
)

func publishCommand(io console.Streams) *cobra.Command {
	o := &submitOptions{op: "export", wait: true}
	c := &cobra.Command{
		Use:   "publish NAME [flags]",
		Short: "Publish the profiles of a query for other programs",
		Long: `publish puts the profiles of one query (-c, -f or standard input) where other
programs can use them, under NAME, replacing what was there: in Redis as a
set, a Bloom filter, a HyperLogLog, a bitmap or a stream, or in a file (NAME.csv,
NAME.ndjson, NAME.tsv, NAME.json, NAME.parquet or NAME.arrow) below the worker's
--export-root. A file can hold fields and expressions too (--select). It waits until the
worker is done. Of several queries it publishes the one called NAME, of a file
without its extension; that may refer to the others.`,
		Example: `  segq publish gold --as bloom -c 'loyalty.tier = "gold"'
  segq segments test gold alice bob`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.into = args[0]
			return o.run(cmd.Context(), io)
		},
	}
	f := c.Flags()
	o.registerQueries(f)
	o.client.register(f)
	o.printing.register(f)
	o.registerQuiet(f)
	help.Under(f, help.Output)
	f.StringVar(&o.to, "as", "bloom", "publish as "+strings.Join(redisx.Kinds, ", ")+" or file")
	help.Under(f, help.Others)
	o.taking.registerColumns(f)
	help.Under(f, help.Rows)
	f.Float64Var(&o.rate, "rate", 0, "how often a Bloom filter may be wrong (default 0.01)")
	f.DurationVar(&o.ttl, "ttl", 0, "expire after this time (default: keep until dropped)")
	help.Under(f, help.Others)
	f.StringVar(&o.now, "now", "", "the `TIME` that now means (ISO-8601; default the time of the run)")
	f.DurationVar(&o.timeout, "timeout", 0, "the job expires after this time")
	f.StringVar(&o.tenant, "tenant", "default", "tenant whose segment this is")
	f.StringVar(&o.class, "class", "normal", "class of the command: interactive, normal or batch")
	o.registerSnapshot(f)
	f.StringVar(&o.id, "id", "", "id of the job")
	config.Allow(f, config.Rule{Project: true}, "timeout")
	config.Allow(f, config.Rule{}, "tenant")
	config.Allow(f, config.Rule{Project: true, OneOf: classes}, "class")
	help.Under(f, help.Job)
	return c
}

func segmentsCommand(io console.Streams) *cobra.Command {
	tenant := "default"
	list := clientCommand("list", "List what is published", "", cobra.NoArgs,
		func(ctx context.Context, c *redisx.Client, o *clientOptions, _ []string) error {
			segments, err := c.Segments(ctx, tenant)
			if err != nil {
				return exit.Data(err)
			}
			return printSegments(io.Out, o, segments)
		})
	test := clientCommand("test NAME ID ...", "Test which ids are in a segment", `test says for each id whether it is in a published segment. The status is 1 when one is
not. With a Bloom filter, only a no is certain. What is published are texts: 7.0 is no 7, but it says where that is in it.`, cobra.MinimumNArgs(2),
		func(ctx context.Context, c *redisx.Client, o *clientOptions, args []string) error {
			in, alike, err := memberOf(ctx, c, tenant, args[0], args[1:])
			if err != nil {
				return missing(err)
			}
			return printMembers(io, o, args[1:], in, alike)
		})
	size := clientCommand("size NAME ...", "Estimate how many profiles are in at least one of some segments", `size estimates the profiles in the union of segments that are published as hll. Of two
it also estimates how many they have in common.`, cobra.MinimumNArgs(1),
		func(ctx context.Context, c *redisx.Client, o *clientOptions, names []string) error {
			return printSize(ctx, io.Out, c, o, tenant, names)
		})
	drop := clientCommand("drop NAME ...", "Drop segments", "", cobra.MinimumNArgs(1),
		func(ctx context.Context, c *redisx.Client, _ *clientOptions, names []string) error {
			for _, name := range names {
				if err := c.DropSegment(ctx, tenant, name); err != nil {
					return missing(err)
				}
			}
			return nil
		})
	c := &cobra.Command{Use: "segments", Short: "Manage published segments", Long: "segments manages what segq publish has published."}
	for _, sub := range []*cobra.Command{list, test, size, drop} {
		sub.Flags().StringVar(&tenant, "tenant", tenant, "tenant whose segments these are")
		config.Allow(sub.Flags(), config.Rule{}, "tenant")
		c.AddCommand(sub)
	}
	return c
}

// printSegments prints what is published.
func printSegments(w io.Writer, o *clientOptions, segments []redisx.Segment) error {
	rows := [][]string{{"NAME", "KIND", "PROFILES", "SNAPSHOT", "PUBLISHED", "VERSION"}}
	for _, s := range segments {
		if o.json {
			if err := json.NewEncoder(w).Encode(s); err != nil {
				return err
			}
			continue
		}
		rows = append(rows, []string{s.Name, s.Kind, show.Count(s.Count), s.Snapshot, s.At.Format(time.RFC3339), s.Version})
	}
	if !o.json {
		jobs.Columns(w, rows)
	}
	return nil
}

// memberOf says which ids are in a segment, and of those that are not, by which other text one is.
func memberOf(ctx context.Context, c *redisx.Client, tenant, name string, ids []string) (in []bool, alike []string, err error) {
	if in, err = c.Member(ctx, tenant, name, ids...); err != nil {
		return nil, nil, err
	}
	alike = make([]string, len(ids))
	for i, id := range ids {
		texts := identity.Spellings(id)[1:]
		if in[i] || len(texts) == 0 {
			continue
		}
		other, err := c.Member(ctx, tenant, name, texts...)
		if err != nil {
			continue // it is a hint, and a bitmap has numbers of rows alone
		}
		if at := slices.Index(other, true); at >= 0 {
			alike[i] = texts[at]
		}
	}
	return in, alike, nil
}

// printMembers prints which ids are members, and what of the others is by another text.
func printMembers(io console.Streams, o *clientOptions, ids []string, in []bool, alike []string) error {
	missing := 0
	for i, id := range ids {
		if !in[i] {
			missing++
		}
		if alike[i] != "" {
			fmt.Fprintf(io.Err, "segq: hint: %s is in it, which is the same as %s where ids are %s\n", show.Clean(alike[i]), show.Clean(id), identity.Alike(alike[i], id))
		}
		if o.json {
			if err := json.NewEncoder(io.Out).Encode(map[string]any{"id": id, "member": in[i]}); err != nil {
				return err
			}
			continue
		}
		answer := "no"
		if in[i] {
			answer = "yes"
		}
		fmt.Fprintf(io.Out, "%s  %s\n", show.Clean(id), answer)
	}
	if missing > 0 {
		return &exit.Error{Status: exit.WrongQuery}
	}
	return nil
}

// printSize prints the size of a union, and of two also of what they have in common.
func printSize(ctx context.Context, w io.Writer, c *redisx.Client, o *clientOptions, tenant string, names []string) error {
	union, err := c.UnionSize(ctx, tenant, names...)
	if err != nil {
		return missing(err)
	}
	sizes := map[string]int{"union": union}
	if len(names) == 2 {
		if sizes["overlap"], err = c.OverlapSize(ctx, tenant, names[0], names[1]); err != nil {
			return missing(err)
		}
	}
	if o.json {
		return json.NewEncoder(w).Encode(sizes)
	}
	fmt.Fprintf(w, "about %s in any\n", show.Count(union))
	if n, ok := sizes["overlap"]; ok {
		fmt.Fprintf(w, "about %s in both\n", show.Count(n))
	}
	return nil
}
