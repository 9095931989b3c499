package redisx

import "testing"

// TestTitles: what a command asks is told without what only its session knows.
func TestTitles(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]Command{
		`loyalty.tier = "gold"`:              {Op: "query", Query: `loyalty.tier = "gold"`},
		`gold: loyalty.tier = "gold"`:        {Op: "query", Name: "gold", Query: `loyalty.tier = "gold"`},
		`lift by all: loyalty.tier = "gold"`: {Op: "lift", By: "all", Name: "#6", Query: `loyalty.tier = "gold"`},
		`near: a = 1`:                        {Op: "near", Name: "query 16", Query: `a = 1`},
		`export big.csv: a = 1`:              {Op: "export", Name: "big.csv", Query: `a = 1`},
		`overlap: a = 1; b = 2`:              {Op: "overlap", Queries: []string{"a = 1", "b = 2"}},
		`memberships: the rules all`:         {Op: "memberships", Set: "all"},
		`2 rules`:                            {Op: "rules", Queries: []string{"a = 1", "b = 2"}},
		`schema`:                             {Op: "schema"},
		`qualify: a profile`:                 {Op: "qualify", Queries: []string{"a = 1"}, Document: `{"_id":"x"}`},
		`#6 and more: a = 1`:                 {Op: "query", Name: "#6 and more", Query: "a = 1"},
	} {
		if got := c.Title(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
