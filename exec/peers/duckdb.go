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
	for name, q := range map[string][]string{"": queries, "by rows": byRows} {
		if len(q) == n {
			forms = append(forms, form{name, q, n})
		}
	}
	return forms
}}

func duckdbSetup(table, file string, threads int) []string {
	return []string{
		fmt.Sprintf("set threads = %d", threads), "set timezone = 'UTC'",
		fmt.Sprintf(duckdbLoads[table], file), "force checkpoint",
	}
}

var duckdbLoads = map[string]string{
	"flat": `create table p as select
		id, email, address.state, address.city, address.country, person.gender, person.age::utinyint as age, person.lastName, person.lang,
		loyalty.tier, loyalty.points, optInOut.email as optEmail, optInOut.sms as optSms, optInOut.push as optPush,
		churnScore, ltv, signupTs::timestamp as signupTs, lastSeenDays::usmallint as lastSeenDays, hasApp, isVerified, isEmployee, isMobile
		from '%s'`,
}
