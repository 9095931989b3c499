package main

import (
	"fmt"
	"slices"
	"strings"
)

// clickhouseRules is the size of the queries that a large batch is also tried in.
const clickhouseRules = 100

// clickhousePeer is ClickHouse in memory: typed columns, strings of few values as
// LowCardinality, nullable only where there are nulls. Rules are asked as
// countIfs, which share what they have in common: all in one query, and in queries
// of a hundred, because planning is slower than proportional. The events are
// arrays: over a table with a row for each event, sorted or not, the same rules
// took longer.
var clickhousePeer = &peer{name: "ClickHouse", setup: clickhouseSetup, forms: func(w work, _ bool) []form {
	var columns []string
	for _, s := range w.statements {
		if s.clickhouse == "" {
			return nil
		}
		columns = append(columns, "countIf("+s.clickhouse+")")
	}
	forms := []form{countIfs("", columns, len(columns))}
	if len(columns) > clickhouseRules {
		forms = append(forms, countIfs(fmt.Sprintf("in queries of %d", clickhouseRules), columns, clickhouseRules))
	}
	return forms
}}

// countIfs asks for columns, some at a time.
func countIfs(name string, columns []string, some int) form {
	f := form{name: name, rules: len(columns)}
	for chunk := range slices.Chunk(columns, some) {
		f.queries = append(f.queries, "select "+strings.Join(chunk, ",\n")+" from p")
	}
	return f
}

func clickhouseSetup(table, file string, threads int) []string {
	return append(clickhouseSettings(threads), clickhouseTables[table], fmt.Sprintf(clickhouseLoads[table], file))
}

func clickhouseSettings(threads int) []string {
	var setup []string
	for _, s := range []string{
		fmt.Sprintf("max_threads = %d", threads), "max_query_size = 1000000000", "max_ast_elements = 100000000",
		"max_expanded_ast_elements = 100000000", "max_ast_depth = 100000", "max_parser_depth = 100000", "max_parser_backtracks = 1000000000", "session_timezone = 'UTC'",
	} {
		setup = append(setup, "set "+s)
	}
	return setup
}

var clickhouseTables = map[string]string{
	"flat": `create table p (
		id String, email String,
		state LowCardinality(String), city LowCardinality(String), country LowCardinality(String),
		gender LowCardinality(String), age Nullable(UInt8), lastName LowCardinality(String), lang LowCardinality(String),
		tier LowCardinality(Nullable(String)), points Int32,
		optEmail LowCardinality(String), optSms LowCardinality(String), optPush LowCardinality(String),
		churnScore Float64, ltv Float64, signupTs DateTime64(3, 'UTC'), lastSeenDays UInt16,
		hasApp Bool, isVerified Bool, isEmployee Bool, isMobile Bool) engine = Memory`,
	"events": `create table p (
		id String, email String, state LowCardinality(String), country LowCardinality(String),
		gender LowCardinality(String), age Nullable(UInt8), tier LowCardinality(Nullable(String)), points Int32,
		ltv Float64, signupTs DateTime64(3, 'UTC'), interests Array(LowCardinality(String)),
		event_type Array(LowCardinality(String)), event_ts Array(DateTime64(3, 'UTC')),
		event_total Array(Nullable(Float64)), event_product Array(LowCardinality(Nullable(String))),
		event_price Array(Array(Float64))) engine = Memory`,
}

var clickhouseLoads = map[string]string{
	"flat": `insert into p select
		id, email, address.state, address.city, address.country, person.gender, person.age, person.lastName, person.lang,
		loyalty.tier, loyalty.points, optInOut.email, optInOut.sms, optInOut.push,
		churnScore, ltv, signupTs, lastSeenDays, hasApp, isVerified, isEmployee, isMobile
		from file('%s', Parquet)`,
	"events": `insert into p select
		id, email, address.state, address.country, person.gender, person.age, loyalty.tier, loyalty.points,
		ltv, signupTs, interests, xEvent.type, xEvent.timestamp, xEvent.commerce.order.total, xEvent.productId, xEvent.items.price
		from file('%s', Parquet)`,
}
