package main

import (
	"fmt"
	"strconv"
	"strings"
)

// pql writes a rule in PQL.
func pql(r rule) string {
	switch r := r.(type) {
	case atom:
		return r.pql()
	case not:
		return "not (" + pql(r.rule) + ")"
	case all:
		return joined(r, " and ", pql)
	case some:
		return joined(r, " or ", pql)
	case count:
		if r.exists() {
			return "xEvent.exists(" + pql(r.events) + ")"
		}
		return fmt.Sprintf("xEvent[%s].count() %s %d", pql(r.events), r.op, r.n)
	}
	panic(fmt.Sprintf("no rule: %T", r))
}

func (a atom) pql() string {
	name := a.field.pql
	switch a.op {
	case "in":
		return name + " in [" + list(a.values, pqlValue) + "]"
	case "prefix":
		return name + ".startsWith(" + pqlValue(a.values[0]) + ")"
	case "contains":
		return name + ".contains(" + pqlValue(a.values[0]) + ")"
	case "null":
		return name + ".isNull()"
	case "notNull":
		return name + ".isNotNull()"
	case "true":
		return name
	case "within":
		return fmt.Sprintf("%s occurs <= %d days before now", name, a.values[0])
	case "before":
		return fmt.Sprintf("%s occurs > %d days before now", name, a.values[0])
	}
	return name + " " + a.op + " " + pqlValue(a.values[0])
}

func pqlValue(v any) string {
	switch v := v.(type) {
	case string:
		return strconv.Quote(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return fmt.Sprint(v)
}

// joined writes rules, each in brackets when there are several.
func joined(rules []rule, by string, write func(rule) string) string {
	parts := make([]string, len(rules))
	for i, r := range rules {
		parts[i] = "(" + write(r) + ")"
	}
	return strings.Join(parts, by)
}

func list(values []any, write func(any) string) string {
	parts := make([]string, len(values))
	for i, v := range values {
		parts[i] = write(v)
	}
	return strings.Join(parts, ", ")
}
