package repl

import "testing"

// The queries in a command are found where they stand.
func TestQueriesIn(t *testing.T) {
	for line, want := range map[string]string{
		".by loyalty.tier loyalty.points > 100":     "loyalty.points > 100",
		"  .BY  loyalty.tier  all  a = 1 ; ":        "a = 1",
		".by loyalty.tier 3 #1":                     "",
		".by loyalty.tier":                          "",
		".funnel a = 1":                             "a = 1",
		".lift loyalty.points > 1000":               "loyalty.points > 1000",
		".lift loyalty.tier, person.gender 3 a = 1": "a = 1",
		".lift #3":                      "",
		".lift all":                     "",
		".lift all gold":                "",
		".sample 3 with a, b":           "",
		".sample 3 a = 1 with b":        "a = 1",
		`.sample 3 a = " with " with b`: `a = " with "`,
		".why p-1 a = 1":                "a = 1",
		".why 'p 1' _":                  "",
		".values a + 1":                 "a + 1",
		".values a.b":                   "a.b",
		".overlap #3 gold; a = 1":       "a = 1",
		".diff vip a = 1":               "a = 1",
		".diff vip --against x.csv":     "",
		".save vip a = 1 --members":     "a = 1",
		".jobs":                         "",
		"a = 1":                         "",
	} {
		got := ""
		queries, _ := writtenIn(line)
		for _, at := range queries {
			got += line[at.Start:at.End]
		}
		if got != want {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
	line := `.overlap  a = ";" ; b = 2`
	if at, _ := writtenIn(line); len(at) != 2 || line[at[0].Start:at[0].End] != `a = ";"` || line[at[1].Start:at[1].End] != "b = 2" {
		t.Errorf("%v", at)
	}
}
