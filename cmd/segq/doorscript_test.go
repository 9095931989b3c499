package main

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/segq/segq/cmd/segq/internal/ask"
	"github.com/segq/segq/samples"
)

// doorAsk is a run of a script in testdata/doors.
type doorAsk struct {
	title string
	over  []string // the arguments that say what the data is
	flags []string
	doorFlags
	statements []doorStatement
	but        map[string]string // doors that are left out, with the reason
}

// doorFlags are the flags of a run, for the doors that have none.
type doorFlags struct {
	op, by, to, now string
	top             int
	sample          int
	seed            *uint64 // nil where nobody says
	values          bool
	params          map[string]any
}

// doorStatement is a query of a run. query is the text after the name.
type doorStatement struct {
	name, query string
	want        string // a count, null or the code of an error
}

var named = regexp.MustCompile(`^([A-Za-z]\w*):\s+`)

// readDoors reads a script.
func readDoors(t *testing.T, file string) (all []*doorAsk) {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var over, statement []string
	var a *doorAsk
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSuffix(line, "\n")
		word, rest, _ := strings.Cut(line, " ")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case word == "over":
			over = strings.Fields(rest)
			if len(over) > 0 {
				over[0] = "testdata/doors/" + over[0]
			}
		case word == "ask":
			fields := strings.Fields(rest)
			a = &doorAsk{title: fields[0], over: over, flags: fields[1:], but: map[string]string{}}
			a.doorFlags = readDoorFlags(t, a.flags)
			all = append(all, a)
		case word == "but":
			door, why, _ := strings.Cut(rest, " ")
			a.but[door] = why
		case word == "=>":
			a.add(strings.Join(statement, "\n"), rest)
			statement = nil
		default:
			statement = append(statement, line)
		}
	}
	return all
}

// add takes in a statement.
func (a *doorAsk) add(text, want string) {
	s := doorStatement{query: text, want: want}
	if m := named.FindStringSubmatch(text); m != nil {
		s.name, s.query = m[1], text[len(m[0]):]
	}
	a.statements = append(a.statements, s)
}

// readDoorFlags reads flags for the doors that have none.
func readDoorFlags(t *testing.T, args []string) (f doorFlags) {
	t.Helper()
	var params []string
	set := pflag.NewFlagSet("ask", pflag.ContinueOnError)
	set.StringVar(&f.op, "op", "query", "")
	funnel, near, overlap := set.Bool("funnel", false, ""), set.Bool("near", false, ""), set.Bool("overlap", false, "")
	set.StringVar(&f.by, "by", "", "")
	set.IntVar(&f.top, "top", 0, "")
	lift := set.String("lift", "", "")
	set.StringVar(&f.to, "to", "", "")
	set.StringVar(&f.now, "now", "", "")
	set.IntVar(&f.sample, "sample", 0, "")
	seed := set.Uint64("seed", 0, "")
	set.BoolVar(&f.values, "values", false, "")
	set.StringArrayVar(&params, "param", nil, "")
	if err := set.Parse(args); err != nil {
		t.Fatal(err)
	}
	switch {
	case *funnel:
		f.op = "funnel"
	case *near:
		f.op = "near"
	case *overlap:
		f.op = "overlap"
	case *lift != "":
		f.op, f.by = "lift", *lift
	case f.by != "":
		f.op = "breakdown"
	}
	if set.Changed("seed") {
		f.seed = seed
	}
	for _, pair := range params {
		name, value, _ := strings.Cut(pair, "=")
		if f.params == nil {
			f.params = map[string]any{}
		}
		f.params[name] = value
		if json.Valid([]byte(value)) {
			f.params[name] = json.RawMessage(value)
		}
	}
	return f
}

// tourOfDoors is the tour as a run, with the counts that plain Go finds.
func tourOfDoors() *doorAsk {
	a := &doorAsk{title: "tour", flags: []string{"--now", "2026-11-01"}, doorFlags: doorFlags{op: "query", now: "2026-11-01"}}
	counts := samples.TourCounts()
	for line := range strings.Lines(samples.Tour) {
		line = strings.TrimSuffix(line, "\n")
		if m := named.FindStringSubmatch(line); m != nil {
			a.add(line, jsonText(counts[m[1]]))
		}
	}
	return a
}

// manyOfTour is the tour four times over, enough for segq --attach and --redis to ask many
// queries with one job by themselves.
func manyOfTour() *doorAsk {
	tour := tourOfDoors()
	many := *tour
	many.title, many.statements = "tour, many times", nil
	many.but = map[string]string{"preview": "it asks for each by itself, more often than a tenant may", "ingress": "as the tour", "session": "as the tour", "session-attached": "as the tour"}
	for len(many.statements) < ask.TogetherFrom {
		many.statements = append(many.statements, tour.statements...)
	}
	return &many
}

func jsonText(v any) string {
	text, _ := json.Marshal(v) // numbers and texts: it cannot fail
	return string(text)
}

// text is the run as a file of queries.
func (a *doorAsk) text() string {
	var all strings.Builder
	for i := range a.statements {
		all.WriteString(a.statements[i].text() + "\n")
	}
	return all.String()
}

// text is the statement as it stands in a file.
func (s *doorStatement) text() string {
	if s.name == "" {
		return s.query
	}
	return s.name + ": " + s.query
}

// place is where statement i of the run begins in its text, or its query, counted from 0.
func (a *doorAsk) place(i int, query bool) (line, column int) {
	for _, s := range a.statements[:i] {
		line += 1 + strings.Count(s.query, "\n")
	}
	if s := a.statements[i]; query && s.name != "" {
		column = len(s.name) + len(": ")
	}
	return line, column
}
