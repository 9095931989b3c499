// Peers compares segq with ClickHouse and DuckDB: the same data from the same
// Parquet files, the same rules, in one run, on one machine.
//
// The tour: data.go makes the tables (data_flat.go), random.go makes rules, small
// trees (rule.go) that are written in PQL (print_pql.go) and in the peers' SQL
// (print_sql.go). work.go says what is timed together. segq.go answers in this
// process; peers.go sends jobs to peers.py, with tables and forms of questions that
// suit each peer (clickhouse.go, duckdb.go). oneshot.go and loading.go start the binary of
// segq instead, as takeout.go and memberships.go do (process.go), and ask the peers about the same file (filework.go). main.go
// compares all counts, and report.go prints the table only if they are equal.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// config is what the flags say.
type config struct {
	rows, eventRows, threads, repeat int
	only, peers, dir, python, segq   string
	spark                            string
	full, tier                       bool
	limit                            time.Duration
	// Of the sections oneshot and load.
	wideRows, wideColumns, genProfiles, textRows int
}

const (
	allSections = "flat,events,single,offkernel,strings,oneshot,load,rows,analyses,memberships"
	allPeers    = "clickhouse,duckdb"
)

func main() {
	if len(os.Args) > 2 && os.Args[1] == measureArgument {
		if err := measure(os.Args[2], os.Args[3:]...); err != nil {
			fmt.Fprintln(os.Stderr, "peers:", err)
			os.Exit(1)
		}
		return
	}
	c := new(config)
	flag.IntVar(&c.rows, "rows", 10_000_000, "profiles of the flat table")
	flag.IntVar(&c.eventRows, "events-rows", 1_000_000, "profiles of the table with events")
	flag.StringVar(&c.only, "only", allSections, "sections to run")
	flag.StringVar(&c.peers, "peers", allPeers, "peers to compare with, or none")
	flag.IntVar(&c.threads, "threads", 2, "threads of each side")
	flag.IntVar(&c.repeat, "repeat", 3, "how often a work is timed; single queries ten times as often")
	flag.DurationVar(&c.limit, "limit", 10*time.Minute, "after how long a query of a peer is given up")
	flag.StringVar(&c.dir, "dir", filepath.Join(os.TempDir(), "peers"), "directory of the data and of the peers")
	flag.StringVar(&c.python, "python", "", "interpreter that has chdb and duckdb (default: one that is made in -dir)")
	flag.BoolVar(&c.full, "full", false, "ask DuckDB all rules of large batches, not the first 100")
	flag.BoolVar(&c.tier, "tier", false, "print segq's times alone, in one line; for the comparison of kernels")
	flag.StringVar(&c.segq, "segq", "", "binary for the sections oneshot and load (default: one that is built from this checkout)")
	flag.StringVar(&c.spark, "spark", "", "HOST:PORT of a Thrift server of Spark that may be filled, for the section cluster")
	flag.IntVar(&c.wideRows, "wide-rows", 1_000_000, "profiles of the wide table of the section oneshot")
	flag.IntVar(&c.wideColumns, "wide-columns", 5000, "its columns")
	flag.IntVar(&c.genProfiles, "gen-profiles", 5_000_000, "profiles of segq gen in Parquet, for the section load")
	flag.IntVar(&c.textRows, "text-rows", 1_000_000, "profiles in NDJSON and CSV, for the section load")
	flag.Parse()
	if err := c.check(); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := c.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// check says what is wrong with the flags.
func (c *config) check() error {
	for _, list := range []struct{ flag, given, known string }{{"-only", c.only, allSections + ",cluster"}, {"-peers", c.peers, allPeers}} {
		for _, name := range strings.Split(list.given, ",") {
			if name != "" && !slices.Contains(strings.Split(list.known, ","), name) {
				return fmt.Errorf("%s: there is no %q; there are %s", list.flag, name, list.known)
			}
		}
	}
	if c.asks("cluster") && c.spark == "" {
		return errors.New("the section cluster needs -spark HOST:PORT")
	}
	if c.limit < time.Second {
		return errors.New("-limit is a second or more")
	}
	if min(c.rows, c.eventRows, c.threads, c.repeat, c.wideRows, c.genProfiles, c.textRows) < 1 || c.wideColumns < 6 {
		return errors.New("numbers of rows, -threads and -repeat are 1 or more, -wide-columns 6 or more")
	}
	return nil
}

// run makes the data, asks all sides and prints the report.
func (c *config) run(ctx context.Context) error {
	if err := os.MkdirAll(c.dir, 0o755); err != nil {
		return err
	}
	r := newReport(c)
	if works := c.chosen(flatWorks); len(works) > 0 {
		if err := runTable(ctx, c, r, flatTable, c.rows, works); err != nil {
			return err
		}
	}
	if works := c.chosen(eventWorks); len(works) > 0 {
		if err := runTable(ctx, c, r, eventTable, c.eventRows, works); err != nil {
			return err
		}
	}
	if c.tier {
		r.printTier(os.Stdout)
		return nil
	}
	if c.asks("oneshot") {
		if err := c.oneShot(ctx, r); err != nil {
			return err
		}
	}
	for _, s := range []struct {
		name string
		run  func(context.Context, *report) error
	}{{"load", c.loading}, {"rows", c.takeOut}, {"analyses", c.analyses}, {"memberships", c.memberships}, {"cluster", c.onCluster}} {
		if !c.asks(s.name) {
			continue
		}
		if err := s.run(ctx, r); err != nil {
			return err
		}
	}
	r.print(os.Stdout)
	return nil
}

// asks says whether a section is asked for.
func (c *config) asks(section string) bool {
	return slices.Contains(strings.Split(c.only, ","), section)
}

// chosen returns the works of the sections that are asked for.
func (c *config) chosen(sections []section) []work {
	var out []work
	for _, s := range sections {
		if c.asks(s.name) {
			out = append(out, s.works()...)
		}
	}
	return out
}

// runTable makes one table and asks all sides the works over it.
func runTable[T any](ctx context.Context, c *config, r *report, t *table[T], rows int, works []work) error {
	file, err := t.file(ctx, c.dir, rows, c.threads)
	if err != nil {
		return err
	}
	result := tableResult{name: t.name, rows: rows, works: works, loaded: map[string]time.Duration{}}
	if result.segq, err = c.askSegq(ctx, r, &result, file); err != nil {
		return err
	}
	for _, p := range []*peer{clickhousePeer, duckdbPeer} {
		if c.tier || !slices.Contains(strings.Split(c.peers, ","), strings.ToLower(p.name)) {
			continue
		}
		answers, reply, err := p.answer(ctx, c, t.name, file, works, result.segq)
		if err != nil {
			return err
		}
		r.versions[p.name] = reply.Version
		result.loaded[p.name] = time.Duration(reply.Loaded * 1e9)
		result.peers = append(result.peers, answers)
	}
	r.tables = append(r.tables, result)
	return nil
}

// askSegq asks segq the works, and its own figures with the flat section. The
// table is let go when it returns, so that a peer has the memory.
func (c *config) askSegq(ctx context.Context, r *report, result *tableResult, file string) ([]answer, error) {
	engine, err := openSegq(ctx, file, c.threads)
	if err != nil {
		return nil, err
	}
	defer debug.FreeOSMemory()
	defer engine.Close()
	result.loaded["segq"] = engine.loaded
	answers, err := engine.answer(ctx, result.works, c.repeat)
	if err == nil && !c.tier && c.asks(result.name) {
		err = engine.alone(ctx, c, r, result.name, file)
	}
	return answers, err
}
