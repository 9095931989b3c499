package repl

import "testing"

func TestSpokenNumbers(t *testing.T) {
	for line, want := range map[string]string{
		".funnel query 3":                 ".funnel      #3",
		".diff query 3 query 12":          ".diff      #3      #12",
		".cancel Query 3;":                ".cancel      #3;",
		`.funnel a = "see query 3"`:       `.funnel a = "see query 3"`,
		`.funnel query = 3`:               `.funnel query = 3`,
		`.funnel query 3 = 4 or "query 5`: `.funnel      #3 = 4 or "query 5`,
		"query 3":                         "     #3",
	} {
		if got := withMarks(line); got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}
