package main

import (
	"context"
	"fmt"
)

// loading measures how long it takes until all columns of a file are in memory: whole
// processes of segq next to a table that the peers make of the file. Each counts once then.
func (c *config) loading(ctx context.Context, r *report) error {
	works, err := c.loads(ctx)
	if err != nil {
		return err
	}
	flags, err := c.loadAll(ctx)
	if err != nil {
		return err
	}
	for i := range works {
		works[i].flags, works[i].memory = flags, true
	}
	return runFiles(ctx, c, r, "load", 0, works)
}

// loadAll returns the flags with which segq loads all columns before it answers, none for
// one that always does.
func (c *config) loadAll(ctx context.Context) ([]string, error) {
	has, err := c.helps(ctx, " --load ")
	if !has {
		return nil, err
	}
	return []string{"--load", "all"}, err
}

// loads are the files: generated ones in Parquet, and texts.
func (c *config) loads(ctx context.Context) ([]fileWork, error) {
	flat, err := flatTable.file(ctx, c.dir, c.rows, c.threads)
	if err != nil {
		return nil, err
	}
	events, err := eventTable.file(ctx, c.dir, c.eventRows, c.threads)
	if err != nil {
		return nil, err
	}
	gen, err := c.generated(ctx, c.genProfiles, "parquet")
	if err != nil {
		return nil, err
	}
	ndjson, err := c.generated(ctx, c.textRows, "ndjson")
	if err != nil {
		return nil, err
	}
	csv, err := c.csv(ctx)
	if err != nil {
		return nil, err
	}
	works := []fileWork{
		loaded("flat", c.rows, flat, parquetFile, `address.state = "CA"`, `address.state = 'CA'`, `address.state = 'CA'`),
		loaded("events", c.eventRows, events, parquetFile, `xEvent.exists(type = "purchase")`, `has(xEvent.type, 'purchase')`, `len(list_filter(xEvent, lambda e: e.type = 'purchase')) >= 1`),
		loaded("segq gen", c.genProfiles, gen, parquetFile, genRule, genRule, genRule),
		loaded("segq gen, NDJSON", c.textRows, ndjson, jsonLines, genRule, genRule, genRule),
		loaded("flat, CSV", c.textRows, csv, commas, `state = "CA"`, `state = 'CA'`, `state = 'CA'`),
	}
	// ClickHouse has a second form of the flat table, in types that take less memory.
	works[0].clickhouse = append(works[0].clickhouse, form{
		name: "into narrow types", rules: 1, before: []string{"drop table if exists p"},
		queries: []string{clickhouseTables["flat"], fmt.Sprintf(clickhouseLoads["flat"], flat), "select count() from p where state = 'CA'"},
	})
	return works, nil
}

// genRule is a rule about the profiles of segq gen, in all languages.
const genRule = "loyalty.points > 1000"

// format is a format of files, and how the peers read it.
type format struct{ clickhouse, duckdb string }

var (
	parquetFile = format{"file('%s', Parquet)", "'%s'"}
	jsonLines   = format{"file('%s', JSONEachRow)", "read_json('%s', format = 'newline_delimited')"}
	commas      = format{"file('%s', CSVWithNames)", "read_csv('%s')"}
)

// loaded is the loading of a file, and a rule in all languages that is counted then.
func loaded(name string, rows int, file string, f format, rule, clickhouse, duckdb string) fileWork {
	load := func(table, from, count, where string) []form {
		return []form{{
			rules: 1, before: []string{"drop table if exists p"},
			queries: []string{table + " as select * from " + fmt.Sprintf(from, file), "select " + count + " from p where " + where},
		}}
	}
	return fileWork{
		name: fmt.Sprintf("all of %s, %s profiles", name, thousands(rows)), rule: rule, file: file,
		clickhouse: load("create table p engine = Memory", f.clickhouse, "count()", clickhouse),
		duckdb:     load("create table p", f.duckdb, "count(*)", duckdb),
	}
}
