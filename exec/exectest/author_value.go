package exectest

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/segq/segq/lang/check"
)

// Value writes an expression of a type.
func (a *Author) Value(want *check.Type, depth int) string {
	if a.mistaken() {
		if a.rng.IntN(3) == 0 {
			return a.nonsense(depth)
		}
		want = a.anyType(2)
	}
	for range 8 {
		if text := a.form(want, depth); text != "" {
			return text
		}
	}
	return a.simple(want)
}

// simple writes a value without parts.
func (a *Author) simple(want *check.Type) string {
	if text := a.path(want); text != "" && a.rng.IntN(3) > 0 {
		return text
	}
	return a.literal(want)
}

// form writes a value of a type in some form, "" where the form has none.
func (a *Author) form(want *check.Type, depth int) string {
	if depth <= 0 || a.rng.IntN(3) == 0 {
		return a.simple(want)
	}
	depth--
	switch a.rng.IntN(9) {
	case 0:
		return "if(" + a.Condition(depth) + ", " + a.Value(want, depth) + ", " + a.Value(want, depth) + ")"
	case 1:
		t := a.anyType(1)
		value := a.Value(t, depth)
		return a.bound(t, func(name string) string {
			return "(let " + name + " = (" + value + ") in " + a.Value(want, depth) + ")"
		})
	case 2:
		return "(" + a.Value(check.ListOf(want), depth) + ").head()"
	case 3:
		list, elem := a.items(depth)
		return list + ".map(" + a.within(elem, func() string { return a.Value(want, depth) }) + ").head()"
	case 4:
		list, elem := a.items(depth)
		key := a.within(elem, func() string { return a.Value(a.scalarType(), 0) })
		body := a.within(check.ListOf(elem), func() string { return a.Value(want, depth) })
		return list + ".groupBy(" + key + ").map(" + body + ").get(" + a.text() + ")"
	}
	return a.own(want, depth)
}

// own writes a value in a form that only its type has.
func (a *Author) own(want *check.Type, depth int) string {
	switch want.Kind {
	case check.Bool:
		return a.test(depth)
	case check.Int, check.Float:
		return a.number(want, depth)
	case check.String:
		return "(" + a.Value(check.StringType, depth) + `).regexGroup("` + a.one("^(.).*", "([a-z]+)", "(x)?") + `", ` + a.one("0", "1") + ")"
	case check.Timestamp:
		list, elem := a.items(depth)
		return list + a.one(".max(", ".min(") + a.within(elem, func() string { return a.Value(want, depth) }) + ")"
	case check.Interval:
		return a.literal(want)
	case check.List:
		return a.list(want, depth)
	case check.Map:
		if want.Elem.Kind == check.List {
			list := a.Value(want.Elem, depth)
			return "(" + list + ").groupBy(" + a.within(want.Elem.Elem, func() string { return a.Value(a.scalarType(), 0) }) + ")"
		}
		return "(" + a.Value(check.MapOf(want.Elem), depth) + ").map((K, V) => mapEntry(K, " + a.Value(want.Elem, depth) + "))"
	}
	return ""
}

func (a *Author) number(want *check.Type, depth int) string {
	switch a.rng.IntN(6) {
	case 0:
		return "(-" + "(" + a.Value(want, depth) + "))"
	case 1:
		ops := []string{" + ", " - ", " * ", " % "}
		if want.Kind == check.Float {
			ops = append(ops, " / ")
		}
		return "(" + a.Value(want, depth) + ops[a.rng.IntN(len(ops))] + a.Value(want, depth) + ")"
	case 2:
		list, elem := a.items(depth)
		folds := []string{".sum(", ".min(", ".max("}
		if want.Kind == check.Float {
			folds = append(folds, ".average(")
		}
		return list + folds[a.rng.IntN(len(folds))] + a.within(elem, func() string { return a.Value(want, depth) }) + ")"
	case 3:
		list, elem := a.items(depth)
		return a.bound(elem, func(name string) string {
			return "(" + a.one("sum ", "min ", "max ") + a.Value(want, depth) + " over " + name + " from " + list + ")"
		})
	}
	if want.Kind == check.Float {
		return ""
	}
	switch a.rng.IntN(3) {
	case 0:
		return a.one("currentYear()", "currentMonth()", "currentDayOfMonth()")
	case 1:
		return "(" + a.Value(check.TimestampType, depth) + ")." + a.one("getYear()", "getMonth()", "getDayOfMonth()")
	}
	list, _ := a.items(depth)
	return list + ".count()"
}

// list writes a list of elements of a type.
func (a *Author) list(want *check.Type, depth int) string {
	elem := want.Elem
	whole := "(" + a.Value(want, depth) + ")"
	switch a.rng.IntN(8) {
	case 0:
		list, t := a.items(depth)
		return list + ".map(" + a.within(t, func() string { return a.Value(elem, depth) }) + ")"
	case 1:
		return whole + "[" + a.within(elem, func() string { return a.Condition(depth) }) + "]"
	case 2:
		return whole + ".distinct()"
	case 3:
		return whole + ".intersection(" + a.Value(want, depth) + ")"
	case 4:
		key := a.within(elem, func() string { return a.Value(a.orderedType(), depth) })
		return whole + a.one(".topN(", ".bottomN(") + key + ", " + a.Value(check.IntType, 1) + ")"
	case 5:
		return a.bound(elem, func(name string) string {
			return "(select " + name + " from " + whole + " where " + a.Condition(depth) + ")"
		})
	case 6:
		if elem.Kind == check.String {
			return "(" + a.Value(check.MapOf(a.scalarType()), depth) + ").keys()"
		}
		return "(" + a.Value(check.MapOf(elem), depth) + ").values()"
	}
	n := a.rng.IntN(4)
	items := make([]string, n)
	for i := range items {
		items[i] = a.Value(elem, depth)
	}
	return "[" + strings.Join(items, ", ") + "]"
}

func (a *Author) orderedType() *check.Type {
	return []*check.Type{check.IntType, check.FloatType, check.TimestampType, check.StringType}[a.rng.IntN(4)]
}

// literal writes a constant, or, for types without any, something like it.
func (a *Author) literal(want *check.Type) string {
	if p := a.Params[want.Kind]; p != "" && a.rng.IntN(6) == 0 {
		return "@" + p
	}
	switch want.Kind {
	case check.Bool:
		return a.one("true", "false")
	case check.Int:
		return a.one("0", "1", "2", "3", "7", "18", "100", "9007199254740993", "9223372036854775807", "(-1)")
	case check.Float:
		return a.one("3", "18", "0.0", "0.5", "1.5", "2.25", "100.75", "1e300", "5e-324", "(-0.5)", "2.02E-12")
	case check.String:
		return a.text()
	case check.Timestamp:
		return "now"
	case check.Interval:
		return a.one("today", "yesterday", "this month", "last year", fmt.Sprintf("date(20%02d, %d, %d)", 19+a.rng.IntN(8), 1+a.rng.IntN(12), 1+a.rng.IntN(28)))
	case check.List:
		return a.literalList(want.Elem)
	case check.Object:
		return `{"a": ` + a.literal(a.scalarType()) + "}"
	case check.Map:
		return "([" + a.literal(check.IntType) + "].groupBy(this)" + ".map(" + a.literal(want.Elem) + "))"
	}
	return "1"
}

func (a *Author) literalList(elem *check.Type) string {
	n, mixed := a.rng.IntN(5), a.mistaken()
	switch elem.Kind {
	case check.List, check.Object, check.Map:
		n = min(n, 1)
	}
	items := make([]string, n)
	for i := range items {
		items[i] = a.literal(elem)
		if mixed {
			items[i] = a.literal(a.scalarType())
		}
	}
	return "[" + strings.Join(items, ", ") + "]"
}

// text writes a string literal.
func (a *Author) text() string { return strconv.Quote(a.Texts[a.rng.IntN(len(a.Texts))]) }

// moment writes a timestamp as text.
func (a *Author) moment() string {
	return fmt.Sprintf(`"20%02d-%02d-%02dT00:00:00Z"`, 19+a.rng.IntN(8), 1+a.rng.IntN(12), 1+a.rng.IntN(28))
}
