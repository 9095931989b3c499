package main

import "fmt"

// statement is one rule in the languages of all sides. A side that cannot say it
// has "".
type statement struct {
	pql, clickhouse, duckdb string
	// duckdbRows asks DuckDB's table that has a row for each event.
	duckdbRows string
}

// work is what is timed as one: rules that are asked together, over one table.
type work struct {
	name       string
	statements []statement
	// best says that the best of many runs counts, not the median of few.
	best bool
}

// statements writes rules in all languages.
func statements(rules []rule) []statement {
	out := make([]statement, len(rules))
	for i, r := range rules {
		out[i] = statement{pql: pql(r), clickhouse: clickhouse.sql(r), duckdb: duckdb.sql(r), duckdbRows: duckdbRows.sql(r)}
	}
	return out
}

// flatWork asks 10, 100, 1000 and 4000 rules.
func flatWork() []work {
	all := statements(flatRules(4000))
	var out []work
	for _, n := range []int{10, 100, 1000, 4000} {
		out = append(out, work{name: fmt.Sprintf("flat, %d rules", n), statements: all[:n]})
	}
	return out
}
