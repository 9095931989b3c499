// Package jobs shows the jobs of the queue to people and to programs: as lines ([Print]), and
// as bars at the bottom of a terminal ([Bars]).
package jobs

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strings"
	"time"

	"github.com/segq/segq/redisx"
	"github.com/segq/segq/redisx/estimate"
	"github.com/segq/segq/repl/show"
)

// Line is a job as the commands print it as JSON.
type Line struct {
	ID        string `json:"id"`
	State     string `json:"state"`
	Op        string `json:"op"`
	Name      string `json:"name,omitempty"`
	Query     string `json:"query,omitempty"`
	asks      string
	Rules     int        `json:"rules,omitempty"`
	Tenant    string     `json:"tenant"`
	Class     string     `json:"class"`
	Owner     string     `json:"owner,omitempty"`
	Attempt   int        `json:"attempt"`
	Tries     int        `json:"tries,omitempty"`
	Crashes   int        `json:"crashes,omitempty"`
	Created   *time.Time `json:"created,omitempty"`
	Started   *time.Time `json:"started,omitempty"`
	Finished  *time.Time `json:"finished,omitempty"`
	Rows      int        `json:"rows"`
	Total     int        `json:"total"`
	Matched   int        `json:"matched"`
	Parts     int        `json:"partitions"`
	PartsDone int        `json:"partitions_done"`
	// Loaded is how many bytes of the data that the job waits for, or has waited for, were
	// read, of ToLoad.
	Loaded  int64 `json:"loaded_bytes,omitempty"`
	ToLoad  int64 `json:"bytes_to_load,omitempty"`
	loading bool
	// Estimate is about how many will match of a count under way, or would have of one that was stopped.
	Estimate *Estimate `json:"estimate,omitempty"`
	parts    []estimate.Partition
	// Snapshot names the data that the last attempt ran over.
	Snapshot string `json:"snapshot,omitempty"`
	Error    string `json:"error,omitempty"`
}

// Estimate is an estimate of a count, with its interval of 95 %.
type Estimate struct {
	Count int64 `json:"count"`
	Low   int64 `json:"low"`
	High  int64 `json:"high"`
}

// LineOf returns the line of a job.
func LineOf(j redisx.Job) Line {
	at := func(t time.Time) *time.Time {
		if t.IsZero() {
			return nil
		}
		return &t
	}
	l := Line{
		ID: j.ID, State: string(j.State), Op: j.Command.Op, Name: j.Command.Name, Query: j.Command.Query, asks: j.Command.Title(), Tenant: j.Tenant, Class: j.Class, Owner: j.Owner,
		Attempt: j.Attempt, Tries: j.Tries, Crashes: j.Crashes,
		Created: at(j.Created), Started: at(j.Started), Finished: at(j.Finished), Parts: len(j.Partitions), Error: j.Error, Snapshot: j.Snapshot,
		Loaded: j.Load.Done, ToLoad: j.Load.Total, loading: j.Loading(),
	}
	if l.Op == "rules" {
		l.Rules = len(j.Command.Queries)
	}
	for _, p := range j.Partitions {
		l.Rows += p.Rows
		l.Total += p.Total
		l.Matched += p.Matched
		l.parts = append(l.parts, estimate.Partition{Total: int64(p.Total), Rows: int64(p.Rows), Matched: int64(p.Matched)})
		if p.Done {
			l.PartsDone++
		}
	}
	if p, ok := l.project(); ok {
		l.Estimate = &Estimate{int64(math.Round(p.Count)), int64(math.Floor(p.Low)), int64(math.Ceil(p.High))}
	}
	return l
}

// project returns the estimate of a count that has no answer.
func (l *Line) project() (p estimate.Projection, ok bool) {
	if !l.counts() || l.answered() {
		return p, false
	}
	return estimate.Project(l.parts)
}

// counts says whether what matches is one number, for which there may be an estimate.
func (l *Line) counts() bool { return l.Op == "" || l.Op == "query" || l.Op == "sample" }

// answered says whether the job has its answer.
func (l *Line) answered() bool { return redisx.State(l.State) == redisx.Done }

// title is what the job is called, or what it is.
func (l *Line) title() string {
	if l.Name == "" && l.Rules > 0 {
		return show.Count(l.Rules) + " rules"
	}
	return show.OneLine(l.Name)
}

// Progress is how far the job is: a share of the rows, or nothing before the first. Of one that was stopped it says
// where, so that what it had found by then does not look like an answer.
func (l *Line) Progress() string {
	switch {
	case l.loading:
		return fmt.Sprintf("loading, %d %%", show.Percent(l.Loaded, l.ToLoad))
	case l.Total == 0:
		return ""
	case l.Rules > 0: // what matches is another number for each
		return fmt.Sprintf("%d %% of %s", show.Percent(int64(l.Rows), int64(l.Total)), show.Count(l.Total))
	case l.answered():
		return show.Count(l.Matched) + " of " + show.Count(l.Total)
	case redisx.State(l.State).Final():
		return l.stopped()
	}
	return fmt.Sprintf("%d %%, %s so far", 100*l.Rows/l.Total, show.Count(l.Matched))
}

// stopped says how far a job was that has ended without an answer, and what is known of its count.
func (l *Line) stopped() string {
	if l.Rows == 0 {
		return ""
	}
	text := show.StoppedAt(int64(l.Rows), int64(l.Total))
	if l.counts() {
		text += ": " + show.Known(l.parts)
	}
	return text
}

// age is the time since the job came, or, once it has ended, that it took.
func (l *Line) age(now time.Time) string {
	if l.Created == nil {
		return ""
	}
	if l.Finished != nil {
		now = *l.Finished
	}
	return now.Sub(*l.Created).Round(time.Millisecond).String()
}

// asksCells is how much is printed of what a job asks; as JSON it is there whole.
const asksCells = 70

// Print prints jobs as a table, or as JSON. Lost ones are known by their ids.
func Print(w io.Writer, asJSON bool, jobs []redisx.Job) error {
	b := bufio.NewWriter(w)
	if asJSON {
		e := json.NewEncoder(b)
		for _, j := range jobs {
			if err := e.Encode(LineOf(j)); err != nil {
				return err
			}
		}
		return b.Flush()
	}
	now := time.Now()
	rows := [][]string{{"ID", "STATE", "CLASS", "TENANT", "AGE", "PROGRESS", "ASKS"}}
	for _, j := range jobs {
		l := LineOf(j)
		asks := show.Fit(show.OneLine(l.asks), asksCells)
		if l.Error != "" {
			asks += " (" + show.OneLine(l.Error) + ")"
		}
		rows = append(rows, []string{l.ID, l.State, l.Class, l.Tenant, l.age(now), l.Progress(), asks})
	}
	Columns(b, rows)
	return b.Flush()
}

// Columns writes rows with their cells below each other.
func Columns(w io.Writer, rows [][]string) {
	widths := make([]int, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], show.Cells(cell))
		}
	}
	for _, row := range rows {
		line := ""
		for i, cell := range row {
			if i == len(row)-1 {
				line += cell
				break
			}
			line += cell + strings.Repeat(" ", widths[i]-show.Cells(cell)+2)
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}
