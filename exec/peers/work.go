package main

import (
	"fmt"
	"slices"
	"time"
)

// statement is one rule in the languages of all sides. A side that cannot say it
// has "".
type statement struct {
	pql, clickhouse, duckdb string
	// name says what it is about, where the text is long.
	name string
	// duckdbRows asks DuckDB's table that has a row for each event.
	duckdbRows string
}

// work is what is timed as one: rules that are asked together, over one table.
type work struct {
	name       string
	statements []statement
	// best says that the best of many runs counts, not the median of few.
	best bool
	// often says that it is short: the median of five times as many runs counts.
	often bool
}

// statements writes rules in all languages.
func statements(rules []rule) []statement {
	out := make([]statement, len(rules))
	for i, r := range rules {
		out[i] = statement{pql: pql(r), clickhouse: clickhouse.sql(r), duckdb: duckdb.sql(r), duckdbRows: duckdbRows.sql(r)}
	}
	return out
}

// section is a part of the comparison that can be asked for alone.
type section struct {
	name  string
	works func() []work
}

// The sections by table.
var (
	flatWorks  = []section{{"flat", flatBatches}, {"single", flatSingles}, {"strings", stringSingles}}
	eventWorks = []section{{"events", eventBatches}, {"single", eventSingles}, {"offkernel", offKernel}}
)

// flatBatches asks 10, 100, 1000 and 4000 rules together.
func flatBatches() []work { return batches("flat", statements(flatRules(4000)), 10, 100, 1000, 4000) }

// eventBatches asks 100 and 1000 rules together.
func eventBatches() []work { return batches("events", statements(eventRules(1000)), 100, 1000) }

func batches(name string, all []statement, sizes ...int) []work {
	var out []work
	for _, n := range sizes {
		out = append(out, work{name: fmt.Sprintf("%s, %d rules", name, n), statements: all[:n]})
	}
	return out
}

func flatSingles() []work {
	return singles(
		compare(state, "=", "CA"),
		compare(city, "=", "City 0100"),
		between(age, 30, 50),
		compare(churnScore, "<", 0.5),
		atom{state, "in", []any{"CA", "TX", "NY"}},
		atom{surname, "prefix", []any{"Mor"}},
		all{compare(state, "=", "CA"), compare(age, ">=", 30), compare(churnScore, "<", 0.5)},
	)
}

func eventSingles() []work {
	return singles(
		count{compare(eventType, "=", "purchase"), ">=", 1},
		count{all{compare(eventType, "=", "purchase"), compare(total, ">", 100)}, ">=", 3},
	)
}

func stringSingles() []work {
	return singles(
		atom{email, "prefix", []any{"u12"}},
		atom{email, "contains", []any{"5@ex3"}},
		compare(email, "=", "u123456@ex7.com"),
	)
}

// singles asks each rule alone.
func singles(rules ...rule) []work {
	var out []work
	for _, s := range statements(rules) {
		out = append(out, work{name: "`" + s.pql + "`", statements: []statement{s}, best: true})
	}
	return out
}

// patience is how often a work is timed, and for how long at most. It is timed once
// at least.
func patience(w work, repeat int) (times int, longest time.Duration) {
	if w.best {
		return 10 * repeat, 10 * time.Second
	}
	if w.often {
		return 5 * repeat, time.Minute
	}
	return repeat, time.Minute
}

// summary is the best or the median of times.
func summary(w work, times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	if w.best {
		return sorted[0]
	}
	return sorted[(len(sorted)-1)/2]
}
