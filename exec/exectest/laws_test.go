package exectest_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/parse"
)

// lawNow stands in the middle of the timestamps that profiles draws.
var lawNow = time.Date(2020, 3, 1, 12, 0, 0, 0, time.UTC)

// profiles draws rows of which any field may be missing. The first has them all,
// so that every column has a type.
func profiles(t *rapid.T) *column.Snapshot {
	rows := []string{`{"n":1,"f":0.5,"s":"a","ok":true,"tags":["a"],` +
		`"xEvent":[{"k":1,"type":"a","timestamp":"2020-03-01T00:00:00Z","items":[{"q":1}]}]}`}
	for range rapid.IntRange(1, 6).Draw(t, "rows") {
		rows = append(rows, profile(t))
	}
	text := strings.Join(rows, "\n")
	snap, report, err := load.Reader(context.Background(), strings.NewReader(text), "ndjson", "drawn", load.Options{Strict: true})
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if report.Rejected > 0 {
		t.Fatalf("%d rows rejected\n%s", report.Rejected, text)
	}
	return snap
}

// object joins the members that were drawn to be there.
func object(t *rapid.T, members ...string) string {
	var kept []string
	for _, m := range members {
		if rapid.IntRange(0, 3).Draw(t, "there") > 0 {
			kept = append(kept, m)
		}
	}
	return "{" + strings.Join(kept, ",") + "}"
}

func list(t *rapid.T, most int, item func() string) string {
	items := make([]string, rapid.IntRange(0, most).Draw(t, "size"))
	for i := range items {
		items[i] = item()
	}
	return "[" + strings.Join(items, ",") + "]"
}

func profile(t *rapid.T) string {
	letter := func() string { return fmt.Sprintf("%q", rapid.SampledFrom([]string{"a", "b", "A", ""}).Draw(t, "s")) }
	small := func() int { return rapid.IntRange(-2, 3).Draw(t, "n") }
	item := func() string { return object(t, fmt.Sprintf(`"q":%d`, small())) }
	event := func() string {
		at := lawNow.Add(time.Duration(small()) * 12 * time.Hour).Format(time.RFC3339)
		return object(t, fmt.Sprintf(`"k":%d`, small()), `"type":`+letter(),
			fmt.Sprintf(`"timestamp":%q`, at), `"items":`+list(t, 3, item))
	}
	return object(t,
		fmt.Sprintf(`"n":%d`, small()), fmt.Sprintf(`"f":%d.5`, small()), `"s":`+letter(),
		fmt.Sprintf(`"ok":%v`, rapid.Bool().Draw(t, "ok")), `"tags":`+list(t, 3, letter), `"xEvent":`+list(t, 4, event))
}

// pick draws one of some texts. A ? in it is replaced by the result of the next
// of the arguments.
func pick(t *rapid.T, texts []string, next func() string) string {
	text := rapid.SampledFrom(texts).Draw(t, "form")
	for strings.Contains(text, "?") {
		text = strings.Replace(text, "?", next(), 1)
	}
	return text
}

// numbers, conditions and eventConditions draw expressions by their type.
func numbers(t *rapid.T, depth int) string {
	forms := []string{"n", "f", "1", "0", "2.5", "tags.count()", "xEvent.count()"}
	if depth > 0 {
		forms = append(forms, "(? + ?)", "(? - ?)", "(? * ?)", "(? / ?)", "(? % ?)", "(-?)",
			"xEvent.sum(k)", "xEvent.average(k)", "xEvent.items.q.max()", "(sum E.k over E from xEvent)")
	}
	return pick(t, forms, func() string { return numbers(t, depth-1) })
}

func conditions(t *rapid.T, depth int) string {
	if depth > 0 && rapid.IntRange(0, 2).Draw(t, "joined") > 0 {
		return pick(t, []string{"(? and ?)", "(? or ?)", "(not ?)", "if(?, (not ?), (? and true))"},
			func() string { return conditions(t, depth-1) })
	}
	switch rapid.IntRange(0, 5).Draw(t, "leaf") {
	case 0:
		return pick(t, []string{"(? = ?)", "(? != ?)", "(? < ?)", "(? >= ?)", "(? in [0, 1, 2])", "(?).isNull()"},
			func() string { return numbers(t, 1) })
	case 1:
		return pick(t, []string{"xEvent[?]", "xEvent.exists(?)", "(xEvent[?].count() > 1)", "xEvent[?].topN(k, 1)[k > 0]",
			"chain(xEvent, timestamp, [A: WHAT(?), B: WHAT(?)])", "chain(xEvent, timestamp, [A: WHAT(?) COUNT(2)])"},
			func() string { return eventConditions(t, "") })
	case 2:
		return pick(t, []string{"(exists E from xEvent where ?)", "(forall E from xEvent where ?)",
			"(exists E from xEvent where ?, I from E.items where I.q > 0)", "(select E from xEvent where ?, F from xEvent where F.k > E.k)"},
			func() string { return eventConditions(t, "E.") })
	case 3:
		return valueForms(t)
	}
	return rapid.SampledFrom([]string{"ok", "s", "n", "tags", "xEvent", `(s = "a")`, `(s != "a")`, `s.startsWith("a", false)`,
		`s.doesNotContain("b")`, `(s like "_")`, `(s matches "^[ab]$")`, `(s in ["a", "b"])`, `(s notIn ["a"])`, `("a" in tags)`,
		`tags.intersects(["a", "b"])`, `(tags.distinct().count() = 2)`, `tags.intersection(["a"]).isNull()`, `(xEvent.k > 1)`,
		`(xEvent.type = "a")`, `xEvent.groupBy(type).get("a")`, `(let x = n in x > 0)`, `(xEvent.timestamp occurs today)`}).Draw(t, "leaf")
}

// valueForms draws queries that are no conditions, and lists inside of lists of the same.
func valueForms(t *rapid.T) string {
	return pick(t, []string{"xEvent[?].k", "xEvent[?].items.q", "xEvent[?].sum(k)", "xEvent[?].average(k)", "xEvent[?].max(timestamp)",
		"xEvent[?].head()", "xEvent[?].head().k", "xEvent[?].k.head()", "xEvent[?].type.distinct()", "xEvent[?].map(k)", "xEvent[?].groupBy(type)",
		"xEvent[?].count()", "(sum E.k + 1 over E from xEvent[?])", "(min E.items.q.max() over E from xEvent[?])", "(let E = xEvent[?] in E.min(k))",
		"if(ok, xEvent, xEvent[?])", "xEvent.exists(? and ^.xEvent.exists(? and ^.k > 0))", "xEvent[? and ^.xEvent[k > ^.k].count() > 0]",
		"xEvent.exists(let x = k > 0 in ? and ^.xEvent.exists(? and x))", "xEvent.exists(? and ^.xEvent.items.exists(q > 0 and ^.k > 0))"},
		func() string { return eventConditions(t, "") })
}

// eventConditions draws conditions on an event; prefix is "" in the scope of the
// event, or a variable with its dot.
func eventConditions(t *rapid.T, prefix string) string {
	text := rapid.SampledFrom([]string{`(@k > 0)`, `(@k != 1)`, `(@type = "a")`, `@items`, `(@items.count() = 2)`, `(@items.q > 0)`,
		`(@timestamp occurs <= 1 day before now)`, `(@timestamp occurs today)`, `(@timestamp occurs before today)`,
		`(@k > 0 and @type != "a")`, `(not @items)`, `@k.isNull()`}).Draw(t, "event")
	return strings.ReplaceAll(text, "@", prefix)
}

// compile checks a query, which was drawn to be right.
func compile(t *rapid.T, snap *column.Snapshot, text string) *check.Query {
	x, diagnostics := parse.Query(text)
	if diagnostics.Failed() {
		t.Fatalf("%s: %v", text, diagnostics)
	}
	q, diagnostics := check.Check(x, column.Catalog{Snapshot: snap}, check.Options{})
	if diagnostics.Failed() {
		t.Fatalf("%s: %v", text, diagnostics)
	}
	return q
}

func matched(t *rapid.T, snap *column.Snapshot, text string) []string {
	ids, err := exectest.Reference{}.Match(snap, compile(t, snap, text), lawNow)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return ids
}

func valued(t *rapid.T, snap *column.Snapshot, text string) []string {
	values, err := exectest.Reference{}.Values(snap, compile(t, snap, text), lawNow)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return values
}

// TestLaws holds pairs of queries that must find the same profiles.
func TestLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		snap := profiles(t)
		a, b, c := conditions(t, 2), conditions(t, 1), conditions(t, 1)
		n := "(" + numbers(t, 1) + ")"
		e, v := eventConditions(t, ""), eventConditions(t, "E.")
		for _, law := range [][2]string{
			{"not (not " + a + ")", a},
			{"not (" + a + " and " + b + ")", "(not " + a + ") or (not " + b + ")"},
			{"not (" + a + " or " + b + ")", "(not " + a + ") and (not " + b + ")"},
			{a + " and (" + b + " or " + c + ")", "(" + a + " and " + b + ") or (" + a + " and " + c + ")"},
			{"if(" + a + ", " + b + " and true, not " + c + ")", "(" + a + " and " + b + ") or (not " + a + " and not " + c + ")"},
			{"let x = " + a + " in x", a},
			{n + " in [0, 1]", n + " = 0 or " + n + " = 1"},
			{n + " notIn [0, 1]", n + " != 0 and " + n + " != 1"},
			{"not " + n + ".isNull()", n + ".isNotNull()"},
			{n + " = " + n, n + ".isNotNull()"},
			{"xEvent.exists(" + e + ")", "xEvent[" + e + "]"},
			{"xEvent.exists(" + e + ")", "xEvent[" + e + "].count() > 0"},
			{"exists E from xEvent where " + v, "select E from xEvent where " + v},
			{"forall E from xEvent where " + v, "not (exists E from xEvent where not " + v + ")"},
			{"chain(xEvent, timestamp, [A: WHAT(" + e + ") COUNT(2)])", "xEvent[timestamp.isNotNull() and " + e + "].count() >= 2"},
		} {
			if x, y := matched(t, snap, law[0]), matched(t, snap, law[1]); !slices.Equal(x, y) {
				t.Errorf("%s\nfinds %v, but\n%s\nfinds %v", law[0], x, law[1], y)
			}
		}
		for _, law := range [][2]string{
			{"xEvent[" + e + "].count()", "xEvent.sum(if(" + e + ", 1, 0))"},
			{"xEvent[" + e + "].k.sum()", "xEvent[" + e + "].sum(k)"},
			{"xEvent.topN(k, 1).head().k", "xEvent.max(k)"},
			{"xEvent.bottomN(k, 1).head().k", "xEvent.min(k)"},
			{"xEvent[" + e + "].map(k).average()", "xEvent[" + e + "].average(k)"},
			{"xEvent.groupBy(type).keys()", "xEvent.type.distinct()"},
			{"let x = " + n + " in x", n},
		} {
			if x, y := valued(t, snap, law[0]), valued(t, snap, law[1]); !slices.Equal(x, y) {
				t.Errorf("%s\nis %v, but\n%s\nis %v", law[0], x, law[1], y)
			}
		}
	})
}
