package redisx

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
)

// TestCommandsOfManyQueries: what cannot be one is refused where it is made.
func TestCommandsOfManyQueries(t *testing.T) {
	t.Parallel()
	many := slices.Repeat([]string{"a = 1"}, 65)
	for says, c := range map[string]Command{
		"a rules command needs queries":         {Op: "rules"},
		"3 names for 2 queries":                 {Op: "rules", Queries: many[:2], Names: []string{"a", "b", "c"}},
		"at most 1000000 ids":                   {Op: "rules", Queries: many, Sample: 20_000},
		"sample 1000001":                        {Op: "sample", Query: "a = 1", Sample: 1_000_001},
		"sample 9223372036854775807":            {Op: "rules", Queries: many[:2], Sample: math.MaxInt},
		"an overlap command needs 2 to 64":      {Op: "overlap", Queries: many[:1]},
		"an overlap command needs 2 to 64 quer": {Op: "overlap", Queries: many},
		"a why command needs the id":            {Op: "why", Query: "a = 1"},
		"a why command needs a query":           {Op: "why", Profile: "p"},
		"a why command has a query or queries":  {Op: "why", Profile: "p", Query: "a = 1", Queries: many[:1]},
		"profile and explain are for why":       {Op: "query", Query: "a = 1", Profile: "p"},
	} {
		if _, err := c.encode(); !errors.Is(err, ErrCommand) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
	for _, c := range []Command{
		{Op: "rules", Queries: many},
		{Op: "rules", Queries: many[:1], Names: []string{"a"}},
		{Op: "overlap", Queries: many[:64]},
		{Op: "why", Profile: "p", Queries: many, Explain: true},
		{Op: "why", Profile: "p", Set: "nightly"},
	} {
		if _, err := c.encode(); err != nil {
			t.Error(err)
		}
	}
}

// TestCommandsWithColumns: rows have some, and so may an export to a file, but no other command.
func TestCommandsWithColumns(t *testing.T) {
	t.Parallel()
	ids, selected := Columns{IDs: true}, Columns{Select: "a, b", Limit: 3}
	for says, c := range map[string]Command{
		"a rows command needs a query":            {Op: "rows", Columns: ids},
		"a rows command needs ids":                {Op: "rows", Query: "a", Columns: Columns{Limit: 3}},
		"limit -1: use 1 or more":                 {Op: "rows", Query: "a", Columns: Columns{IDs: true, Limit: -1}},
		"sample 10001: an answer holds at most":   {Op: "rows", Query: "a", Columns: ids, Sample: 10_001},
		"sample and limit both say how many rows": {Op: "rows", Query: "a", Columns: selected, Sample: 3},
		"ids, select and limit are for rows":      {Op: "query", Query: "a", Columns: ids},
		"ids, select and limit are for rows, and": {Op: "export", Query: "a", To: "set", Name: "n", Columns: selected},
		"for rows, and for an export to a file":   {Op: "breakdown", Query: "a", By: "b", Columns: Columns{Limit: 1}},
	} {
		if _, err := c.encode(); !errors.Is(err, ErrCommand) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
	asks := map[string]bool{}
	for _, c := range []Command{
		{Op: "rows", Query: "a", Columns: ids},
		{Op: "rows", Query: "a", Columns: Columns{IDs: true, Limit: 3}},
		{Op: "rows", Query: "a", Columns: selected},
		{Op: "rows", Query: "a", Columns: Columns{Select: "a,b", Limit: 3}},
		{Op: "rows", Query: "a", Columns: Columns{IDs: true, Select: "a, b", Limit: 3}},
		{Op: "rows", Query: "a", Columns: ids, Sample: 3},
		{Op: "rows", Query: "a", Columns: ids, Sample: 3, Seed: 2},
		{Op: "query", Query: "a"},
	} {
		if _, err := c.encode(); err != nil {
			t.Error(err)
		}
		again := c.asks()
		if asks[again[0]] || c.flight() == "" {
			t.Errorf("%+v asks what another one asks", c)
		}
		asks[again[0]] = true
	}
	for _, c := range []Command{{Op: "export", To: "file", Name: "n.csv", Query: "a", Columns: selected}, {Op: "export", To: "file", Name: "n.csv", Query: "a", Columns: Columns{Limit: 5}}} {
		if _, err := c.encode(); err != nil || c.asks() != nil {
			t.Error(err)
		}
	}
}

// TestReadError: what is wrong with the JSON of a command is said in words of the protocol.
func TestReadError(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`{"op":"qualify","document":{"a":1}}`: "document is to be the text of a JSON object, in quotes, and is an object",
		`{"op":"query","query":["a"]}`:        "query is to be a text, and is a list",
		`{"op":"query","sample":"3"}`:         "sample is to be a whole number, and is a text",
		`{"op":"query","sample":1.5}`:         "sample is to be a whole number, and is a number",
		`{"op":"rules","queries":"a"}`:        "queries is to be a list, and is a text",
		`{"op":"diff","members":"yes"}`:       "members is to be true or false, and is a text",
		`["a"]`:                               "the command is to be an object, and is a list",
		`{"op":`:                              "it is no JSON, at byte 6: unexpected end of JSON input",
	} {
		if _, err := decodeCommand(raw); err == nil || err.Error() != want {
			t.Errorf("%s: %v", raw, err)
		}
	}
}
