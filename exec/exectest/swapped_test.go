package exectest_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// By hand: go test ./exec/exectest -run TestPairs -pairs 100000 -seed 7 -timeout 0.
var drawnPairs = flag.Int("pairs", 60, "how many pairs of queries TestPairs draws of each law")

// sparseRows makes profiles of which every field is often missing.
func sparseRows(t *testing.T, rows int) *column.Snapshot {
	t.Helper()
	rng := rand.New(rand.NewPCG(5, 6))
	letter := func() string { return fmt.Sprintf("%q", []string{"a", "b", "A", ""}[rng.IntN(4)]) }
	number := func() int { return rng.IntN(6) - 2 }
	moment := func() string { return fmt.Sprintf(`"2026-%02d-%02dT12:00:00Z"`, 5+rng.IntN(2), 1+rng.IntN(28)) }
	some := func(members ...string) string {
		kept := slices.DeleteFunc(members, func(string) bool { return rng.IntN(3) == 0 })
		return "{" + strings.Join(kept, ",") + "}"
	}
	list := func(most int, item func() string) string {
		items := make([]string, rng.IntN(most+1))
		for i := range items {
			items[i] = item()
		}
		return "[" + strings.Join(items, ",") + "]"
	}
	item := func() string { return some(fmt.Sprintf(`"q":%d`, number()), `"sku":`+letter()) }
	event := func() string {
		return some(fmt.Sprintf(`"k":%d`, number()), fmt.Sprintf(`"p":%d.5`, number()), `"type":`+letter(), `"timestamp":`+moment(),
			`"items":`+list(3, item), fmt.Sprintf(`"seen":%t`, rng.IntN(2) == 0))
	}
	profile := func() string {
		return some(fmt.Sprintf(`"n":%d`, number()), fmt.Sprintf(`"m":%d`, number()), fmt.Sprintf(`"f":%d.25`, number()), `"s":`+letter(), `"u":`+letter(),
			`"home":`+some(`"city":`+letter(), fmt.Sprintf(`"floor":%d`, number()), `"since":`+moment()), `"at":`+moment(),
			fmt.Sprintf(`"ok":%t`, rng.IntN(2) == 0), `"tags":`+list(3, letter), `"xEvent":`+list(4, event))
	}
	lines := []string{`{"n":1,"m":1,"f":0.25,"s":"a","u":"a","home":{"city":"a","floor":1,"since":"2026-05-01T00:00:00Z"},"at":"2026-05-01T00:00:00Z","ok":true,` +
		`"tags":["a"],"xEvent":[{"k":1,"p":0.5,"type":"a","timestamp":"2026-05-01T00:00:00Z","items":[{"q":1,"sku":"a"}],"seen":true}]}`}
	for len(lines) < rows {
		lines = append(lines, profile())
	}
	snap, _, err := load.Reader(t.Context(), strings.NewReader(strings.Join(lines, "\n")), "ndjson", "sparse", load.Options{Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// law makes two queries that must find the same profiles.
type law struct {
	name string
	pair func(a *exectest.Author) (x, y string)
}

var turned = map[string]string{"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

var scalar = []*check.Type{check.IntType, check.FloatType, check.StringType, check.BoolType, check.TimestampType}

// constants of each type, by which lists are mapped.
var constants = map[*check.Type]string{
	check.IntType: "2", check.FloatType: "2.5", check.StringType: `"a"`, check.BoolType: "true", check.TimestampType: "now",
}

// some returns a value of some type, and another of the same.
func some(a *exectest.Author) (l, r string, t *check.Type) {
	t = scalar[a.Int(len(scalar))]
	return "(" + a.Value(t, 2) + ")", "(" + a.Value(t, 2) + ")", t
}

var laws = []law{
	{"sides", func(a *exectest.Author) (x, y string) {
		l, op, r := a.Comparison(1 + a.Int(3))
		return "(" + l + ") " + op + " (" + r + ")", "(" + r + ") " + turned[op] + " (" + l + ")"
	}},
	{"sides of constants", func(a *exectest.Author) (x, y string) {
		t := scalar[a.Int(len(scalar))]
		k, l := constants[t], a.Value(t, 0)
		folds := []string{"xEvent.map(%s).head()", "xEvent.items.map(%s).head()", `xEvent.groupBy(type).map(%s).get("a")`, "if(ok, %s, xEvent.map(%[1]s).head())", "[%s].head()"}
		op := []string{"=", "!="}[a.Int(2)]
		if t.Kind != check.StringType.Kind && t.Kind != check.BoolType.Kind {
			folds = append(folds, "xEvent.max(%s)", "xEvent.items.min(%s)", "tags.max(%s)")
			op = []string{"=", "!=", "<", "<=", ">", ">="}[a.Int(6)]
		}
		r := fmt.Sprintf(folds[a.Int(len(folds))], k)
		if a.Int(3) == 0 {
			l = fmt.Sprintf(folds[a.Int(len(folds))], k)
		}
		return l + " " + op + " " + r, r + " " + turned[op] + " " + l
	}},
	{"unequal is not equal", func(a *exectest.Author) (x, y string) {
		l, r, _ := some(a)
		return l + " != " + r, l + ".isNotNull() and " + r + ".isNotNull() and not (" + l + " = " + r + ")"
	}},
	{"at most is less or equal", func(a *exectest.Author) (x, y string) {
		t := []*check.Type{check.IntType, check.FloatType, check.TimestampType}[a.Int(3)]
		l, r := "("+a.Value(t, 2)+")", "("+a.Value(t, 2)+")"
		return l + " <= " + r, l + " < " + r + " or " + r + " = " + l
	}},
	{"in a list of one", func(a *exectest.Author) (x, y string) {
		l, r, _ := some(a)
		return l + " in [" + r + "]", r + " = " + l
	}},
	{"not in a list of one", func(a *exectest.Author) (x, y string) {
		l, r, _ := some(a)
		return l + " notIn [" + r + "] and " + r + ".isNotNull()", r + " != " + l
	}},
	{"in a list of two", func(a *exectest.Author) (x, y string) {
		l, r, t := some(a)
		k := constants[t]
		return l + " in [" + k + ", " + r + "]", k + " = " + l + " or " + l + " = " + r
	}},
	{"twice not", func(a *exectest.Author) (x, y string) {
		c := "(" + a.Condition(2) + ")"
		return "not (not " + c + ")", c
	}},
	{"De Morgan", func(a *exectest.Author) (x, y string) {
		c, d := "("+a.Condition(2)+")", "("+a.Condition(2)+")"
		return "not (" + c + " and " + d + ")", "not " + c + " or not " + d
	}},
	{"if", func(a *exectest.Author) (x, y string) {
		l, r, t := some(a)
		c, k := "("+a.Condition(1)+")", a.Value(t, 0)
		return "if(" + c + ", " + l + ", " + r + ") = " + k, c + " and " + k + " = " + l + " or not " + c + " and " + r + " = " + k
	}},
	{"let", func(a *exectest.Author) (x, y string) {
		l, r, _ := some(a)
		return "let x = " + l + " in " + r + " = x", l + " = " + r
	}},
	{"null", func(a *exectest.Author) (x, y string) {
		l, _, _ := some(a)
		return l + ".isNull()", "not " + l + ".isNotNull()"
	}},
	{"between", func(a *exectest.Author) (x, y string) {
		t := "(" + a.Value(check.TimestampType, 2) + ")"
		return t + ` occurs between "2026-05-10T00:00:00Z" and "2026-06-10T00:00:00Z"`, `"2026-05-10T00:00:00Z" <= ` + t + " and " + t + ` <= "2026-06-10T00:00:00Z"`
	}},
	{"some are more than none", func(a *exectest.Author) (x, y string) {
		c := inEvent(a)
		return "xEvent.exists(" + c + ")", "0 < xEvent[" + c + "].count()"
	}},
	{"all are not some that are not", func(a *exectest.Author) (x, y string) {
		c := inVariable(a)
		return "forall E from xEvent where " + c, "not (exists E from xEvent where not " + c + ")"
	}},
	{"the largest of a constant", func(a *exectest.Author) (x, y string) {
		c := inEvent(a)
		fold := []string{".max(7)", ".min(7)", ".average(7)", ".map(7).head()", ".topN(1, 1).map(7).head()"}[a.Int(5)]
		return "7 = xEvent[" + c + "]" + fold, "xEvent[" + c + "]"
	}},
	{"the sum of a constant", func(a *exectest.Author) (x, y string) {
		c, n := inEvent(a), "("+a.Value(check.IntType, 1)+")"
		return n + " < xEvent[" + c + "].sum(3)", "3 * xEvent[" + c + "].count() > " + n
	}},
	{"the largest and some", func(a *exectest.Author) (x, y string) {
		c, k := inEvent(a), a.Int(5)-1
		return fmt.Sprintf("%d <= xEvent[%s].max(k)", k, c), fmt.Sprintf("xEvent[%s].k >= %d", c, k)
	}},
	{"one of the same list", func(a *exectest.Author) (x, y string) {
		c, d := inEvent(a), inEvent(a)
		return "xEvent.exists(" + c + " and ^.xEvent.exists(" + d + "))", "xEvent[" + c + "] and xEvent[" + d + "]"
	}},
}

// inEvent and inVariable draw conditions on an event that read nothing else.
func inEvent(a *exectest.Author) string { return eventTest(a, "") }

func inVariable(a *exectest.Author) string { return eventTest(a, "E.") }

func eventTest(a *exectest.Author, prefix string) string {
	tests := []string{"@k > 0", "0 != @k", `@type = "a"`, "@items.count() = 2", "1 < @items.q", "@items", "@timestamp occurs this month", "@k.isNull()",
		"@seen", "true != @seen", "@p > @k", "@k < @items.max(1)", "2 > @items.map(1).head()", `@items.exists(sku != "a")`}
	text := "(" + tests[a.Int(len(tests))] + []string{"", " and ", " or "}[a.Int(3)]
	if !strings.HasSuffix(text, " ") {
		text += " and "
	}
	return strings.ReplaceAll(text+tests[a.Int(len(tests))]+")", "@", prefix)
}

// TestPairs draws pairs of queries that say the same: all ways to evaluate must find
// the same profiles for both.
func TestPairs(t *testing.T) {
	snap := sparseRows(t, 75)
	for _, l := range laws {
		t.Run(l.name, func(t *testing.T) {
			t.Run("strings", func(t *testing.T) { askPairs(newTypedTest(t, snap, exectest.AsStrings(snap)), l) })
			t.Run("texts", func(t *testing.T) { askPairs(newTypedTest(t, snap, exectest.AsTexts(snap)), l) })
			t.Run("compact", func(t *testing.T) { askPairs(newTypedTest(t, snap, exectest.AsCompact(snap)), l) })
		})
	}
}

func askPairs(f *typedTest, l law) {
	t, snap := f.t, f.snap
	refused := 0
	for i := range *drawnPairs {
		a := exectest.NewAuthor(*drawnSeed<<32+uint64(i), snap.Schema)
		a.Params = map[check.Kind]string{check.Bool: "flag", check.Int: "int", check.Float: "float", check.String: "text"}
		x, y := l.pair(a)
		left, ok := f.ask(x, a.Int)
		right, ok2 := f.ask(y, a.Int)
		switch {
		case ok != ok2 && strings.HasPrefix(l.name, "sides"):
			f.errorf("one of these is refused:\n%s\n%s", x, y)
		case !ok || !ok2: // an empty list of no type compares with less than it is asked for
			refused++
		case !slices.Equal(left, right):
			f.errorf("%s\nfinds %d, but\n%s\nfinds %d", x, left.Ones(), y, right.Ones())
		}
		if f.failures > mostFailures {
			t.FailNow()
		}
	}
	f.flush()
	if refused*10 > *drawnPairs {
		t.Errorf("%d of %d pairs were refused", refused, *drawnPairs)
	}
}
