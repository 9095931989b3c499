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
	} {
		if _, err := c.encode(); !errors.Is(err, ErrCommand) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
	for _, c := range []Command{
		{Op: "rules", Queries: many},
		{Op: "rules", Queries: many[:1], Names: []string{"a"}},
		{Op: "overlap", Queries: many[:64]},
	} {
		if _, err := c.encode(); err != nil {
			t.Error(err)
		}
	}
}
