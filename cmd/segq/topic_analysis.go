package main

import (
	"fmt"
	"strings"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/redisx"
)

// analysisWords lead to the topic of analyses.
var analysisWords = []string{
	"by", "breakdown", "top", "funnel", "near", "loosen", "lift", "index", "significance", "overlap", "jaccard", "values", "quantiles",
	"--by", "--top", "--funnel", "--near", "--lift", "--overlap", "--values",
}

// analysisColumn is a column of an analysis: its head in tables, and its name in JSON and CSV.
type analysisColumn struct{ head, name, meaning string }

// analyses are the columns of each analysis, with what it answers.
var analyses = []struct {
	title, text string
	columns     []analysisColumn
}{
	{"--by FIELD", `How the profiles that match are spread over the values of a field with one value, most frequent first. (null) are those that
have none. --top N gives N values, by default ` + fmt.Sprint(redisx.DefaultTop) + `.`, []analysisColumn{
		{"the field", "value", "a value; in quotes where it is empty, or reads like (null)"},
		{"profiles", "count", "profiles that match and have it"},
		{"share", "share", "the part of those that match; in JSON count divided by the count of the answer"},
		{"", "distinct", "how many values there are"},
		{"(null)", "without, null", "profiles without a value: a number in JSON, a line with null true in CSV"},
	}},
	{"--funnel", `What each clause of a rule does, in the order of its and. A rule without and is one clause: there is nothing to compare.`, []analysisColumn{
		{"clause", "clause", "the clause, as it is written"},
		{"alone", "alone", "profiles for which it holds, whatever the others say"},
		{"so far", "so_far", "profiles for which it and all before it hold"},
		{"kept", "kept", "the part of those before it that it keeps, of all profiles for the first"},
		{"without it", "without", "profiles for which all other clauses hold"},
		{"▲", "costs_most", "the clause without which most would be added; not shown where that is less than 5 %"},
	}},
	{"--near", `What keeps profiles just out of an audience: for each clause of a rule, in the order of its and, the profiles that miss it alone, and
what one loosening of a part of it adds. Counts go one down or up, windows to the next of 1, 2, 3, 7, 14, 30, 60, 90, 120, 180 and 365 days (of
other units to the next usual length), other numbers to the next of 1, 2 and 5 times a power of ten; a set of values of a field of the profile has one value
more, the one that adds most. Behind not, and below a count that is to be small, the direction turns round, and a set that may not be has one
value less. Parts of filters over events are loosened one at a time too; of a set in them, and of a field that is a list, the 8 values that most
profiles have are tried, of those that may be told. A month or another unit of the calendar gets the one before it (next gets this), and what a text
begins or ends with loses a character. Parameters, saved segments and what is bound to a name stay as they are; a note says of some clauses why
nothing is looser in them. At most 64 loosenings are tried. Each count is that of the loosened rule, which is given.`, []analysisColumn{
		{"one clause away", "clause", "the clause; below it the parts of it that are loosened, unless it is the clause itself: part"},
		{"all else holds for", "missed", "profiles for which all other clauses hold and this one does not; CSV: adds, in a line without part"},
		{"→", "becomes", "what the part is then; with and without are a value of a set"},
		{"would add", "adds", "profiles in the audience of the loosened rule, less those in the audience; fewer than 0 only where a sum of negative numbers grows"},
		{"", "count", "the size of the audience of the loosened rule"},
		{"", "query", "the loosened rule, to be run; CSV: loosened_query"},
		{"▲", "best", "the loosening that adds most"},
	}},
	{"--lift FIELDS|all", `Which values of fields are more frequent in an audience than among everyone. Fields are named with commas between them; all
are all that have one value, but the id. A field with more than ` + fmt.Sprint(exec.LiftValues) + ` values is left out, and named. Values are ranked by the lower end of
the interval: first what is certainly more frequent, last what is certainly rarer. A table of many values shows the first 20 that differ
for certain and the 5 that are certainly rarest, of several fields no more than 4 of each; --top N gives the first N, in every format; JSON and CSV give all.`, []analysisColumn{
		{"field, value", "field, value", "a value of a field"},
		{"(null)", "null", "the profiles without a value, as a value of their own"},
		{"audience", "share", "the part of the audience that has the value: count of its profiles"},
		{"everyone", "base", "the part of all profiles that has it: all of them"},
		{"index", "index", "share as a percentage of base: 100 is as frequent as among everyone, 200 twice, 50 half as frequent"},
		{"95 % interval", "low, high", "where the index lies, if the audience is taken for a random set of profiles; see below"},
		{"●", "p, p_corrected", "how probable so large a difference is by chance: ● below 0.05, ●● below 0.01, ●●● below 0.001, by the corrected one"},
		{"~", "small", "fewer than 5 profiles of an audience like everyone would have the value: its index is rough"},
		{"", "compared", "how many values the correction is for"},
	}},
	{"--overlap", `What 2 to ` + fmt.Sprint(redisx.MaxOverlap) + ` audiences have in common. Name them (-c 'gold: loyalty.tier = "gold"'); names that are the same are numbered. JSON has
tables with a row an audience (both, jaccard); CSV a line for each audience, pair and set. Of more than 6 audiences a table shows the 20 pairs that are
most alike, below the exact sets.`, []analysisColumn{
		{"audience", "names", "its name, else its rule; CSV: name and second"},
		{"rule", "queries", "its rule; CSV: query"},
		{"profiles", "both", "profiles in an audience, or in both of two; CSV: count"},
		{"share", "", "the part of all profiles"},
		{"in no other", "only", "profiles in this audience alone"},
		{"of the first, of the second", "", "the part of each of the two that is in both; CSV: share and share_second"},
		{"Jaccard", "jaccard", "profiles in both divided by those in either: 0 nothing in common, 1 the same"},
		{"in exactly", "exact", "profiles that are in each of these audiences and in none of the others; in lists their places, from 0"},
		{"any, all", "any, all", "profiles in at least one, and in every one"},
	}},
	{"--values", `What the values of a query are that is not a condition, over the profiles that have one.`, []analysisColumn{
		{"with a value", "present", "profiles that have a value"},
		{"min, average, max, sum", "min, average, max, sum", "of numbers; of lists and maps, of their sizes"},
		{"p5, median", "quantiles", "the least value that is not below so much of all"},
		{"from, to", "bins: low, high", "at least from and below to; in the last one also what is at its end"},
		{"value", "top", "the most frequent values, of texts and the like"},
		{"example", "examples", "a few lists or objects, as JSON"},
	}},
}

func analysisTopic() string {
	var b strings.Builder
	b.WriteString("## Analysis\n\nOne of these asks more of a query than its count, with data here and through a queue. They go with any format. ")
	b.WriteString("CSV and TSV have the names of JSON, a line for each value, clause or pair, with the size of the audience as audience_count.\n")
	for _, a := range analyses {
		fmt.Fprintf(&b, "\n### %s\n\n%s\n\n| table | JSON, CSV | meaning |\n|---|---|---|\n", a.title, strings.ReplaceAll(a.text, "\n", " "))
		for _, c := range a.columns {
			fmt.Fprintf(&b, "| %s | %s | %s |\n", c.head, c.name, c.meaning)
		}
	}
	b.WriteString(liftStatistics)
	return b.String()
}

// liftStatistics is what package exec says of its lifts, for who reads the figures.
const liftStatistics = `
### The statistics of a lift

The data is everyone, so counts and shares are exact. The interval and the probabilities answer another question: could an audience that is
picked by chance differ as much?

- The interval is that of Clopper and Pearson (1934), exact, for profiles drawn without replacement: its ends are the shares of which so large a
  count, or so small a one, has a probability of 2.5 %. The distribution is Fisher's noncentral hypergeometric one, so that it takes into
  account how many profiles there are.
- p is that of Fisher's exact test, two-sided, by hypergeometric probabilities: the sum of all outcomes that are no more probable than this one.
- p_corrected is corrected by Holm's method (1979) for all values compared, which compared counts: that any of them is below 0.05 by
  chance has a probability of at most 5 %, however they depend on each other. So an interval can leave out 100 and have no ●: by itself the
  difference is clear, among so many it may be chance.
- A difference that is significant may be small: with millions of profiles, an index of 101 can be. The index says how much, ● how sure.
`
