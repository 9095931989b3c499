// Peers compares segq with ClickHouse and DuckDB: the same data from the same
// Parquet files, the same rules, in one run, on one machine.
//
// The tour: data.go makes the tables (data_flat.go), random.go makes rules, small
// trees (rule.go) that are written in PQL (print_pql.go) and in the peers' SQL
// (print_sql.go). work.go says what is timed together. segq.go answers in this
// process; peers.go sends jobs to peers.py, with tables and forms of questions that
// suit each peer (clickhouse.go, duckdb.go). main.go compares all counts, and
// report.go prints the table only when they are equal.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
)

// config is what the flags say.
type config struct {
	rows, eventRows, threads, repeat int
	only, peers, dir, python         string
	full                             bool
}

func main() {
	c := new(config)
	flag.IntVar(&c.rows, "rows", 10_000_000, "profiles of the flat table")
	flag.IntVar(&c.eventRows, "events-rows", 1_000_000, "profiles of the table with events")
	flag.StringVar(&c.only, "only", "flat,events,single,offkernel,strings", "sections to run")
	flag.StringVar(&c.peers, "peers", "clickhouse,duckdb", "peers to compare with")
	flag.IntVar(&c.threads, "threads", 2, "threads of each side")
	flag.IntVar(&c.repeat, "repeat", 3, "how often a work is timed; single queries ten times as often")
	flag.StringVar(&c.dir, "dir", filepath.Join(os.TempDir(), "peers"), "directory of the data and of the peers")
	flag.StringVar(&c.python, "python", "", "interpreter that has chdb and duckdb (default: one that is made in -dir)")
	flag.BoolVar(&c.full, "full", false, "ask DuckDB all rules of large batches, not the first 100")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := c.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// run makes the data, asks all sides and prints the report.
func (c *config) run(ctx context.Context) error {
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return err
	}
	r := newReport(c)
	if works := c.chosen(flatWorks); len(works) > 0 {
		file, err := flatTable.file(ctx, c.dir, c.rows, c.threads)
		if err != nil {
			return err
		}
		if err := c.compare(ctx, r, "flat", file, works); err != nil {
			return err
		}
	}
	if works := c.chosen(eventWorks); len(works) > 0 {
		file, err := eventTable.file(ctx, c.dir, c.eventRows, c.threads)
		if err != nil {
			return err
		}
		if err := c.compare(ctx, r, "events", file, works); err != nil {
			return err
		}
	}
	return r.print(os.Stdout)
}

// chosen gives the works of the sections that are asked for.
func (c *config) chosen(sections []section) []work {
	var out []work
	for _, s := range sections {
		if slices.Contains(strings.Split(c.only, ","), s.name) {
			out = append(out, s.works()...)
		}
	}
	return out
}

// compare asks all sides the works over one table, and holds their counts against
// each other.
func (c *config) compare(ctx context.Context, r *report, table, file string, works []work) error {
	engine, err := openSegq(ctx, file, c.threads)
	if err != nil {
		return err
	}
	defer engine.Close()
	mine, err := engine.answer(ctx, works, c.repeat)
	if err != nil {
		return err
	}
	rows := make([]row, len(works))
	for i, w := range works {
		rows[i] = row{work: w, segq: mine[i]}
	}
	for _, p := range []*peer{clickhousePeer, duckdbPeer} {
		if !strings.Contains(c.peers, strings.ToLower(p.name)) {
			continue
		}
		answers, reply, err := p.answer(ctx, c, table, file, works)
		if err != nil {
			return err
		}
		r.versions[p.name] = reply.Version
		for i, a := range answers {
			if err := disagreement(works[i], mine[i], a); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
			rows[i].peers = append(rows[i].peers, a)
		}
	}
	r.rows = append(r.rows, rows...)
	return nil
}
