package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"
)

// fileWork is a work of the sections oneshot and load: each process of segq begins with a
// file, and the peers ask the file, too, or load it.
type fileWork struct {
	// name says what it is; rule and file are what segq is asked, with flags.
	name, rule, file string
	flags            []string
	// clickhouse and duckdb are how the peers are asked, none for what they cannot do.
	clickhouse, duckdb []form
	often              bool
	// memory says that segq's memory is of interest.
	memory bool
}

// work is the same for what all sections have in common.
func (f *fileWork) work() work {
	return work{name: f.name, often: f.often, statements: []statement{{pql: f.rule}}}
}

// runFiles asks all sides some works, and reports them under a title.
func runFiles(ctx context.Context, c *config, r *report, title string, rows int, files []fileWork) error {
	result := tableResult{name: title, rows: rows}
	byName := map[string]*fileWork{}
	for i := range files {
		f := &files[i]
		byName[f.name] = f
		result.works = append(result.works, f.work())
		a, err := f.ask(ctx, c, r)
		if err != nil {
			return err
		}
		result.segq = append(result.segq, a)
	}
	for _, p := range filePeers(byName) {
		if !strings.Contains(","+c.peers+",", ","+strings.ToLower(p.name)+",") {
			continue
		}
		answers, reply, err := p.answer(ctx, c, title, "", result.works, result.segq)
		if err != nil {
			return err
		}
		r.versions[p.name] = reply.Version
		result.peers = append(result.peers, answers)
	}
	r.tables = append(r.tables, result)
	return nil
}

// filePeers are the peers with the forms of works.
func filePeers(works map[string]*fileWork) []*peer {
	return []*peer{
		{
			name:  clickhousePeer.name,
			setup: func(_, _ string, threads int) []string { return clickhouseSettings(threads) },
			forms: func(w work, _ bool) []form { return works[w.name].clickhouse },
		},
		{
			name:  duckdbPeer.name,
			setup: func(_, _ string, threads int) []string { return duckdbSettings(threads) },
			forms: func(w work, _ bool) []form { return works[w.name].duckdb },
		},
	}
}

// ask times whole processes of segq, after one that is not timed: it leaves the file in the
// page cache.
func (f *fileWork) ask(ctx context.Context, c *config, r *report) (a answer, err error) {
	fmt.Fprintln(os.Stderr, "segq:", f.name)
	var times []time.Duration
	var peak, columns int64
	most, longest := patience(f.work(), c.repeat)
	for begun := time.Now(); len(times) <= most && (len(times) < 2 || time.Since(begun) < longest); {
		p, count, bytes, err := c.one(ctx, f.rule, f.file, f.flags...)
		if err != nil {
			return a, err
		}
		times = append(times, p.Wall)
		peak, columns, a.counts = max(peak, p.Peak), bytes, []int{count}
	}
	a.time = summary(f.work(), times[1:])
	if f.memory {
		size, err := os.Stat(f.file)
		if err != nil {
			return a, err
		}
		r.figure("%s: %s of file, %s per second; at its peak the process has %s, %s its columns (%s)", f.name, megabytes(size.Size()),
			megabytes(int64(float64(size.Size())/a.time.Seconds())), megabytes(peak), ratio(float64(peak)/float64(columns)), megabytes(columns))
	}
	return a, nil
}

func megabytes(n int64) string { return fmt.Sprintf("%s MB", thousands(int(n/1e6))) }

// counted is one form of a peer: one query that counts.
func counted(queries ...string) []form {
	var forms []form
	for _, q := range queries {
		forms = append(forms, form{queries: []string{q}, rules: 1})
	}
	return forms
}
