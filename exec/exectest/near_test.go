package exectest_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/lang/loosen"
	"github.com/segq/segq/lang/parse"
)

// loosenable draws conditions with something to loosen.
func loosenable(t *rapid.T, depth int) string {
	if depth > 0 && rapid.IntRange(0, 2).Draw(t, "joined") > 0 {
		return pick(t, []string{"(? and ?)", "(? or ?)", "(not ?)", "not ( ? and not ? )"}, func() string { return loosenable(t, depth-1) })
	}
	return pick(t, []string{
		"n > 1", "n >= 0", "f < -1.5", "(f <= 0.5)", "2 > n", "-1 <= n", "(n + f > 1)", `s = "a"`, `s != "b"`, `s in ["a"]`, `s in ["a", "zz"]`, `s notIn ["a", "b"]`, `s notIn ["a", "b", "a"]`,
		"n = 1", "(n) = ((1))", "(f) != (-(1))", "n in [0, -1]", "n notIn [1, 2]", "f = 0.5", "f in [1.5, -0.5]", "tags.count() = 1", "tags.count() != 2", "tags.count() < 1", "count(tags) >= 2",
		"xEvent[?].count() >= 2", "xEvent[?].count() < 2", "xEvent[?]", "xEvent.exists(?)", "xEvent.filter(?).isNull()", "xEvent[?].max(k) > 0", "xEvent[?].min(k) < 0", "xEvent[?].items.count() > 3",
		"(exists E from xEvent where E.k > 1)", "(forall E from xEvent where E.k < 1)", "xEvent[?].count() - xEvent[?].count() >= 1",
		`xEvent[type in ["a"]].count() >= 2`, `not xEvent[type notIn ["a", "b"]]`, `xEvent[items[q = 1]].count() > 2`, `tags = "a"`, `s.startsWith("ab")`, `not s.endsWith("zz")`, `s.endsWith("ba")`,
		"chain(xEvent, timestamp, [A: WHAT(?) COUNT(2)])", "chain(xEvent, timestamp, [A: WHAT(?) WHEN(<= 1 day before now), B: WHAT(k > 0)])",
	}, func() string {
		return rapid.SampledFrom([]string{
			"k > 0", "k <= 0 and k > -2", "timestamp occurs <= 1 day before now", "not (timestamp occurs < 12 hours before now)", "timestamp occurs > 1 days before now", "timestamp occurs < 14 hours from now", "timestamp occurs this month", "timestamp occurs on last month", "timestamp occurs (today)", "timestamp occurs next week", "not (timestamp occurs yesterday)",
			"items.count() >= 2", "items[q > 1]", "not items[q < 0]", `type = "a"`, "k notIn [1, 2]",
		}).Draw(t, "event")
	})
}

// What is said of a rule is what its clauses say of each profile, and what the loosened rules say that are given.
func TestNear(t *testing.T) {
	steps := 0
	rapid.Check(t, func(t *rapid.T) {
		snap := profiles(t)
		text := pick(t, []string{"? and ?", "? and ? and ?", "? and (? and ?)", "?"}, func() string {
			if rapid.IntRange(0, 3).Draw(t, "any") == 0 {
				return conditions(t, 2)
			}
			return loosenable(t, 2)
		})
		n := nearTest{T: t, snap: snap, text: text, q: compile(t, snap, text)}
		n.run()
		steps += len(n.steps)
	})
	if steps < 100 {
		t.Errorf("%d loosenings in all", steps)
	}
}

type nearTest struct {
	*rapid.T
	snap   *column.Snapshot
	text   string
	q      *check.Query
	steps  []loosen.Step
	looser []exec.Loosened
}

func (n *nearTest) run() {
	x, _ := parse.Query(n.text)
	steps, found := loosen.Steps(n.text, x, 1000)
	if found != len(steps) {
		n.Fatalf("%s: %d steps of %d", n.text, len(steps), found)
	}
	for _, s := range steps {
		l := exec.Loosened{Typed: compile(n.T, n.snap, s.Text)}
		if s.Choice != nil {
			if l.By = s.Choice.Path; s.Choice.Inner || n.snap.Schema.Field(l.By[0]).Type.Kind == check.List {
				n.inner(s)
				continue // no profile has one value of it
			}
		}
		n.steps, n.looser = append(n.steps, s), append(n.looser, l)
	}
	e := resident.New(n.snap, resident.Options{Threads: 1})
	defer e.Close()
	got, err := exec.NearOf(n.Context(), e, exec.Operation{Now: lawNow}, n.q, n.looser)
	if err != nil {
		n.Fatalf("%s: %v", n.text, err)
	}
	if want := len(matched(n.T, n.snap, n.text)); got.Count != want || got.Total != n.snap.Rows() {
		n.Errorf("%s: %d of %d, want %d", n.text, got.Count, got.Total, want)
	}
	n.missed(got)
	for i, s := range n.steps {
		if s.Choice == nil {
			n.same(s.Text, got.Count+got.Added[i].Count)
			continue
		}
		n.chosen(s, got.Count, got.Added[i])
	}
}

// inner looks at the loosenings of a set of values that profiles have several of: each is a rule of its own.
func (n *nearTest) inner(s loosen.Step) {
	for _, with := range stepsWith([]loosen.Step{s}, "a", "b", "zz", "0", "1") {
		n.steps, n.looser = append(n.steps, with), append(n.looser, exec.Loosened{Typed: compile(n.T, n.snap, with.Text)})
	}
}

// missed looks at each clause for each profile.
func (n *nearTest) missed(got *exec.Near) {
	clauses := exec.Clauses(n.q.Cond)
	misses := make([][]int, n.snap.Rows()) // by profile: the clauses that do not hold
	for i, c := range clauses {
		typed := &check.Query{Root: c, Cond: c, Slots: n.q.Slots}
		ids, err := exectest.Reference{}.Match(n.snap, typed, lawNow)
		if err != nil {
			n.Fatalf("%s: %v", n.text, err)
		}
		all, _ := exectest.Reference{}.Match(n.snap, everyone, lawNow)
		for row, id := range all {
			if !slices.Contains(ids, id) {
				misses[row] = append(misses[row], i)
			}
		}
	}
	for i := range clauses {
		want := 0
		for _, m := range misses {
			if slices.Equal(m, []int{i}) {
				want++
			}
		}
		if got.Missed[i].Count != want || got.Missed[i].At != clauses[i].Span() {
			n.Errorf("%s: clause %d: %+v, want %d", n.text, i, got.Missed[i], want)
		}
	}
}

// chosen looks whether the value adds what it is said to, and no other adds more.
func (n *nearTest) chosen(s loosen.Step, audience int, got exec.Added) {
	best := 0
	for value := range n.values(s.Choice) {
		if with, ok := s.Choice.With(value); ok {
			best = max(best, len(matched(n.T, n.snap, with.Text))-audience)
		}
	}
	if got.Count != best || got.Chosen != (best > 0) {
		n.Errorf("%s\nof %s: %+v, want %d", n.text, s.Text, got, best)
	}
	if !got.Chosen {
		return
	}
	with, ok := s.Choice.With(got.Value)
	if !ok {
		n.Fatalf("%s: no step with %s", n.text, got.Value)
	}
	n.same(with.Text, audience+got.Count)
}

// values are those of a field of the profiles.
func (n *nearTest) values(c *loosen.Choice) map[string]bool {
	all := map[string]bool{}
	for _, v := range valued(n.T, n.snap, strings.Join(c.Path, ".")) {
		if v != "null" {
			all[strings.Trim(v, `"`)] = true
		}
	}
	return all
}

func (n *nearTest) same(text string, count int) {
	if want := len(matched(n.T, n.snap, text)); count != want {
		n.Errorf("%s\nloosened to\n%s\nhas %d, want %d", n.text, text, count, want)
	}
}

var everyone = func() *check.Query {
	c := &check.Const{Info: check.Info{T: check.BoolType}, V: true}
	return &check.Query{Root: c, Cond: c, Slots: 1}
}()

// A loosened rule holds for all that the rule holds for: sums apart, which may be of negative numbers.
func TestLoosenedRulesHoldForMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		snap := profiles(t)
		text := loosenable(t, 3)
		x, _ := parse.Query(text)
		steps, _ := loosen.Steps(text, x, 1000)
		before := matched(t, snap, text)
		for _, s := range stepsWith(steps, "a", "b", "zz", "0", "1") {
			after := matched(t, snap, s.Text)
			for _, id := range before {
				if !slices.Contains(after, id) {
					t.Errorf("%s\nloosened to\n%s\nhas lost %s", text, s.Text, id)
				}
			}
		}
	})
}

// stepsWith returns steps with those of sets for some values.
func stepsWith(steps []loosen.Step, values ...string) (all []loosen.Step) {
	for _, s := range steps {
		if s.Choice == nil {
			all = append(all, s)
			continue
		}
		for _, v := range values {
			if _, err := strconv.Atoi(v); (err == nil) != s.Choice.Numbers {
				continue
			}
			if with, ok := s.Choice.With(v); ok {
				all = append(all, with)
			}
		}
	}
	return all
}

// The steps are the ones that people expect.
func TestSteps(t *testing.T) {
	for text, want := range map[string][]string{
		"s.startsWith('abc')":    {`startsWith("ab"): s.startsWith("ab")`},
		"s.startsWith('a')":      nil,
		"s.endsWith(\"äbc\")":    {`endsWith("bc"): s.endsWith("bc")`},
		"t occurs this month":    {"between last month and this month: t occurs between last month and this month"},
		"t occurs on last year":  {"between last year and this year: t occurs between last year and this year"},
		"t occurs ( next week )": {"between this week and next week: t occurs between this week and next week"},
		"t occurs today":         {"between yesterday and today: t occurs between yesterday and today"},
		"not (t occurs today)":   nil,
		"chain(e, t, [A: WHAT(k > 1) WHEN(today)])": {
			"> 0: chain(e, t, [A: WHAT(k > 0) WHEN(today)])", "between yesterday and today: chain(e, t, [A: WHAT(k > 1) WHEN(between yesterday and today)])",
		},
		"xEvent.count() >= 3":      {">= 2: xEvent.count() >= 2"},
		"xEvent.count() >= 1":      nil, // the same as to leave it out
		"xEvent.count() > 0":       nil,
		"not (xEvent.count() < 1)": nil,
		"xEvent.count() = ((3))":   {"in [2, 3]: xEvent.count() in [2, 3]", "in [3, 4]: xEvent.count() in [3, 4]"},
		"(n) > -( 3 )":             {"> -5: (n) > -5"},
		"( -(3) ) < (n)":           {"-5 <: ( -5 ) < (n)"},
		"xEvent.count() < 5":       {"< 6: xEvent.count() < 6"},
		"xEvent.count() = 3":       {"in [2, 3]: xEvent.count() in [2, 3]", "in [3, 4]: xEvent.count() in [3, 4]"},
		"xEvent.count() = 0":       {"in [0, 1]: xEvent.count() in [0, 1]"},
		"4 > xEvent.count()":       {"5 >: 5 > xEvent.count()"},
		"n > 100":                  {"> 50: n > 50"},
		"n < 100":                  {"< 200: n < 200"},
		"n >= 7":                   {">= 5: n >= 5"},
		"n <= 7":                   {"<= 10: n <= 10"},
		"n > 1":                    {"> 0: n > 0"},
		"n > 0":                    {"> -1: n > -1"},
		"n > -3":                   {"> -5: n > -5"},
		"n < -3":                   {"< -2: n < -2"},
		"n < -1":                   {"< 0: n < 0"},
		"n < 0":                    {"< 1: n < 1"},
		"f > 0.5":                  {"> 0.2: f > 0.2"},
		"f > 0.1":                  {"> 0.05: f > 0.05"},
		"f > 1000.0":               {"> 500: f > 500"},
		"f < -0.2":                 {"< -0.1: f < -0.1"},
		"f > 99.9":                 {"> 50: f > 50"},
		"f > 5E-9":                 {"> 2E-09: f > 2E-09"},
		"n > 9223372036854775807":  {"> 5000000000000000000: n > 5000000000000000000"},
		"n < 9223372036854775807":  nil,
		"not (n > 100)":            {"> 200: not (n > 200)"},
		"chain(e, t, [A: WHAT(k > 1) WHEN(< 1 day before now) COUNT( 2 )])": {
			"> 0: chain(e, t, [A: WHAT(k > 0) WHEN(< 1 day before now) COUNT( 2 )])", "< 2 days: chain(e, t, [A: WHAT(k > 1) WHEN(< 2 day before now) COUNT( 2 )])",
			"COUNT(1): chain(e, t, [A: WHAT(k > 1) WHEN(< 1 day before now) COUNT( 1 )])",
		},
		"t occurs < 90 days before now": {
			"< 120 days: t occurs < 120 days before now",
		},
		"t occurs <= 45 days before now":                 {"<= 60 days: t occurs <= 60 days before now"},
		"t occurs > 90 days before now":                  {"> 60 days: t occurs > 60 days before now"},
		"t occurs > 1 day before now":                    {"> 0 days: t occurs > 0 day before now"},
		"t occurs < 400 days before now":                 {"< 730 days: t occurs < 730 days before now"},
		"t occurs < 2000 days before now":                {"< 5000 days: t occurs < 5000 days before now"},
		"t occurs <3 months before now":                  {"< 6 months: t occurs <6 months before now"},
		"t occurs = 3 days before now":                   nil,
		"not (t occurs < 90 days before now)":            {"< 60 days: not (t occurs < 60 days before now)"},
		"xEvent[k > 5].count() < 3":                      {"> 10: xEvent[k > 10].count() < 3", "< 4: xEvent[k > 5].count() < 4"},
		"a or /* why */ xEvent[ k>5 ].count()>=3 // why": {"> 2: a or /* why */ xEvent[ k>2 ].count()>=3 // why", ">= 2: a or /* why */ xEvent[ k>5 ].count()>=2 // why"},
	} {
		x, ds := parse.Query(text)
		if ds.Failed() {
			t.Fatal(text, ds)
		}
		var got []string
		steps, _ := loosen.Steps(text, x, 1000)
		for _, s := range steps {
			got = append(got, s.Becomes+": "+s.Text)
			if _, ds := parse.Query(s.Text); ds.Failed() {
				t.Errorf("%s: %v", s.Text, ds)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s:\n%q, want\n%q", text, got, want)
		}
	}
}

// Sets have a value more, or one less, which the data names.
func TestStepsOfSets(t *testing.T) {
	for text, want := range map[string]string{
		`((s) = ("a"))`:                          `[s] ((s) in ["a", "x\"y"]) <- (s.isNotNull())`,
		`(not (n != (-(1))))`:                    `[n] (not (n notIn [-(1), x"y])) <- (not (n.isNull()))`,
		`(s) in ["b", ("a")]`:                    `[s] (s) in ["b", ("a"), "x\"y"] <- s.isNotNull()`,
		`s notIn (["b", ('x"y')])`:               `[s] s notIn (["b"]) <- s.isNotNull()`,
		`home.state = "CA"`:                      `[home state] home.state in ["CA", "x\"y"] <- home.state.isNotNull()`,
		`home.state in ["CA", 'NY']`:             `[home state] home.state in ["CA", 'NY', "x\"y"] <- home.state.isNotNull()`,
		`not (s = "a") and s notIn ["a"]`:        ``,
		`s notIn ['x"y', "b"]`:                   `[s] s notIn ["b"] <- s.isNotNull()`,
		`s notIn ["b", 'x"y']`:                   `[s] s notIn ["b"] <- s.isNotNull()`,
		`s notIn ["b", "c"]`:                     `[s] no <- s.isNotNull()`,
		`not (s in ["a", 'x"y', "b"])`:           `[s] not (s in ["a", "b"]) <- not (s.isNull())`,
		`not (s != "a")`:                         `[s] not (s notIn ["a", "x\"y"]) <- not (s.isNull())`,
		`let s = 1 in s = "a"`:                   ``,
		`xEvent[type = "a"].count() >= 1`:        `[xEvent type] xEvent[type in ["a", "x\"y"]].count() >= 1 <- xEvent[type.isNotNull()].count() >= 1`,
		`xEvent[items.exists(sku in ["a"])]`:     `[xEvent items sku] xEvent[items.exists(sku in ["a", "x\"y"])] <- xEvent[items.exists(sku.isNotNull())]`,
		`(exists E from xEvent where E.k = "a")`: ``,
		`s = t`:                                  ``,
		`s in ["a", t]`:                          ``,
		`s in ["a", 1]`:                          ``,
		`xEvent.exists(^.s = "a" and k>0)`:       ``,
	} {
		x, ds := parse.Query(text)
		if ds.Failed() {
			t.Fatal(text, ds)
		}
		got := ""
		steps, _ := loosen.Steps(text, x, 1000)
		for _, s := range steps {
			if s.Choice != nil {
				with, ok := s.Choice.With(`x"y`)
				if !ok {
					with.Text = "no"
				}
				got = fmt.Sprintf("%v %s <- %s", s.Choice.Path, with.Text, s.Text)
			}
		}
		if got != want {
			t.Errorf("%s:\n%s, want\n%s", text, got, want)
		}
	}
}

// Why nothing is offered is said where somebody may expect it.
func TestStays(t *testing.T) {
	for text, want := range map[string]string{
		"xEvent.count() >= 1":             "xEvent.count() >= 1: the next step is the same as to leave it out: no count is less than 0",
		"s.startsWith('a')":               "s.startsWith('a'): one character less would be any text",
		"not (t occurs this month)":       "t occurs this month: a unit of the calendar has no smaller one that is the next",
		"s.contains('a')":                 "s.contains('a'): of tests of texts those by startsWith and endsWith alone have a next step",
		"not (s = 'a')":                   "s = 'a': without its one value it would be the same as to leave it out",
		"(exists E from x where E.k = 1)": "E.k = 1: no value is chosen for what is bound to a name",
		"n > 1 and xEvent.count() >= 2":   "",
	} {
		x, ds := parse.Query(text)
		if ds.Failed() {
			t.Fatal(text, ds)
		}
		got := ""
		for _, s := range loosen.Stays(text, x) {
			got += text[s.At.Start:s.At.End] + ": " + s.Why
		}
		if got != want {
			t.Errorf("%s:\n%s, want\n%s", text, got, want)
		}
	}
}
