package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/cluster"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// spark asks its tables as they are in the files, events by lambdas over the list of structures.
var spark = &dialect{
	orFalse: "coalesce(%s, false)", prefix: "startswith(%s, %s)", contains: "contains(%s, %s)",
	instant: "timestamp '%s UTC'", events: lambdas, name: func(f *field) string { return f.pql }, bare: true,
}

func lambdas(d *dialect, c count) string {
	inner := *d
	inner.bare, inner.name = true, func(f *field) string { return "e." + f.pql }
	if c.exists() {
		return fmt.Sprintf("exists(xEvent, e -> %s)", inner.sql(c.events))
	}
	return fmt.Sprintf("size(filter(xEvent, e -> %s)) %s %d", inner.sql(c.events), c.op, c.n)
}

// sparkRules is how many rules Spark SQL is asked at most: a statement of a thousand takes minutes.
const sparkRules = 100

// onCluster measures segq on the cluster of a Thrift server, Spark SQL on the same server, and the engine of this process, which all read the
// same file.
func (c *config) onCluster(ctx context.Context, r *report) error {
	program, err := c.program(ctx)
	if err != nil {
		return err
	}
	for _, t := range []struct {
		name  string
		file  func() (string, error)
		rules []rule
		sizes []int
	}{
		{"flat", func() (string, error) { return flatTable.file(ctx, c.dir, c.rows, c.threads) }, flatRules(1000), []int{1, 100, 1000}},
		{"events", func() (string, error) { return eventTable.file(ctx, c.dir, c.eventRows, c.threads) }, eventRules(100), []int{100}},
	} {
		file, err := t.file()
		if err != nil {
			return err
		}
		m := &clusterTable{config: c, report: r, program: program, name: "peers_" + t.name, rules: t.rules, sizes: t.sizes}
		if err := m.table(ctx, file); err != nil {
			return err
		}
		if err := m.all(ctx); err != nil {
			return err
		}
	}
	return nil
}

// clusterTable is one table on the cluster.
type clusterTable struct {
	*config
	report        *report
	program, name string
	rules         []rule
	sizes         []int
	file          string // of the table
	at            cluster.Address
	here          *segq
}

// table makes a table of a file, which has a folder of its own there.
func (m *clusterTable) table(ctx context.Context, file string) (err error) {
	folder := filepath.Join(m.dir, m.name)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	m.file = filepath.Join(folder, filepath.Base(file))
	if err := os.Link(file, m.file); err != nil && !os.IsExist(err) {
		return err
	}
	if m.at, err = cluster.ParseAddress("spark://" + m.spark + "/" + m.name); err != nil {
		return err
	}
	for _, sql := range []string{"DROP TABLE IF EXISTS " + m.name, "CREATE TABLE " + m.name + " USING parquet LOCATION '" + folder + "'"} {
		if _, err := cluster.Ask(ctx, m.at, sql); err != nil {
			return err
		}
	}
	return nil
}

// all measures batches of each size.
func (m *clusterTable) all(ctx context.Context) error {
	began := time.Now()
	var err error
	if m.here, err = openSegq(ctx, m.file, m.threads); err != nil {
		return err
	}
	defer m.here.Close()
	m.report.cluster("\n%s: loaded into this process in %.1f s\n\n| rules | cluster, cold s | warm s | Spark SQL s | cold × | warm × | this process s |\n|--:|--:|--:|--:|--:|--:|--:|", m.name, time.Since(began).Seconds())
	for _, n := range m.sizes {
		if err := m.batch(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

// batch measures one of n rules.
func (m *clusterTable) batch(ctx context.Context, n int) error {
	statements := statements(m.rules[:n])
	want, here, err := m.median(func() ([]int, error) { return m.here.counts(ctx, statements) })
	if err != nil {
		return err
	}
	// What executors have packed is that of a file with another time.
	if err := os.Chtimes(m.file, time.Time{}, time.Now()); err != nil {
		return err
	}
	if _, err := cluster.Ask(ctx, m.at, "REFRESH TABLE "+m.name); err != nil {
		return err
	}
	there, err := cluster.Open(ctx, m.at, cluster.Options{Program: m.program})
	if err != nil {
		return err
	}
	defer there.Close()
	ask := func() ([]int, error) { return countsThere(ctx, there, statements) }
	fmt.Fprintln(os.Stderr, "on the cluster:", n, "rules")
	began := time.Now()
	got, err := ask()
	cold := time.Since(began)
	if err != nil {
		return err
	}
	again, warm, err := m.median(ask)
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "Spark SQL")
	asked := min(n, sparkRules)
	began = time.Now()
	sql, err := m.inSpark(ctx, m.rules[:asked])
	took := time.Since(began)
	if err != nil {
		return err
	}
	for i := range want {
		if got[i] != want[i] || again[i] != want[i] || i < asked && sql[i] != want[i] {
			return fmt.Errorf("%s counts %d here, %d and %d on the cluster, and in Spark SQL %v", statements[i].pql, want[i], got[i], again[i], sql[min(i, asked-1)])
		}
	}
	scaled, mark := took.Seconds()*float64(n)/float64(asked), ""
	if asked < n {
		mark = fmt.Sprintf(" (%d: %.1f)", asked, took.Seconds())
	}
	m.report.cluster("| %d | %.2f | %.2f | %.1f%s | %.0f | %.0f | %.3f |", n, cold.Seconds(), warm.Seconds(), scaled, mark, scaled/cold.Seconds(), scaled/warm.Seconds(), here.Seconds())
	return nil
}

// median asks several times, and returns the counts, and the median of the times.
func (m *clusterTable) median(ask func() ([]int, error)) (counts []int, took time.Duration, err error) {
	var times []time.Duration
	for range max(m.repeat, 1) {
		began := time.Now()
		if counts, err = ask(); err != nil {
			return nil, 0, err
		}
		times = append(times, time.Since(began))
	}
	slices.Sort(times)
	return counts, times[len(times)/2], nil
}

// countsThere parses, checks and asks rules as one batch.
func countsThere(ctx context.Context, c *cluster.Cluster, rules []statement) ([]int, error) {
	b := exec.Batch{Now: now}
	for i, r := range rules {
		q, ds := lang.Compile(r.pql, column.Catalog{Snapshot: c.Snapshot()}, check.Options{})
		if q == nil {
			return nil, fmt.Errorf("%s", lang.Render(ds[0], "", r.pql))
		}
		b.Queries = append(b.Queries, exec.Query{ID: strconv.Itoa(i), Typed: q})
	}
	results, err := c.Run(ctx, b)
	if err != nil {
		return nil, err
	}
	counts := make([]int, len(results))
	for i, r := range results {
		if r.Err != nil {
			return nil, fmt.Errorf("%s: %w", rules[i].pql, r.Err)
		}
		counts[i] = r.Count
	}
	return counts, nil
}

// inSpark asks Spark SQL rules in one statement.
func (m *clusterTable) inSpark(ctx context.Context, rules []rule) ([]int, error) {
	counts := make([]string, len(rules))
	for i, r := range rules {
		counts[i] = "CAST(count_if(" + spark.sql(r) + ") AS STRING)"
	}
	rows, err := cluster.Ask(ctx, m.at, "SELECT "+strings.Join(counts, ", ")+" FROM "+m.name)
	if err != nil {
		return nil, err
	}
	if len(rows) != 1 || len(rows[0]) != len(rules) {
		return nil, fmt.Errorf("Spark SQL answers %d rows", len(rows))
	}
	out := make([]int, len(rules))
	for i, text := range rows[0] {
		if out[i], err = strconv.Atoi(text); err != nil {
			return nil, err
		}
	}
	return out, nil
}
