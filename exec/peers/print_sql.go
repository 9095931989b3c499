package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// dialect writes rules in the SQL of one peer, in the form that is fastest there. A
// test of a field that may be null is wrapped so that null is false, which is the
// whole of PQL's null rule.
type dialect struct {
	// orFalse is the form that makes null false, prefix, contains and instant those
	// of the tests and of a point in time.
	orFalse, prefix, contains, instant string
	// events writes a count.
	events func(d *dialect, c count) string
	// name gives the name by which a field is known here.
	name func(f *field) string
	// bare leaves tests as they are where a null counts as false anyway.
	bare bool
}

func columnName(f *field) string { return f.sql }

// clickhouse asks with higher-order functions over one array for each field of the
// events.
var clickhouse = &dialect{
	orFalse: "ifNull(%s, 0)", prefix: "startsWith(%s, %s)", contains: "position(%s, %s) > 0",
	instant: "toDateTime64('%s', 3, 'UTC')", events: arrays, name: columnName,
}

// duckdb asks with list_filter over the list of events.
var duckdb = &dialect{
	orFalse: "coalesce(%s, false)", prefix: "starts_with(%s, %s)", contains: "contains(%s, %s)",
	instant: "timestamp '%s'", events: filtered, name: columnName, bare: true,
}

// duckdbRows asks a table that has a row for each event.
var duckdbRows = &dialect{
	orFalse: "coalesce(%s, false)", prefix: "starts_with(%s, %s)", contains: "contains(%s, %s)",
	instant: "timestamp '%s'", events: grouped, name: columnName, bare: true,
}

// sql writes a rule.
func (d *dialect) sql(r rule) string {
	switch r := r.(type) {
	case atom:
		return d.atom(r)
	case not:
		strict := *d
		strict.bare = false
		return "not (" + strict.sql(r.rule) + ")"
	case all:
		return joined(r, " and ", d.sql)
	case some:
		return joined(r, " or ", d.sql)
	case count:
		return d.events(d, r)
	}
	panic(fmt.Sprintf("no rule: %T", r))
}

func (d *dialect) atom(a atom) string {
	test := d.test(a)
	if a.field.nullable && !d.bare && a.op != "null" && a.op != "notNull" {
		return fmt.Sprintf(d.orFalse, test)
	}
	return test
}

func (d *dialect) test(a atom) string {
	name := d.name(a.field)
	switch a.op {
	case "in":
		return name + " in (" + list(a.values, sqlValue) + ")"
	case "prefix":
		return fmt.Sprintf(d.prefix, name, sqlValue(a.values[0]))
	case "contains":
		return fmt.Sprintf(d.contains, name, sqlValue(a.values[0]))
	case "null":
		return name + " is null"
	case "notNull":
		return name + " is not null"
	case "true":
		return name
	case "within":
		return name + " >= " + d.daysAgo(a.values[0]) + " and " + name + " < " + d.daysAgo(0)
	case "before":
		return name + " < " + d.daysAgo(a.values[0])
	}
	return name + " " + a.op + " " + sqlValue(a.values[0])
}

func (d *dialect) daysAgo(n any) string {
	return fmt.Sprintf(d.instant, now.Add(-24*time.Hour*time.Duration(n.(int))).Format("2006-01-02 15:04:05.000"))
}

func sqlValue(v any) string {
	if s, ok := v.(string); ok {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	return pqlValue(v)
}

// arrays counts with a lambda over the arrays that the rule names. Mere equality
// has functions of its own, which are faster.
func arrays(d *dialect, c count) string {
	if a, ok := c.events.(atom); ok && a.op == "=" && !a.field.nullable {
		if c.exists() {
			return fmt.Sprintf("has(event_%s, %s)", a.field.sql, sqlValue(a.values[0]))
		}
		return fmt.Sprintf("countEqual(event_%s, %s) %s %d", a.field.sql, sqlValue(a.values[0]), c.op, c.n)
	}
	var names []string
	walk(c.events, func(r rule) {
		if a, ok := r.(atom); ok && !slices.Contains(names, a.field.sql) {
			names = append(names, a.field.sql)
		}
	})
	function, end := "arrayCount", fmt.Sprintf(" %s %d", c.op, c.n)
	if c.exists() {
		function, end = "arrayExists", ""
	}
	return fmt.Sprintf("%s((%s) -> %s, event_%s)%s", function, strings.Join(names, ", "), d.sql(c.events), strings.Join(names, ", event_"), end)
}

// filtered counts with a lambda over the events, which are structures.
func filtered(d *dialect, c count) string {
	inner := *d
	inner.bare, inner.name = true, func(f *field) string { return "e." + f.sql }
	return fmt.Sprintf("len(list_filter(events, lambda e: %s)) %s %d", inner.sql(c.events), c.op, c.n)
}

// grouped asks for the profiles that have enough events, or, where none would do,
// for those that have not too many.
func grouped(d *dialect, c count) string {
	inner := *d
	inner.bare = true
	where := inner.sql(c.events)
	profiles := "id %sin (select profile from event_rows where %s group by profile having %scount(*) %s %d)"
	if holds(0, c.op, c.n) {
		return fmt.Sprintf(profiles, "not ", where, "not ", c.op, c.n)
	}
	if c.exists() {
		return fmt.Sprintf("id in (select profile from event_rows where %s)", where)
	}
	return fmt.Sprintf(profiles, "", where, "", c.op, c.n)
}

// holds compares two counts.
func holds(a int, op string, b int) bool {
	switch op {
	case "=":
		return a == b
	case "!=":
		return a != b
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	}
	return a >= b
}
