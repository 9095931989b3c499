package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestMain is the small process, too, that others are started by.
func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == measureArgument {
		main()
		return
	}
	os.Exit(m.Run())
}

// rows is enough for most rules to match some profiles and not all.
const rows = 20_000

// TestFlat holds segq's counts against a plain evaluation of the rules.
func TestFlat(t *testing.T) {
	rules := flatRules(50)
	want := make([]int, len(rules))
	for _, p := range flatTable.rows(0, rows) {
		v := flatValues(&p)
		for i, r := range rules {
			if matches(r, v, nil) {
				want[i]++
			}
		}
	}
	compareCounts(t, flatTable, rules, want)
}

func TestEvents(t *testing.T) {
	rules := eventRules(50)
	want := make([]int, len(rules))
	for _, p := range eventTable.rows(0, rows) {
		v := profileValues(&p)
		var events []values
		for i := range p.XEvent {
			events = append(events, eventValues(&p.XEvent[i]))
		}
		for i, r := range rules {
			if matches(r, v, events) {
				want[i]++
			}
		}
	}
	compareCounts(t, eventTable, rules, want)
}

func compareCounts[T any](t *testing.T, table *table[T], rules []rule, want []int) {
	t.Helper()
	file, err := table.file(t.Context(), t.TempDir(), rows, 2)
	if err != nil {
		t.Fatal(err)
	}
	s, err := openSegq(t.Context(), file, 2)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	got, err := s.counts(t.Context(), statements(rules))
	if err != nil {
		t.Fatal(err)
	}
	telling := 0
	for i, n := range got {
		if n != want[i] {
			t.Errorf("%s: got %d, want %d", pql(rules[i]), n, want[i])
		}
		if n > 0 && n < rows {
			telling++
		}
	}
	if telling < len(rules)*7/10 {
		t.Errorf("only %d of %d rules match some profiles and not all", telling, len(rules))
	}
}

// values gives the value of a field: nil, a string, a bool or a float64.
type values map[*field]any

// matches is the meaning of a rule over a profile and its events.
func matches(r rule, v values, events []values) bool {
	switch r := r.(type) {
	case atom:
		return r.matches(v[r.field])
	case not:
		return !matches(r.rule, v, events)
	case all:
		return !slices.ContainsFunc(r, func(x rule) bool { return !matches(x, v, events) })
	case some:
		return slices.ContainsFunc(r, func(x rule) bool { return matches(x, v, events) })
	case count:
		n := 0
		for _, e := range events {
			if matches(r.events, e, nil) {
				n++
			}
		}
		return holds(n, r.op, r.n)
	}
	panic(fmt.Sprintf("no rule: %T", r))
}

func (a atom) matches(v any) bool {
	day := float64(24 * time.Hour / time.Millisecond)
	at := float64(now.UnixMilli())
	switch {
	case a.op == "null" || a.op == "notNull":
		return (v == nil) == (a.op == "null")
	case v == nil:
		return false
	case a.op == "true":
		return v.(bool)
	case a.op == "in":
		return slices.Contains(a.values, v)
	case a.op == "prefix":
		return strings.HasPrefix(v.(string), a.values[0].(string))
	case a.op == "within":
		return v.(float64) >= at-day*float64(a.values[0].(int)) && v.(float64) < at
	case a.op == "before":
		return v.(float64) < at-day*float64(a.values[0].(int))
	}
	order := 0
	switch x := a.values[0].(type) {
	case string:
		order = strings.Compare(v.(string), x)
	case int:
		order = compareFloats(v.(float64), float64(x))
	case float64:
		order = compareFloats(v.(float64), x)
	}
	return holds(order, a.op, 0)
}

func compareFloats(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

func number(n *int32) any {
	if n == nil {
		return nil
	}
	return float64(*n)
}

func text(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}

func flatValues(p *flatRow) values {
	return values{
		state: p.Address.State, city: p.Address.City, country: p.Address.Country,
		gender: p.Person.Gender, age: number(p.Person.Age), surname: p.Person.LastName, language: p.Person.Lang,
		tier: text(p.Loyalty.Tier), points: float64(p.Loyalty.Points),
		optEmail: p.OptInOut.Email, optSMS: p.OptInOut.SMS, optPush: p.OptInOut.Push,
		churnScore: p.ChurnScore, ltv: p.LTV, signup: float64(p.SignupTS), lastSeen: float64(p.LastSeenDays),
		hasApp: p.HasApp, isVerified: p.IsVerified, isEmployee: p.IsEmployee, isMobile: p.IsMobile, email: p.Email,
	}
}

func profileValues(p *eventRow) values {
	return values{
		state: p.Address.State, country: p.Address.Country, gender: p.Person.Gender, age: number(p.Person.Age),
		tier: text(p.Loyalty.Tier), points: float64(p.Loyalty.Points), ltv: p.LTV,
	}
}

func eventValues(e *event) values {
	v := values{eventType: e.Type, eventTime: float64(e.Timestamp), product: text(e.ProductID), total: nil}
	if e.Commerce != nil {
		v[total] = e.Commerce.Order.Total
	}
	return v
}

// TestSQL holds that null becomes false where it matters, and only there.
func TestSQL(t *testing.T) {
	young := compare(age, "<", 30)
	orders := count{all{compare(eventType, "=", "purchase"), compare(total, ">", 9.5)}, "<", 2}
	for _, c := range []struct {
		rule                           rule
		clickhouse, duckdb, duckdbRows string
	}{
		{young, "ifNull(age < 30, 0)", "age < 30", "age < 30"},
		{not{young}, "not (ifNull(age < 30, 0))", "not (coalesce(age < 30, false))", "not (coalesce(age < 30, false))"},
		{compare(surname, "=", "O'Hara"), "lastName = 'O''Hara'", "lastName = 'O''Hara'", "lastName = 'O''Hara'"},
		{orders, "arrayCount((type, total) -> (type = 'purchase') and (ifNull(total > 9.5, 0)), event_type, event_total) < 2",
			"len(list_filter(events, lambda e: (e.type = 'purchase') and (e.total > 9.5))) < 2",
			"id not in (select profile from event_rows where (type = 'purchase') and (total > 9.5) group by profile having not count(*) < 2)"},
	} {
		got := statements([]rule{c.rule})[0]
		if got.clickhouse != c.clickhouse || got.duckdb != c.duckdb || got.duckdbRows != c.duckdbRows {
			t.Errorf("%s:\n%s\n%s\n%s", got.pql, got.clickhouse, got.duckdb, got.duckdbRows)
		}
	}
}

// TestLargerTableBeginsWithSmaller keeps the counts of one size explicable by
// another.
func TestLargerTableBeginsWithSmaller(t *testing.T) {
	few, many := flatTable.rows(0, 10), flatTable.rows(0, 1000)
	for i := range few {
		if few[i].Email != many[i].Email || few[i].LTV != many[i].LTV {
			t.Fatalf("row %d: %v and %v", i, few[i], many[i])
		}
	}
}

// TestDisagreement holds that a difference is found and shown.
func TestDisagreement(t *testing.T) {
	w := work{name: "two", statements: statements([]rule{compare(state, "=", "CA"), compare(age, "<", 30)})}
	mine := answer{counts: []int{7, 5}}
	if err := disagreement(w, mine, answer{counts: []int{7, 5}, form: form{rules: 2}}); err != nil {
		t.Error(err)
	}
	if err := disagreement(w, mine, answer{counts: []int{7}, form: form{rules: 1}}); err != nil {
		t.Error(err)
	}
	err := disagreement(w, mine, answer{counts: []int{7, 6}, form: form{rules: 2}})
	if err == nil || !strings.Contains(err.Error(), "person.age < 30") || !strings.Contains(err.Error(), "ifNull(age < 30, 0)") {
		t.Errorf("got %v", err)
	}
	if disagreement(w, mine, answer{counts: []int{7}, form: form{rules: 2}}) == nil {
		t.Error("a missing count went unnoticed")
	}
}

// A whole process of segq counts what the engine counts, and its memory is its own.
func TestProcess(t *testing.T) {
	c := &config{dir: t.TempDir(), threads: 2, rows: rows}
	file, err := flatTable.file(t.Context(), c.dir, rows, 2)
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, p := range flatTable.rows(0, rows) {
		if p.Address.State == "CA" {
			want++
		}
	}
	ballast := make([]byte, 200<<20)
	for i := range ballast {
		ballast[i] = 1
	}
	p, count, columns, err := c.one(t.Context(), `address.state = "CA"`, file)
	if err != nil || count != want {
		t.Fatalf("%d profiles, %v; want %d", count, err, want)
	}
	if p.Wall <= 0 || columns <= 0 || p.Peak < columns || p.Peak > int64(len(ballast)) {
		t.Errorf("%v, %d bytes at the peak for columns of %d", p.Wall, p.Peak, columns)
	}
	if _, _, _, err := c.one(t.Context(), `nothing = 1`, file); err == nil || !strings.Contains(err.Error(), "nothing") {
		t.Errorf("a rule that is wrong: %v", err)
	}
	if err := prompt(t.Context(), c.segq, file); err != nil {
		t.Errorf("session: %v", err)
	}
}

// What has the name of a file is whole, and is not made twice.
func TestMade(t *testing.T) {
	c := &config{dir: t.TempDir()}
	half := errors.New("half of it")
	write := func(err error) func(string) error {
		return func(file string) error { return errors.Join(os.WriteFile(file, []byte("x"), 0o644), err) }
	}
	if _, err := c.made("a", write(half)); !errors.Is(err, half) {
		t.Errorf("got %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(c.dir, "*")); len(left) > 0 {
		t.Errorf("%v is left", left)
	}
	for _, make := range []func(string) error{write(nil), func(string) error { return half }} {
		name, err := c.made("a", make)
		if text, _ := os.ReadFile(name); err != nil || string(text) != "x" {
			t.Errorf("%s has %q, %v", name, text, err)
		}
	}
}
