package exectest

import (
	"fmt"

	"github.com/segq/segq/lang/check"
)

// Condition writes a condition.
func (a *Author) Condition(depth int) string {
	if a.mistaken() {
		if a.rng.IntN(3) == 0 {
			return a.nonsense(depth)
		}
		return a.Value(a.anyType(2), depth)
	}
	if depth <= 0 {
		return a.atom(0)
	}
	depth--
	switch a.rng.IntN(8) {
	case 0:
		return "(" + a.Condition(depth) + " and " + a.Condition(depth) + ")"
	case 1:
		return "(" + a.Condition(depth) + " or " + a.Condition(depth) + ")"
	case 2:
		return "(not " + a.Condition(depth) + ")"
	case 3:
		return a.quantified(depth)
	case 4:
		return a.chain(depth)
	case 5:
		return a.Value(a.anyType(2), depth) // read by its presence
	}
	return a.atom(depth)
}

// test writes a condition whose value is a boolean; others may be read by their presence.
func (a *Author) test(depth int) string {
	switch a.rng.IntN(3) {
	case 0:
		return "(not " + a.Condition(depth) + ")"
	case 1:
		return "(" + a.Condition(depth) + a.one(" and ", " or ") + a.Condition(depth) + ")"
	}
	return a.atom(depth)
}

// atom writes a test of values.
func (a *Author) atom(depth int) string {
	switch a.rng.IntN(7) {
	case 0, 1:
		l, op, r := a.Comparison(depth)
		return "(" + l + " " + op + " " + r + ")"
	case 2:
		t := a.scalarType()
		return "(" + a.operand(t, depth) + a.one(" in ", " notIn ") + "(" + a.set(t, depth) + "))"
	case 3:
		t := a.scalarType()
		return "(" + a.set(t, depth) + ")" + a.one(".intersects(", ".subsetOf(", ".supersetOf(") + a.set(t, depth) + ")"
	case 4:
		return "(" + a.Value(a.anyType(2), depth) + ")" + a.one(".isNull()", ".isNotNull()")
	case 5:
		return "(" + a.operand(check.TimestampType, depth) + " occurs " + a.window(depth) + ")"
	}
	if len(a.Segments) > 0 && a.rng.IntN(6) == 0 {
		return fmt.Sprintf("inSegment(%q)", a.Segments[a.rng.IntN(len(a.Segments))])
	}
	return a.stringTest(depth)
}

// Comparison writes the parts of a comparison, both sides of one type.
func (a *Author) Comparison(depth int) (left, op, right string) {
	t := a.scalarType()
	op = a.one("=", "!=")
	u := t
	switch t.Kind {
	case check.Int, check.Float, check.Timestamp:
		op = a.one("=", "!=", "<", "<=", ">", ">=")
		if t.Kind != check.Timestamp && a.rng.IntN(3) == 0 {
			u = []*check.Type{check.IntType, check.FloatType}[a.rng.IntN(2)]
		}
	}
	left, right = a.operand(t, depth), a.operand(u, depth)
	if t.Kind == check.Timestamp {
		switch a.rng.IntN(6) {
		case 0:
			right = a.moment()
		case 1:
			right = a.literal(check.IntervalType)
		}
	}
	return left, op, right
}

// operand writes what is compared: a value, or a list of them, of which one will do.
func (a *Author) operand(t *check.Type, depth int) string {
	if a.rng.IntN(5) == 0 {
		if text := a.path(check.ListOf(t)); text != "" {
			return text
		}
	}
	return a.Value(t, depth)
}

// set writes a list in which something is looked for.
func (a *Author) set(elem *check.Type, depth int) string {
	if a.rng.IntN(2) == 0 {
		return a.literalList(elem)
	}
	return a.Value(check.ListOf(elem), depth)
}

func (a *Author) stringTest(depth int) string {
	s := "(" + a.operand(check.StringType, depth) + ")"
	fold := a.one("", ", true", ", false")
	switch a.rng.IntN(4) {
	case 0:
		return "(" + s + ` like "` + a.one("%a%", "_%", "com%", "%", `\\%`) + `")`
	case 1:
		return "(" + s + ` matches "` + a.one("^[A-M]", "(?i)com", "x*", `\\d+`) + `")`
	case 2:
		return s + "." + a.one("equals(", "notEqualTo(") + a.Value(check.StringType, depth) + ", " + a.Value(check.StringType, 0) + fold + ")"
	}
	return s + "." + a.one("startsWith(", "doesNotStartWith(", "endsWith(", "doesNotEndWith(", "contains(", "doesNotContain(") +
		a.Value(check.StringType, depth) + fold + ")"
}

// quantified writes a test of the elements of a list.
func (a *Author) quantified(depth int) string {
	list, elem := a.items(depth)
	inner := func() string { return a.within(elem, func() string { return a.Condition(depth) }) }
	switch a.rng.IntN(4) {
	case 0:
		return list + "[" + inner() + "]"
	case 1:
		return list + ".exists(" + inner() + ")"
	case 2:
		return "(" + list + "[" + inner() + "].count() " + a.one("=", ">", "<=") + " " + a.Value(check.IntType, depth-1) + ")"
	}
	return a.bound(elem, func(name string) string {
		text := "(" + a.one("exists ", "forall ", "select ") + name + " from " + list + " where " + a.Condition(depth)
		if a.rng.IntN(3) > 0 {
			return text + ")"
		}
		list, elem := a.items(0)
		return a.bound(elem, func(second string) string {
			return text + ", " + second + " from " + list + " where " + a.Condition(depth-1) + ")"
		})
	})
}

// chain writes a pattern of events.
func (a *Author) chain(depth int) string {
	list, elem := a.items(depth)
	return a.within(elem, func() string {
		text := "chain(" + list + ", " + a.timestamp(depth) + ", ["
		for i := range 1 + a.rng.IntN(3) {
			if i > 0 {
				text += ", "
			}
			text += fmt.Sprintf("S%d: WHAT(%s)", i, a.Condition(depth-1))
			if a.rng.IntN(3) == 0 {
				text += " WHEN(" + a.window(depth-1) + ")"
			}
			if a.rng.IntN(3) == 0 {
				text += " COUNT(" + a.one("1", "2") + ")"
			}
			if a.rng.IntN(4) == 0 {
				text += " WHERE(" + a.Condition(depth-1) + ")"
			}
		}
		return text + "])"
	})
}

// timestamp writes a timestamp, that of the item where it has one.
func (a *Author) timestamp(depth int) string {
	if text := a.path(check.TimestampType); text != "" {
		return text
	}
	return a.Value(check.TimestampType, depth)
}

// window writes what follows occurs.
func (a *Author) window(depth int) string {
	ref := a.one("now", "today", "yesterday", "tomorrow", "date(2020, 3, 1)", a.moment())
	if a.rng.IntN(4) == 0 {
		ref = "(" + a.timestamp(min(depth, 1)) + ")"
	}
	unit := a.one("seconds", "minutes", "hours", "days", "weeks", "months", "quarters", "years", "decades", "century", "millennium")
	switch a.rng.IntN(6) {
	case 0:
		return a.one("today", "this month", "last year", "next week", "on "+ref)
	case 1:
		return a.one("before ", "after ", "from ") + ref
	case 2:
		return "between " + ref + " and " + a.one("now", "tomorrow", a.moment())
	}
	return a.one("<", "<=", ">", ">=", "=", "!=") + " " + a.one("0", "1", "7", "90", "4000") + " " + unit + " " + a.one("before ", "after ", "from ") + ref
}
