package main

import "fmt"

// duckdbRules is how many rules of a large batch DuckDB is asked, whose time is
// then scaled.
const duckdbRules = 100

// duckdbPeer is DuckDB in memory. Rules are asked one after another, which is
// faster there than one query for all.
var duckdbPeer = &peer{name: "DuckDB", setup: duckdbSetup, forms: func(w work, full bool) []form {
	n := len(w.statements)
	if !full {
		n = min(n, duckdbRules)
	}
	var queries, byRows []string
	for _, s := range w.statements[:n] {
		if s.duckdb != "" {
			queries = append(queries, "select count(*) from p where "+s.duckdb)
		}
		if s.duckdbRows != "" && s.duckdbRows != s.duckdb {
			byRows = append(byRows, "select count(*) from p where "+s.duckdbRows)
		}
	}
	var forms []form
	for name, q := range map[string][]string{"": queries, "over a table with a row for each event": byRows} {
		if len(q) == n {
			forms = append(forms, form{name: name, queries: q, rules: n})
		}
	}
	return forms
}}

func duckdbSetup(table, file string, threads int) []string {
	setup := append(duckdbSettings(threads), fmt.Sprintf(duckdbLoads[table], file))
	if table == "events" {
		setup = append(setup, duckdbRowsLoad)
	}
	return append(setup, "force checkpoint")
}

func duckdbSettings(threads int) []string {
	return []string{fmt.Sprintf("set threads = %d", threads), "set timezone = 'UTC'"}
}

var duckdbLoads = map[string]string{
	"flat": `create table p as select
		id, email, address.state, address.city, address.country, person.gender, person.age::utinyint as age, person.lastName, person.lang,
		loyalty.tier, loyalty.points, optInOut.email as optEmail, optInOut.sms as optSms, optInOut.push as optPush,
		churnScore, ltv, signupTs::timestamp as signupTs, lastSeenDays::usmallint as lastSeenDays, hasApp, isVerified, isEmployee, isMobile
		from '%s'`,
	"events": `create table p as select
		row_number() over ()::integer as id, email, address.state, address.country, person.gender, person.age::utinyint as age,
		loyalty.tier, loyalty.points, ltv, signupTs::timestamp as signupTs, interests,
		list_transform(xEvent, lambda e: {
			'type': e.type, 'ts': e."timestamp"::timestamp, 'total': e.commerce."order".total, 'product': e.productId,
			'price': list_transform(e.items, lambda i: i.price)}) as events
		from '%s'`,
}

// duckdbRowsLoad makes the table that has a row for each event, by profile.
const duckdbRowsLoad = `create table event_rows as
	select profile, e.type, e.ts, e.total, e.product, e.price from (select id as profile, unnest(events) as e from p) order by profile`
