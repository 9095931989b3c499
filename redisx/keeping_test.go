package redisx

import (
	"crypto/rand"
	"errors"
	"fmt"
	"strings"
	"testing"
)

// TestCommandsOfKeptSegments: what a diff compares, and what a save keeps, is said in one way alone.
func TestCommandsOfKeptSegments(t *testing.T) {
	t.Parallel()
	two := []string{"a = 1", "b = 2"}
	kept := func(saved, from string, members bool) Keeping { return Keeping{saved, from, members} }
	for says, c := range map[string]Command{
		"needs a segment in saved":              {Op: "diff"},
		"needs a segment in saved, a query":     {Op: "diff", Query: "a = 1", Keeping: kept("gold", "", false)},
		"with a query needs the segment":        {Op: "diff", Query: "a = 1"},
		"of queries has two of them":            {Op: "diff", Queries: two[:1]},
		"of queries has two of them, of before": {Op: "diff", Queries: two, Keeping: kept("gold", "", false)},
		"members are those of saved":            {Op: "diff", Query: "a = 1", Keeping: kept("", "gold", true)},
		"with those of another segment":         {Op: "diff", Keeping: kept("gold", "gold", true)},
		"behind the @ is a version":             {Op: "diff", Keeping: kept("gold@0", "", false)},
		"behind the @ is a version, from 1":     {Op: "diff", Keeping: kept("gold", "gold@new", false)},
		"use 1 to 128 bytes on one line":        {Op: "diff", Keeping: kept("go\nld", "", false)},
		"is the file of who has changed":        {Op: "diff", Name: "changes", Keeping: kept("gold", "", false)},
		"name \"../c.csv\"":                     {Op: "diff", Name: "../c.csv", Keeping: kept("gold", "", false)},
		"goes to a file, and not to":            {Op: "diff", To: "set", Keeping: kept("gold", "", false)},
		"are for diff and save, not for query":  {Op: "query", Query: "a = 1", Keeping: kept("", "", true)},
		"needs the file of the memberships":     {Op: "diff", Set: "night"},
		"needs queries, or a set":               {Op: "diff", Comparing: Comparing{Previous: "m.csv"}},
		"has no query and no saved segment":     {Op: "diff", Set: "night", Keeping: kept("gold", "", false), Comparing: Comparing{Previous: "m.csv"}},
		"to the file in changes":                {Op: "diff", Set: "night", Name: "c.csv", Comparing: Comparing{Previous: "m.csv"}},
		"has no sample":                         {Op: "diff", Set: "night", Sample: 3, Comparing: Comparing{Previous: "m.csv"}},
		"name their file in previous":           {Op: "memberships", Set: "night", Name: "m.csv", Comparing: Comparing{Changes: "c.csv"}},
		"another file of the command":           {Op: "diff", Set: "night", Comparing: Comparing{"m.csv", "c.csv", "c.csv"}},
		"previous \"../m.csv\"":                 {Op: "diff", Set: "night", Comparing: Comparing{Previous: "../m.csv"}},
		"begins with no dot":                    {Op: "diff", Set: "night", Comparing: Comparing{Previous: ".."}},
		"for memberships and diff, not for":     {Op: "query", Query: "a = 1", Comparing: Comparing{Previous: "m.csv"}},
		"a save command needs a query":          {Op: "save", Name: "gold"},
		"name \"\"":                             {Op: "save", Query: "a = 1"},
		"has an @, which versions have":         {Op: "save", Query: "a = 1", Name: "gold@2"},
		"saved and from are for diff":           {Op: "save", Query: "a = 1", Name: "gold", Keeping: kept("gold", "", false)},
	} {
		if _, err := c.encode(); !errors.Is(err, ErrCommand) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
	for _, c := range []Command{
		{Op: "diff", Keeping: kept("gold", "", false)},
		{Op: "diff", Name: "c.parquet", Fresh: true, Sample: 3, Keeping: kept("big spenders@12", "gold", true)},
		{Op: "diff", Query: "a = 1", Keeping: kept("", "gold", false)},
		{Op: "diff", Queries: two, Names: two},
		{Op: "diff", Set: "night", SetVersion: 2, Comparing: Comparing{"m.csv", "c.csv", "s.parquet"}},
		{Op: "diff", Queries: two[:1], Names: []string{"a"}, Comparing: Comparing{Previous: "m.csv"}},
		{Op: "memberships", Set: "night", Name: "m.csv", Comparing: Comparing{Previous: "m.csv", Summary: "s.csv"}},
		{Op: "save", Query: "a = 1", Name: "big spenders", Keeping: kept("", "", true)},
	} {
		if _, err := c.encode(); err != nil {
			t.Error(err)
		}
		if c.shared() {
			t.Errorf("others are given the answer to %+v", c)
		}
	}
}

// TestKeepWithoutMemory: of what Redis has no room for, nothing stays, and what was there does.
func TestKeepWithoutMemory(t *testing.T) {
	t.Parallel()
	address, _ := startServer(t)
	c := openReal(t, address, "full")
	keepBody(t, c, "gold", "d1", "one")
	if err := c.control.ConfigSet(t.Context(), "maxmemory", "6mb").Err(); err != nil {
		t.Fatal(err)
	}
	body := make([][]byte, 64)
	for i := range body {
		body[i] = make([]byte, 256<<10)
		_, _ = rand.Read(body[i])
	}
	_, _, err := c.Keep(t.Context(), "a", Kept{Kind: "rules", Name: "gold"}, body, 3)
	if !errors.Is(err, ErrMemory) || !strings.Contains(err.Error(), "cannot keep gold: Redis is out of memory") {
		t.Errorf("%v", err)
	}
	keys, err := c.control.Keys(t.Context(), "*kept*").Result()
	if err != nil || len(keys) != 3 {
		t.Errorf("%q, %v", keys, err)
	}
	if k, err := c.Kept(t.Context(), "a", "rules", "gold", 0); err != nil || k.Version != 1 || bodyOf(t, c, k) != "one" {
		t.Error(fmt.Sprint(k), err)
	}
}
