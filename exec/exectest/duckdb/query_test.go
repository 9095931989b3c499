package duckdb_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// pair is one expression in both languages. A condition's SQL is never null: each
// test stands in coalesce(..., false), which is PQL's rule for null.
type pair struct{ pql, sql string }

// scope gives the names that an expression may use: those of its own element, and
// by carets those of the elements around it.
type scope struct {
	outer *scope
	level string // "profile", "event" or "item"
	pql   string // before a name: "" or "X."
	sql   string // the row or the lambda's variable
}

// generator writes random expressions.
type generator struct {
	*rand.Rand
	vars int
}

func (g *generator) variable() string {
	g.vars++
	return fmt.Sprintf("x%d", g.vars)
}

func pickOf[T any](g *generator, from ...T) T { return from[g.IntN(len(from))] }

// field returns a field of one of these names, of the scope or, by carets, of one
// around it.
func (g *generator) field(s *scope, names map[string][]string) pair {
	carets := ""
	for g.IntN(4) == 0 && s.outer != nil || len(names[s.level]) == 0 {
		if s.pql == "" { // a variable is no scope of names
			carets += "^"
		}
		s = s.outer
	}
	switch {
	case s.pql != "":
		carets = ""
	case carets != "":
		carets += "."
	}
	name := pickOf(g, names[s.level]...)
	return pair{carets + s.pql + name, s.sql + "." + sqlName(name)}
}

func sqlName(name string) string {
	if name == "timestamp" {
		return `"timestamp"`
	}
	return name
}

var (
	intFields    = map[string][]string{"profile": {"n", "m", "o.k"}, "event": {"q"}, "item": {"p"}}
	numberFields = map[string][]string{"profile": {"n", "m", "o.k", "f"}, "event": {"q", "v"}, "item": {"p"}}
	textFields   = map[string][]string{"profile": {"s", "u", "o.c"}, "event": {"kind"}, "item": {"sku"}}
	timeFields   = map[string][]string{"profile": {"t"}, "event": {"timestamp"}}
	anyFields    = map[string][]string{"profile": {"n", "f", "s", "t", "o", "o.c"}, "event": {"kind", "v", "q"}, "item": {"sku", "p"}}
)

// number returns a numeric expression.
func (g *generator) number(s *scope, depth int) pair {
	if depth == 0 || g.IntN(3) == 0 {
		if g.IntN(4) == 0 {
			n := fmt.Sprint(g.IntN(9) - 1)
			if g.IntN(3) == 0 {
				n += ".5"
			}
			return pair{n, n}
		}
		return g.field(s, numberFields)
	}
	switch g.IntN(6) {
	case 0:
		a, b := g.number(s, depth-1), g.number(s, depth-1)
		return pair{"(" + a.pql + ") / (" + b.pql + ")", fmt.Sprintf("((%s)::double / nullif((%s)::double, 0))", a.sql, b.sql)}
	case 1:
		a, b := g.field(s, intFields), g.field(s, intFields)
		return pair{a.pql + " % " + b.pql, fmt.Sprintf("(%s %% nullif(%s, 0))", a.sql, b.sql)}
	case 2:
		c, a, b := g.condition(s, depth-1), g.number(s, depth-1), g.number(s, depth-1)
		return pair{fmt.Sprintf("if(%s, %s, %s)", c.pql, a.pql, b.pql), fmt.Sprintf("(case when %s then (%s)::double else (%s)::double end)", c.sql, a.sql, b.sql)}
	case 3:
		if s.level != "profile" {
			return g.field(s, numberFields)
		}
		return g.aggregate(s, depth)
	}
	op := pickOf(g, "+", "-", "*")
	a, b := g.number(s, depth-1), g.number(s, depth-1)
	return pair{"(" + a.pql + ") " + op + " (" + b.pql + ")", "((" + a.sql + ") " + op + " (" + b.sql + "))"}
}

// aggregate returns an aggregate over the profile's events or numbers. Over a list
// that is missing it is null; over nothing a sum is 0 and the rest null.
func (g *generator) aggregate(s *scope, depth int) pair {
	fn := pickOf(g, "sum", "average", "min", "max")
	sql := map[string]string{"sum": "list_sum", "average": "list_avg", "min": "list_min", "max": "list_max"}[fn]
	pql, whole, values := s.pql+"nums."+fn+"()", s.sql+".nums", s.sql+".nums"
	if g.IntN(3) > 0 {
		l := g.events(s, depth)
		v := pickOf(g, "v", "q")
		pql, whole = l.pql+"."+fn+"("+v+")", s.sql+".xEvent"
		values = fmt.Sprintf("list_transform(%s, lambda z: z.%s)", l.sql, v)
	}
	if fn == "sum" {
		return pair{pql, fmt.Sprintf("(case when %s is null then null else coalesce(list_sum(%s), 0) end)", whole, values)}
	}
	return pair{pql, fmt.Sprintf("%s(%s)", sql, values)}
}

// events returns the profile's events, filtered.
func (g *generator) events(s *scope, depth int) pair {
	x := g.variable()
	inner := &scope{outer: s, level: "event", sql: x}
	c := g.condition(inner, depth-1)
	return pair{s.pql + "xEvent[" + c.pql + "]", fmt.Sprintf("list_filter(%s.xEvent, lambda %s: %s)", s.sql, x, c.sql)}
}

// test wraps a comparison that null makes false.
func test(pql, sql string) pair { return pair{pql, "coalesce(" + sql + ", false)"} }

var comparisons = []string{"=", "!=", "<", "<=", ">", ">="}

// condition returns a boolean expression.
func (g *generator) condition(s *scope, depth int) pair {
	if depth > 0 && g.IntN(3) == 0 {
		a := g.condition(s, depth-1)
		switch g.IntN(3) {
		case 0:
			return pair{"not (" + a.pql + ")", "(not " + a.sql + ")"}
		case 1:
			b := g.condition(s, depth-1)
			return pair{"(" + a.pql + ") and (" + b.pql + ")", "(" + a.sql + " and " + b.sql + ")"}
		}
		b := g.condition(s, depth-1)
		return pair{"(" + a.pql + ") or (" + b.pql + ")", "(" + a.sql + " or " + b.sql + ")"}
	}
	kinds := []func(*scope, int) pair{g.compare, g.text, g.member, g.null, g.compare, g.text}
	if s.level != "item" {
		kinds = append(kinds, g.occurs, g.dateParts)
	}
	if depth > 0 {
		switch s.level {
		case "profile":
			kinds = append(kinds, g.eventTest, g.eventTest, g.eventTest, g.variables, g.variables, g.sets, g.runningDot, g.let)
		case "event":
			kinds = append(kinds, g.itemTest, g.itemTest)
		}
	}
	return kinds[g.IntN(len(kinds))](s, depth)
}

func (g *generator) compare(s *scope, depth int) pair {
	op := pickOf(g, comparisons...)
	a, b := g.number(s, min(depth, 1)), g.number(s, min(depth, 1))
	return test(fmt.Sprintf("(%s) %s (%s)", a.pql, op, b.pql), fmt.Sprintf("(%s)::double %s (%s)::double", a.sql, op, b.sql))
}

func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// word returns a text that the field may well hold.
func (g *generator) word() string {
	if g.IntN(3) == 0 {
		return pickOf(g, kinds...)
	}
	return words[g.IntN(len(words))]
}

func (g *generator) text(s *scope, _ int) pair {
	f, w := g.field(s, textFields), g.word()
	both := func(form, sql string) pair {
		return test(fmt.Sprintf(form, f.pql, w), fmt.Sprintf(sql, f.sql, quote(w)))
	}
	switch g.IntN(14) {
	case 0:
		return both(`%s != "%s"`, "%s != %s")
	case 1:
		return both(`%s.startsWith("%s")`, "starts_with(%s, %s)")
	case 2:
		return both(`%s.doesNotStartWith("%s")`, "not starts_with(%s, %s)")
	case 3:
		return both(`%s.endsWith("%s")`, "suffix(%s, %s)")
	case 4:
		return both(`%s.doesNotEndWith("%s")`, "not suffix(%s, %s)")
	case 5:
		return both(`%s.contains("%s")`, "contains(%s, %s)")
	case 6:
		return both(`%s.doesNotContain("%s")`, "not contains(%s, %s)")
	case 7:
		return both(`%s.equals("%s", false)`, "lower(%s) = lower(%s)")
	case 8:
		return both(`%s.startsWith("%s", false)`, "starts_with(lower(%s), lower(%s))")
	case 9:
		return both(`%s.contains("%s", false)`, "contains(lower(%s), lower(%s))")
	case 10:
		return both(`%s.notEqualTo("%s", false)`, "lower(%s) != lower(%s)")
	case 11:
		w = pickOf(g, "a%", "%a", "_b", "%b%", "b__", "%", "a_c", "")
		return both(`%s like "%s"`, "%s like %s")
	case 12:
		w = pickOf(g, "^a", "b$", "a.?c", "(?i)^A", "^$", "[ab]+", "^(ab|ba)$")
		return both(`%s matches "%s"`, "regexp_matches(%s, %s)")
	}
	return both(`%s = "%s"`, "%s = %s")
}

func (g *generator) member(s *scope, _ int) pair {
	op, not := "in", ""
	if g.IntN(3) == 0 {
		op, not = "notIn", "not "
	}
	if g.IntN(2) == 0 {
		f := g.field(s, intFields)
		items := fmt.Sprintf("%d, %d, %d", g.IntN(6), g.IntN(6)-2, g.IntN(6))
		return test(fmt.Sprintf("%s %s [%s]", f.pql, op, items), fmt.Sprintf("%s %sin (%s)", f.sql, not, items))
	}
	f, a, b := g.field(s, textFields), g.word(), g.word()
	return test(fmt.Sprintf(`%s %s ["%s", "%s"]`, f.pql, op, a, b), fmt.Sprintf("%s %sin (%s, %s)", f.sql, not, quote(a), quote(b)))
}

func (g *generator) null(s *scope, _ int) pair {
	f := g.field(s, anyFields)
	switch g.IntN(4) {
	case 0:
		return pair{f.pql + ".isNull()", "(" + f.sql + " is null)"}
	case 1:
		return pair{f.pql + ".isNotNull()", "(" + f.sql + " is not null)"}
	case 2:
		if s.level == "profile" {
			return test(s.pql+"b", s.sql+".b")
		}
	}
	return pair{f.pql, "(" + f.sql + " is not null)"}
}

const sqlNow = "timestamp '2026-11-01 12:00:00'"

// occurs returns a window around now, with the units and the calendar of SQL.
func (g *generator) occurs(s *scope, _ int) pair {
	f := g.field(s, timeFields)
	unit := pickOf(g, "hour", "day", "week", "month", "year")
	n := g.IntN(14)
	edge := func(sign string) string { return fmt.Sprintf("(%s %s interval %d %s)", sqlNow, sign, n, unit) }
	window := func(form string, sql string, args ...any) pair {
		return test(f.pql+" occurs "+form, strings.ReplaceAll(fmt.Sprintf(sql, args...), "$", f.sql))
	}
	switch g.IntN(11) {
	case 0:
		return window(fmt.Sprintf("<= %d %s before now", n, unit), "$ >= %s and $ < %s", edge("-"), sqlNow)
	case 1:
		return window(fmt.Sprintf("< %d %ss before now", n, unit), "$ > %s and $ < %s", edge("-"), sqlNow)
	case 2:
		return window(fmt.Sprintf("> %d %s before now", n, unit), "$ < %s", edge("-"))
	case 3:
		return window(fmt.Sprintf(">= %d %s before now", n, unit), "$ <= %s", edge("-"))
	case 4:
		return window(fmt.Sprintf("<= %d %s after now", n, unit), "$ > %s and $ <= %s", sqlNow, edge("+"))
	case 5:
		return window(fmt.Sprintf("= %d %s before now", n, unit), "date_trunc('%s', $) = date_trunc('%s', %s)", unit, unit, edge("-"))
	case 6:
		return window(fmt.Sprintf("!= %d %s before now", n, unit), "date_trunc('%s', $) != date_trunc('%s', %s)", unit, unit, edge("-"))
	case 7:
		which := pickOf(g, "last", "this", "next")
		shift := map[string]string{"last": "- interval 1 ", "this": "+ interval 0 ", "next": "+ interval 1 "}[which] + unit
		return window(which+" "+unit, "date_trunc('%s', $) = date_trunc('%s', %s) %s", unit, unit, sqlNow, shift)
	case 8:
		return window("before today", "$ < date_trunc('day', %s)", sqlNow)
	case 9:
		a, b := g.IntN(300), g.IntN(300)
		from, to := now.AddDate(0, 0, -max(a, b)), now.AddDate(0, 0, -min(a, b))
		return window(fmt.Sprintf("between date(%d, %d, %d) and date(%d, %d, %d)", from.Year(), from.Month(), from.Day(), to.Year(), to.Month(), to.Day()),
			"$ >= date '%s' and $ < date '%s' + interval 1 day", from.Format("2006-01-02"), to.Format("2006-01-02"))
	}
	return window("yesterday", "date_trunc('day', $) = date_trunc('day', %s) - interval 1 day", sqlNow)
}

func (g *generator) dateParts(s *scope, _ int) pair {
	f := g.field(s, timeFields)
	part := pickOf(g, "Year:year", "Month:month", "DayOfMonth:day")
	name, sql, _ := strings.Cut(part, ":")
	n := map[string]int{"Year": 2024 + g.IntN(3), "Month": 1 + g.IntN(12), "DayOfMonth": 1 + g.IntN(31)}[name]
	op := pickOf(g, comparisons...)
	return test(fmt.Sprintf("%s.get%s() %s %d", f.pql, name, op, n), fmt.Sprintf("%s(%s) %s %d", sql, f.sql, op, n))
}

func (g *generator) eventTest(s *scope, depth int) pair {
	l := g.events(s, depth)
	op, k := pickOf(g, comparisons...), g.IntN(4)
	switch g.IntN(4) {
	case 0:
		return test(l.pql, "len("+l.sql+") > 0")
	case 1:
		pql := strings.Replace(strings.TrimSuffix(l.pql, "]"), "xEvent[", "xEvent.exists(", 1) + ")"
		return test(pql, "len("+l.sql+") > 0")
	case 2:
		a := g.aggregate(s, depth)
		n := g.IntN(30)
		return test(fmt.Sprintf("%s %s %d", a.pql, op, n), fmt.Sprintf("(%s)::double %s %d", a.sql, op, n))
	}
	return test(fmt.Sprintf("%s.count() %s %d", l.pql, op, k), fmt.Sprintf("len(%s) %s %d", l.sql, op, k))
}

// itemTest asks about the list inside of an event.
func (g *generator) itemTest(s *scope, depth int) pair {
	x := g.variable()
	c := g.condition(&scope{outer: s, level: "item", sql: x}, depth-1)
	l := pair{s.pql + "items[" + c.pql + "]", fmt.Sprintf("list_filter(%s.items, lambda %s: %s)", s.sql, x, c.sql)}
	if g.IntN(2) == 0 {
		return test(l.pql, "len("+l.sql+") > 0")
	}
	k := g.IntN(3)
	return test(fmt.Sprintf("%s.count() >= %d", l.pql, k), fmt.Sprintf("len(%s) >= %d", l.sql, k))
}

// variables asks with declarations. Over a list that is missing there are no
// tuples: nothing exists, everything holds for all, and their count is 0.
func (g *generator) variables(s *scope, depth int) pair {
	a := g.variable()
	one := &scope{outer: s, level: "event", pql: a + ".", sql: a}
	ca := g.condition(one, depth-1)
	filter := fmt.Sprintf("list_filter(%s.xEvent, lambda %s: %s)", s.sql, a, ca.sql)
	switch g.IntN(4) {
	case 0:
		return pair{fmt.Sprintf("(select %s from xEvent where %s)", a, ca.pql), "(coalesce(len(" + filter + "), 0) > 0)"}
	case 1:
		k, op := g.IntN(3), pickOf(g, comparisons...)
		return pair{fmt.Sprintf("(select %s from xEvent where %s).count() %s %d", a, ca.pql, op, k), fmt.Sprintf("(coalesce(len(%s), 0) %s %d)", filter, op, k)}
	case 2:
		return pair{
			fmt.Sprintf("(forall %s from xEvent : %s)", a, ca.pql),
			fmt.Sprintf("(coalesce(len(list_filter(%s.xEvent, lambda %s: not %s)), 0) = 0)", s.sql, a, ca.sql),
		}
	}
	b := g.variable()
	days := g.IntN(60)
	joined := fmt.Sprintf("coalesce(%s.q = %s.q, false)", a, b)
	pql := fmt.Sprintf("%s.q = %s.q", a, b)
	if g.IntN(2) == 0 {
		pql = fmt.Sprintf("%s.timestamp occurs < %d days after %s.timestamp", b, days, a)
		joined = fmt.Sprintf(`coalesce(%s."timestamp" > %s."timestamp" and %s."timestamp" < %s."timestamp" + interval %d day, false)`, b, a, b, a, days)
	}
	return pair{
		fmt.Sprintf("(exists %s from xEvent where %s, %s from xEvent where %s)", a, ca.pql, b, pql),
		fmt.Sprintf("(coalesce(len(list_filter(%s.xEvent, lambda %s: %s and len(list_filter(%s.xEvent, lambda %s: %s)) > 0)), 0) > 0)", s.sql, a, ca.sql, s.sql, b, joined),
	}
}

func (g *generator) sets(s *scope, _ int) pair {
	tags := pair{s.pql + "tags", s.sql + ".tags"}
	a, b := g.word(), g.word()
	pql, sql := fmt.Sprintf(`["%s", "%s"]`, a, b), fmt.Sprintf("[%s, %s]", quote(a), quote(b))
	switch g.IntN(6) {
	case 0:
		return test(fmt.Sprintf(`"%s" in %s`, a, tags.pql), fmt.Sprintf("list_contains(%s, %s)", tags.sql, quote(a)))
	case 1:
		return test(tags.pql+".intersects("+pql+")", fmt.Sprintf("list_has_any(%s, %s)", tags.sql, sql))
	case 2:
		return test(tags.pql+".subsetOf("+pql+")", fmt.Sprintf("list_has_all(%s, %s)", sql, tags.sql))
	case 3:
		return test(tags.pql+".supersetOf("+pql+")", fmt.Sprintf("list_has_all(%s, %s)", tags.sql, sql))
	case 4:
		k := 1 + g.IntN(3)
		return test(fmt.Sprintf("%s.distinct().count() >= %d", tags.pql, k), fmt.Sprintf("len(list_distinct(%s)) >= %d", tags.sql, k))
	}
	return test(tags.pql, "len("+tags.sql+") > 0")
}

func (g *generator) runningDot(s *scope, _ int) pair {
	kind, k := pickOf(g, kinds...), g.IntN(5)
	switch g.IntN(3) {
	case 0:
		return test(fmt.Sprintf(`%sxEvent.kind = "%s"`, s.pql, kind),
			fmt.Sprintf("len(list_filter(%s.xEvent, lambda z: coalesce(z.kind = %s, false))) > 0", s.sql, quote(kind)))
	case 1:
		return test(fmt.Sprintf("%sxEvent.v > %d", s.pql, k), fmt.Sprintf("len(list_filter(%s.xEvent, lambda z: coalesce(z.v > %d, false))) > 0", s.sql, k))
	}
	return test(fmt.Sprintf("%sxEvent.items.sku.count() >= %d", s.pql, k), fmt.Sprintf(
		"len(list_filter(flatten(list_transform(%s.xEvent, lambda z: list_transform(coalesce(z.items, []), lambda y: y.sku))), lambda w: w is not null)) >= %d", s.sql, k))
}

// let names a number and uses it twice.
func (g *generator) let(s *scope, depth int) pair {
	x, v := g.variable(), g.number(s, min(depth, 1))
	low := g.IntN(4) - 2
	return pair{
		fmt.Sprintf("(let %s = %s in (%s > %d and %s < %d))", x, v.pql, x, low, x, low+5),
		fmt.Sprintf("(coalesce((%s)::double > %d, false) and coalesce((%s)::double < %d, false))", v.sql, low, v.sql, low+5),
	}
}
