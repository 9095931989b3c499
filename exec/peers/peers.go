package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

//go:embed peers.py
var script string

//go:embed requirements.txt
var requirements string

// answer is what one side gave for one work.
type answer struct {
	// counts are those of the first statements; nil when the side cannot say the
	// work, or failed.
	counts []int
	// time is that of all statements, scaled where the form asks for fewer.
	time time.Duration
	// first is the time in the peer's first form, where another was faster.
	first time.Duration
	// form is how it was asked. failed is why there are no counts, if it was asked.
	form   form
	failed string
}

// form is one way to ask a peer a work: queries one after another, whose rows
// together give the counts of the first rules statements.
type form struct {
	name    string
	queries []string
	rules   int
	// before are statements that are run before each time, and not timed.
	before []string
}

// peer is an engine to compare with.
type peer struct {
	name string
	// setup loads a table from a Parquet file.
	setup func(table, file string, threads int) []string
	forms func(w work, full bool) []form
}

// job is what peers.py reads.
type job struct {
	Peer  string    `json:"peer"`
	Dir   string    `json:"dir"`
	Setup []string  `json:"setup"`
	Work  []jobWork `json:"work"`
	// Limit is after how many seconds a query is given up; ask sets it.
	Limit int `json:"limit"`
}

type jobWork struct {
	Name    string   `json:"name"`
	Before  []string `json:"before"`
	Queries []string `json:"queries"`
	// Times is how often they are run, unless they take longer than Longest seconds.
	Times   int     `json:"times"`
	Longest float64 `json:"longest"`
}

// reply is what peers.py writes.
type reply struct {
	Version string      `json:"version"`
	Loaded  float64     `json:"loaded"`
	Work    []jobAnswer `json:"work"`
}

type jobAnswer struct {
	Counts []int     `json:"counts"`
	Times  []float64 `json:"times"`
	Error  string    `json:"error"`
}

// answer asks the peer each work in each of its forms, holds the counts against
// those of segq, and gives the best form of each.
func (p *peer) answer(ctx context.Context, c *config, table, file string, works []work, mine []answer) ([]answer, *reply, error) {
	j := job{Peer: p.name, Dir: c.dir, Setup: p.setup(table, file, c.threads)}
	places := map[string]int{} // of queries in the job: what is asked twice is run once
	place := func(w work, f form) int {
		key := fmt.Sprint(w.best, f.queries)
		if _, ok := places[key]; !ok {
			places[key] = len(j.Work)
			most, longest := patience(w, c.repeat)
			j.Work = append(j.Work, jobWork{strings.TrimSpace(w.name + " " + f.name), f.before, f.queries, most, longest.Seconds()})
		}
		return places[key]
	}
	for _, w := range works {
		for _, f := range p.forms(w, c.full) {
			place(w, f)
		}
	}
	r, err := ask(ctx, c, j)
	if err != nil {
		return nil, nil, err
	}
	out := make([]answer, len(works))
	for i, w := range works {
		var first time.Duration
		for k, f := range p.forms(w, c.full) {
			a := r.Work[place(w, f)].answer(w, f)
			if k == 0 && a.counts != nil {
				first = a.time
			}
			if err := disagreement(w, mine[i], a); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", p.name, err)
			}
			if out[i].counts == nil || a.counts != nil && a.time < out[i].time {
				out[i] = a
			}
		}
		if out[i].time != first {
			out[i].first = first
		}
	}
	return out, r, nil
}

// answer reads what came back for a work in one form.
func (r jobAnswer) answer(w work, f form) answer {
	if r.Error != "" {
		return answer{form: f, failed: r.Error}
	}
	var times []time.Duration
	for _, s := range r.Times {
		times = append(times, time.Duration(s*1e9))
	}
	return answer{form: f, counts: r.Counts, time: summary(w, times) * time.Duration(len(w.statements)) / time.Duration(f.rules)}
}

// ask runs the job in Python.
func ask(ctx context.Context, c *config, j job) (*reply, error) {
	python, err := c.interpreter(ctx)
	if err != nil {
		return nil, err
	}
	j.Limit = int(c.limit.Seconds())
	in, err := json.Marshal(j)
	if err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, python, "-c", script)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	text, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", j.Peer, err)
	}
	r := new(reply)
	if err := json.Unmarshal(text, r); err != nil {
		return nil, fmt.Errorf("%s: %w", j.Peer, err)
	}
	return r, nil
}

// interpreter returns a Python that has the peers, and installs them on first use.
func (c *config) interpreter(ctx context.Context) (string, error) {
	if c.python != "" {
		return c.python, nil
	}
	venv := filepath.Join(c.dir, "venv")
	python, done := filepath.Join(venv, "bin", "python"), filepath.Join(venv, "requirements.txt")
	if have, err := os.ReadFile(done); err == nil && string(have) == requirements {
		return python, nil
	}
	steps := [][]string{{"python3", "-m", "venv", venv}, append([]string{python, "-m", "pip", "install", "--quiet"}, strings.Fields(requirements)...)}
	for _, s := range steps {
		fmt.Fprintln(os.Stderr, strings.Join(s, " "))
		cmd := exec.CommandContext(ctx, s[0], s[1:]...)
		cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
		if err := cmd.Run(); err != nil {
			return "", fmt.Errorf("install the peers (-python names an interpreter that has them): %w", err)
		}
	}
	return python, os.WriteFile(done, []byte(requirements), 0o644)
}

// disagreement finds the first statement that the peer counts differently.
func disagreement(w work, mine, theirs answer) error {
	if theirs.counts == nil {
		return nil
	}
	if len(theirs.counts) != theirs.form.rules {
		return fmt.Errorf("%s: %d counts for %d rules", w.name, len(theirs.counts), theirs.form.rules)
	}
	for i, n := range theirs.counts {
		if n != mine.counts[i] {
			s := w.statements[i]
			return fmt.Errorf("%s %s, rule %d: %d profiles, by segq %d\nPQL         %s\nClickHouse  %s\nDuckDB      %s\n  by rows   %s",
				w.name, theirs.form.name, i, n, mine.counts[i], s.pql, s.clickhouse, s.duckdb, s.duckdbRows)
		}
	}
	return nil
}
