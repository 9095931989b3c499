package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

//go:embed peers.py
var script string

//go:embed requirements.txt
var requirements string

// answer is what one side gave for one work.
type answer struct {
	// counts are those of the first statements, all unless the form asks fewer;
	// nil when the side cannot say the work.
	counts []int
	times  []time.Duration
	// time is the one that is reported, scaled to all statements.
	time time.Duration
	// form is how it was asked, where there is a choice; why is the reason for no
	// counts.
	form, why string
}

// form is one way to ask a peer a work: queries one after another, whose rows
// together give the counts of the first rules statements.
type form struct {
	name    string
	queries []string
	rules   int
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
}

type jobWork struct {
	Name    string   `json:"name"`
	Queries []string `json:"queries"`
	Repeat  int      `json:"repeat"`
}

// reply is what peers.py writes.
type reply struct {
	Version string  `json:"version"`
	Loaded  float64 `json:"loaded"`
	Work    []struct {
		Counts []int     `json:"counts"`
		Times  []float64 `json:"times"`
		Error  string    `json:"error"`
	} `json:"work"`
}

// answer asks the peer each work in each of its forms, and gives the best form of
// each.
func (p *peer) answer(ctx context.Context, c *config, table, file string, works []work) ([]answer, *reply, error) {
	j := job{Peer: p.name, Dir: c.dir, Setup: p.setup(table, file, c.threads)}
	var forms [][]form
	for _, w := range works {
		f := p.forms(w, c.full)
		forms = append(forms, f)
		for _, form := range f {
			j.Work = append(j.Work, jobWork{strings.TrimSpace(w.name + " " + form.name), form.queries, repeats(w, c.repeat)})
		}
	}
	r, err := ask(ctx, c, j)
	if err != nil {
		return nil, nil, err
	}
	out := make([]answer, len(works))
	next := 0
	for i, w := range works {
		for _, f := range forms[i] {
			a := answer{form: f.name, counts: r.Work[next].Counts, why: r.Work[next].Error}
			for _, s := range r.Work[next].Times {
				a.times = append(a.times, time.Duration(s*1e9))
			}
			next++
			if a.why != "" {
				if out[i].counts == nil {
					out[i].why = a.why
				}
				continue
			}
			a.time = summary(w, a.times) * time.Duration(len(w.statements)) / time.Duration(f.rules)
			if out[i].counts == nil || a.time < out[i].time {
				out[i] = a
			}
		}
	}
	return out, r, nil
}

// ask runs the job in Python.
func ask(ctx context.Context, c *config, j job) (*reply, error) {
	python, err := c.interpreter(ctx)
	if err != nil {
		return nil, err
	}
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

// interpreter gives a Python that has the peers, and installs them on first use.
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

// repeats is how often a work is timed.
func repeats(w work, repeat int) int {
	if w.best {
		return 10 * repeat
	}
	return repeat
}

// summary is the best or the median of times.
func summary(w work, times []time.Duration) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	if w.best {
		return sorted[0]
	}
	return sorted[len(sorted)/2]
}

// disagreement finds the first statement that two sides count differently.
func disagreement(w work, mine, theirs answer) error {
	if theirs.counts == nil {
		return nil
	}
	for i, n := range theirs.counts {
		if n != mine.counts[i] {
			s := w.statements[i]
			return fmt.Errorf("%s, rule %d: segq counts %d, the peer %d\nPQL         %s\nClickHouse  %s\nDuckDB      %s\n  by rows   %s",
				w.name, i, mine.counts[i], n, s.pql, s.clickhouse, s.duckdb, s.duckdbRows)
		}
	}
	if len(theirs.counts) == 0 {
		return errors.New(w.name + ": the peer gave no counts")
	}
	return nil
}
