package exectest

import (
	"strings"

	"github.com/segq/segq/lang/check"
)

// nonsense writes something that has no meaning where it stands, and often none at all.
func (a *Author) nonsense(depth int) string {
	if depth <= 0 {
		return a.one("nowhere", "this", "profile", "$1", "$2", "@none", "@p", "^.a", "^^^^.b", "null", "K", "xEvent", "xEvent[0]",
			`""`, "[]", "{}", "[[]]", "today", "now", "this month", "-", "not", "(a) => a", `"2020-02-30"`, "1e999", "99999999999999999999", ".5", "56L")
	}
	depth--
	switch a.rng.IntN(12) {
	case 0, 1, 2, 3:
		return a.anyCall(depth)
	case 4:
		ops := []string{"+", "-", "*", "/", "%", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in", "notIn", "like", "matches", "occurs", "between"}
		return "(" + a.anything(depth) + " " + ops[a.rng.IntN(len(ops))] + " " + a.anything(depth) + ")"
	case 5:
		return "[" + a.anything(depth) + ", " + a.anything(depth) + ", " + a.anything(depth) + "]"
	case 6:
		return `{"a": ` + a.anything(depth) + `, "` + a.one("a", "b") + `": ` + a.anything(depth) + "}"
	case 7:
		return "(" + a.anything(depth) + ")[" + a.anything(depth) + "]"
	case 8:
		return "(" + a.anything(depth) + ")." + a.one("a", "count", "timestamp", "eventType", "xEvent", "keys")
	case 9:
		return a.one("not ", "-", "!") + a.anything(depth)
	case 10:
		return "((" + a.one("X", "X, Y", "X, Y, Z", "K, V") + ") => " + a.anything(depth) + ")"
	}
	return a.anyBinding(depth)
}

// anything writes a value of any type.
func (a *Author) anything(depth int) string { return a.Value(a.anyType(2), depth) }

// anyCall writes a call of some function with arguments of any number and type.
func (a *Author) anyCall(depth int) string {
	all := check.Functions()
	f := all[a.rng.IntN(len(all))]
	args := make([]string, max(0, strings.Count(f.Signature, ",")+a.rng.IntN(3)-a.rng.IntN(2)))
	if a.rng.IntN(2) == 0 && len(args) == 0 {
		args = append(args, "")
	}
	item := a.anyType(1)
	for i := range args {
		if a.rng.IntN(2) == 0 {
			args[i] = a.within(item, func() string { return a.anything(depth) })
			continue
		}
		args[i] = a.anything(depth)
	}
	name := f.Name
	if a.rng.IntN(30) == 0 {
		name = a.one("len", "Count", "toString", "exist")
	}
	text := name + "(" + strings.Join(args, ", ") + ")"
	if a.rng.IntN(4) == 0 {
		return text
	}
	return "(" + a.anything(depth) + ")." + text
}

// anyBinding writes a form that binds variables, over anything.
func (a *Author) anyBinding(depth int) string {
	t := a.anyType(2)
	from := a.anything(depth)
	return a.bound(t, func(name string) string {
		body := a.anything(depth)
		switch a.rng.IntN(6) {
		case 0:
			return "(select " + name + " from (" + from + ") where " + body + ")"
		case 1:
			return "(" + a.one("exists ", "forall ") + name + " from (" + from + ") where " + body + ")"
		case 2:
			return "(" + a.one("sum ", "average ", "min ", "max ") + body + " over " + name + " from (" + from + "))"
		case 3:
			return "(let " + name + " = (" + from + ") in " + body + ")"
		case 4:
			return "chain((" + from + "), " + a.anything(depth) + ", [A: WHAT(" + body + ") COUNT(" + a.one("0", "1", "2.5", `"1"`, "-1") + ")])"
		}
		return "((" + from + ") occurs " + a.one("<= 3 days before ", "between now and ", "on ", "after ") + "(" + body + "))"
	})
}
