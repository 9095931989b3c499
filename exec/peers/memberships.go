package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// membershipsWork is many rules of which all sides write a file of who is in which: segq in a process that
// begins with the Parquet file, the peers from a table that they have in memory.
type membershipsWork struct {
	table      string
	rows       int
	file       string
	statements []statement
}

// memberships measures that for flat rules, and for rules about events. All files have to have the same number of
// profiles for each rule, as DuckDB reads them.
func (c *config) memberships(ctx context.Context, r *report) error {
	flat, err := flatTable.file(ctx, c.dir, c.rows, c.threads)
	if err != nil {
		return err
	}
	events, err := eventTable.file(ctx, c.dir, c.eventRows, c.threads)
	if err != nil {
		return err
	}
	for _, w := range []membershipsWork{
		{"flat", c.rows, flat, statements(flatRules(1000))},
		{"events", c.eventRows, events, statements(eventRules(200))},
	} {
		if err := w.run(ctx, c, r); err != nil {
			return err
		}
	}
	return nil
}

// run measures all sides.
func (w *membershipsWork) run(ctx context.Context, c *config, r *report) error {
	one := work{name: fmt.Sprintf("memberships in %d rules", len(w.statements)), statements: w.statements}
	mine, err := w.segq(ctx, c, r)
	if err != nil {
		return err
	}
	result := tableResult{name: "memberships, " + w.table, rows: w.rows, works: []work{one}, segq: []answer{mine}}
	for _, p := range []*peer{clickhousePeer, duckdbPeer} {
		if !slices.Contains(strings.Split(c.peers, ","), strings.ToLower(p.name)) {
			continue
		}
		best, version, err := w.peer(ctx, c, p, one, mine)
		if err != nil {
			return err
		}
		r.versions[p.name] = version
		result.peers = append(result.peers, []answer{best})
	}
	written, err := filepath.Glob(w.written(c, "*"))
	for _, name := range written {
		err = errors.Join(err, os.Remove(name))
	}
	if err != nil {
		return err
	}
	r.tables = append(r.tables, result)
	return nil
}

// audience is what a rule is called.
func audience(i int) string { return fmt.Sprintf("audience %04d", i) }

// segq times processes of segq, after one that leaves the file in the page cache. The counts are its own.
func (w *membershipsWork) segq(ctx context.Context, c *config, r *report) (a answer, err error) {
	name, err := c.program(ctx)
	if err != nil {
		return a, err
	}
	var written []map[string]string
	for i, s := range w.statements {
		written = append(written, map[string]string{"name": audience(i), "pql": s.pql})
	}
	text, err := json.Marshal(written)
	if err != nil {
		return a, err
	}
	rules, out, counts := filepath.Join(c.dir, w.table+"-rules.json"), w.written(c, "segq"), filepath.Join(c.dir, w.table+"-counts.csv")
	if err := os.WriteFile(rules, text, 0o644); err != nil {
		return a, err
	}
	var times []time.Duration
	var peak int64
	for len(times) <= c.repeat {
		p, err := measured(ctx, name, "memberships", "-q", "--all", "--threads", fmt.Sprint(c.threads), "--now", now.Format(time.RFC3339), "-f", rules, "-o", out, "--counts", counts, w.file)
		if err == nil && p.Failed != "" {
			err = fmt.Errorf("segq memberships: %s\n%s", p.Failed, p.Stderr)
		}
		if err != nil {
			return a, err
		}
		times, peak = append(times, p.Wall), max(peak, p.Peak)
	}
	a.time = summary(work{}, times[1:])
	if a.counts, err = countsIn(counts); err != nil {
		return a, err
	}
	if err := w.same(ctx, c, "segq", out, "", a.counts); err != nil {
		return a, err
	}
	size, err := os.Stat(out)
	if err != nil {
		return a, err
	}
	pairs := 0
	for _, n := range a.counts {
		pairs += n
	}
	r.figure("memberships, %s: %s pairs in a file of %s, in a process that has %s at its peak", w.table, thousands(pairs), megabytes(size.Size()), megabytes(peak))
	return a, nil
}

// countsIn reads the counts that segq has written.
func countsIn(name string) (counts []int, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	column := slices.Index(lines[0], "count")
	for _, line := range lines[1:] {
		n, err := strconv.Atoi(line[column])
		if err != nil {
			return nil, err
		}
		counts = append(counts, n)
	}
	return counts, nil
}

// written is the file that a side writes.
func (w *membershipsWork) written(c *config, side string) string {
	return filepath.Join(c.dir, w.table+"-memberships-"+strings.ReplaceAll(strings.TrimSpace(side), " ", "-")+".parquet")
}

// peer times a peer in each of its forms, and gives the best of them whose files have the same counts.
func (w *membershipsWork) peer(ctx context.Context, c *config, p *peer, one work, mine answer) (best answer, version string, err error) {
	forms := w.forms(c, p)
	j := job{Peer: p.name, Dir: c.dir, Setup: p.setup(w.table, w.file, c.threads)}
	for _, f := range forms {
		times, longest := patience(one, c.repeat)
		j.Work = append(j.Work, jobWork{one.name + " " + f.name, f.before, f.queries, times, longest.Seconds()})
	}
	reply, err := ask(ctx, c, j)
	if err != nil {
		return best, "", err
	}
	for i, f := range forms {
		got := reply.Work[i]
		if got.Error != "" {
			best.failed = got.Error
			continue
		}
		if err := w.same(ctx, c, p.name, w.written(c, p.name+" "+f.name), f.name, mine.counts); err != nil {
			return best, "", err
		}
		f.rules = len(w.statements)
		a := got.answer(one, f)
		if a.counts = mine.counts; best.counts == nil || a.time < best.time {
			best = a
		}
	}
	return best, reply.Version, nil
}

// pairsForm is the name of the form that has a row for each pair.
const pairsForm = "a row for each pair"

// forms are the ways in which a peer writes the pairs: as lists, in one pass over the table, or as a row each, in one pass for each
// rule.
func (w *membershipsWork) forms(c *config, p *peer) []form {
	var names, conditions, pairs []string
	for i, s := range w.statements {
		names = append(names, sqlValue(audience(i)))
		condition := s.clickhouse
		if p == duckdbPeer {
			condition = s.duckdb
		}
		conditions = append(conditions, "("+condition+")")
		pairs = append(pairs, fmt.Sprintf("select id, %s as audience from p where %s", names[i], condition))
	}
	name, condition, both := strings.Join(names, ", "), strings.Join(conditions, ", "), strings.Join(pairs, " union all ")
	if p == clickhousePeer {
		write := "insert into function file('%s', Parquet) %s"
		before := []string{"set engine_file_truncate_on_insert = 1"}
		return []form{
			{before: before, queries: []string{fmt.Sprintf(write, w.written(c, p.name), fmt.Sprintf("select id, arrayFilter((n, c) -> c, [%s], [%s]) as audiences from p", name, condition))}},
			{name: pairsForm, before: before, queries: []string{fmt.Sprintf(write, w.written(c, p.name+" "+pairsForm), both)}},
		}
	}
	for i := range conditions {
		conditions[i] = "coalesce(" + conditions[i] + ", false)"
	}
	condition = strings.Join(conditions, ", ")
	return []form{
		{queries: []string{fmt.Sprintf("copy (select id, list_where([%s], [%s]) as audiences from p) to '%s'", name, condition, w.written(c, p.name))}},
		{name: pairsForm, queries: []string{fmt.Sprintf("copy (%s) to '%s'", both, w.written(c, p.name+" "+pairsForm))}},
	}
}

// same finds whether a file has the right number of profiles for each rule, as DuckDB reads it.
func (w *membershipsWork) same(ctx context.Context, c *config, side, file, form string, want []int) error {
	from := fmt.Sprintf("(select unnest(audiences) as audience from '%s')", file)
	if form == pairsForm {
		from = "'" + file + "'"
	}
	query := fmt.Sprintf("select coalesce(n, 0) from range(%d) r(i) left join (select audience, count(*) n from %s group by 1) c on audience = format('audience {:04d}', i) order by i", len(want), from)
	reply, err := ask(ctx, c, job{Peer: duckdbPeer.name, Dir: c.dir, Setup: duckdbSettings(c.threads), Work: []jobWork{{Name: "counts of " + side, Queries: []string{query}, Times: 1}}})
	if err != nil {
		return err
	}
	if got := reply.Work[0]; got.Error != "" {
		return errors.New(got.Error)
	} else if !slices.Equal(got.Counts, want) {
		return fmt.Errorf("%s: the file of %s has other memberships than segq counts", w.table, side)
	}
	return nil
}
