package main

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/exit"
	"github.com/segq/segq/redisx"
	"github.com/segq/segq/repl/show"
)

// specParts are the parts of a command, as JSON calls them, that say what is asked: what they are called on
// the command line. What now means is not among them, which every submission says anew.
var specParts = map[string]string{
	"op": "operation", "query": "query", "queries": "queries", "names": "names", "name": "name", "segments": "segments",
	"params": "parameters", "ids": "--ids", "select": "--select", "limit": "--limit", "by": "fields", "top": "--top",
	"values": "--values", "sample": "--sample", "to": "--to", "rate": "--rate", "ttl_ms": "--ttl", "tenant": "--tenant",
	"snapshot": "--snapshot", "fresh": "fresh",
	"set": "set", "set_version": "version of the set", "saved": "--saved", "from": "--from", "members": "--members", "profile": "profile", "explain": "--explain",
}

// sameAsKnown returns an error where a command with an id of one's own is another than the one that Redis
// knows under that id: its answer would be that to another question.
func sameAsKnown(ctx context.Context, client *redisx.Client, c redisx.Command) error {
	jobs, err := client.Status(ctx, c.ID)
	if err != nil {
		return exit.Data(err)
	}
	known := jobs[0].Command
	if jobs[0].State == redisx.Lost || known.Op == "" {
		return nil
	}
	differ := differing(c, known)
	if len(differ) == 0 {
		return nil
	}
	text := "in its " + strings.Join(differ, ", ")
	if slices.Contains(differ, "query") && known.Query != "" {
		text += ", which is: " + show.Fit(show.OneLine(known.Query), mostQuoted)
	}
	return exit.Usage(fmt.Errorf("--id %s is that of another job, which differs %s (nothing is queued; choose another id)", show.Clean(c.ID), text))
}

// mostQuoted is how much of a query is repeated.
const mostQuoted = 200

// differing names the parts in which two commands ask different things, in the order of their names.
func differing(a, b redisx.Command) []string {
	form := func(c redisx.Command) (v map[string]any) {
		if text, err := json.Marshal(c); err == nil {
			_ = json.Unmarshal(text, &v) // it has just been written
		}
		return v
	}
	var names []string
	for _, c := range []*redisx.Command{&a, &b} {
		if c.Tenant == "" {
			c.Tenant = "default"
		}
	}
	before, after := form(a), form(b)
	for key, name := range specParts {
		if !reflect.DeepEqual(before[key], after[key]) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
