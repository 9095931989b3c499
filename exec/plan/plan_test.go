package plan_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/plan"
	"github.com/segq/segq/lang/check"
)

var now = time.Date(2018, 8, 28, 12, 0, 0, 0, time.UTC)

// Every rule holds for the rows for which the reference evaluator says so, in
// whatever blocks the rows come.
func TestAgreesWithReference(t *testing.T) {
	fallbacks, rulesSeen, mixed := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		snap := table(t)
		queries := make([]*check.Query, rapid.IntRange(1, 4).Draw(t, "rules"))
		for i := range queries {
			queries[i] = rule(t)
		}
		p, err := plan.New(t.Context(), queries, snap, now)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range p.Explain().Atoms {
			if a.Kind == "fallback" {
				fallbacks++
			}
		}
		rulesSeen += len(queries)
		e := p.Evaluator()
		step := rapid.OneOf(rapid.Just(64), rapid.Just(192), rapid.IntRange(1, 150)).Draw(t, "step")
		for start := 0; start < snap.Rows(); start += step {
			rows := column.Range{Start: start, End: min(start+step, snap.Rows())}
			e.Block(rows)
			for i, q := range queries {
				ones := agree(t, e, i, eval.New(q, snap, now).Evaluator(), rows, p)
				if ones > 0 && ones < rows.Rows() {
					mixed++
				}
			}
		}
	})
	if fallbacks > rulesSeen {
		t.Errorf("%d fallbacks for %d rules: the kernels are hardly tested", fallbacks, rulesSeen)
	}
	if mixed < rulesSeen/4 {
		t.Errorf("only %d times did one of %d rules hold for some rows and fail for others", mixed, rulesSeen)
	}
}

func agree(t *rapid.T, e *plan.Evaluator, rule int, want *eval.Evaluator, rows column.Range, p *plan.Plan) int {
	t.Helper()
	got, err := e.Rule(rule)
	if err != nil {
		t.Fatal(err)
	}
	ones := 0
	for r := rows.Start; r < rows.End; r++ {
		is, err := want.Cond(r)
		if err != nil {
			t.Fatal(err)
		}
		if got.Get(r-rows.Start) != is {
			t.Fatalf("rule %d, row %d: got %v, want %v\n%s", rule, r, !is, is, p.Explain())
		}
		if is {
			ones++
		}
	}
	if got.Ones() != ones {
		t.Fatalf("rule %d: bits past the end of the block", rule)
	}
	return ones
}

// profile returns the expression for the profile.
func profile() check.Node { return &check.Slot{Info: info(profileType), N: 0} }

func query(cond check.Node) *check.Query {
	return &check.Query{Root: cond, Cond: cond, Slots: 4}
}

func small100() *column.Snapshot {
	return rapid.Custom(table).Example(7)
}

// A hundred equal rules, written with their operands in either order, are one
// program over two atoms.
func TestEqualRulesAreOneProgram(t *testing.T) {
	vip := call(check.BoolType, check.Truth, member(profile(), "vip"))
	var queries []*check.Query
	for i := range 100 {
		old := call(check.BoolType, check.Ge, member(profile(), "age"), constant(check.IntType, int64(2)))
		args := []check.Node{vip, old}
		if i%2 == 1 {
			args = []check.Node{old, vip}
		}
		queries = append(queries, query(call(check.BoolType, check.And, args...)))
	}
	p, err := plan.New(t.Context(), queries, small100(), now)
	if err != nil {
		t.Fatal(err)
	}
	x := p.Explain()
	if x.Rules != 100 || x.Programs != 1 || len(x.Atoms) != 2 {
		t.Errorf("100 equal rules over two fields:\n%s", x)
	}
	for _, a := range x.Atoms {
		if a.Rules != 100 {
			t.Errorf("%s is shared by %d rules", a.Text, a.Rules)
		}
	}
}

// A fallback is asked only about the rows that the cheap operands leave open: one
// that must not be asked at all cannot fail.
func TestFallbackIsAskedLast(t *testing.T) {
	snap := small100()
	sum := call(check.IntType, check.Add, member(profile(), "age"), constant(check.IntType, int64(1)))
	slow := call(check.BoolType, check.Eq, sum, constant(check.IntType, int64(1)))
	nobody := call(check.BoolType, check.Gt, member(profile(), "score"), constant(check.FloatType, 1e301))
	p, err := plan.New(t.Context(), []*check.Query{
		query(call(check.BoolType, check.And, slow, nobody)),
		query(slow),
	}, snap, now)
	if err != nil {
		t.Fatal(err)
	}
	e := p.Evaluator()
	asked := false
	e.Stop = func() bool { asked = true; return true }
	for range 100 {
		e.Block(column.Range{End: snap.Rows()})
		if _, err := e.Rule(0); err != nil || asked {
			t.Fatalf("the reference evaluator was asked for no row: %v", err)
		}
	}
	for range 100000 {
		e.Block(column.Range{End: snap.Rows()})
		if _, err = e.Rule(1); err != nil {
			break
		}
	}
	if err == nil || !asked {
		t.Error("the fallback alone was never stopped")
	}
}

func TestCancelledBeforePlanning(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	vip := call(check.BoolType, check.Truth, member(profile(), "vip"))
	if _, err := plan.New(ctx, []*check.Query{query(vip)}, small100(), now); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// Blocks cover the rows, in order, without gaps.
func TestBlocksCover(t *testing.T) {
	for _, size := range []int{0, 1, 63, 64, 8191, 8192, 8193, 30000} {
		ages := make([]int8, size)
		root := &column.Struct{N: size, Fields: []column.Column{&column.Ints{I8: ages}}}
		typ := check.ObjectOf(&check.Field{Name: "age", Type: check.IntType})
		x := &check.Slot{Info: info(typ)}
		p, err := plan.New(t.Context(), []*check.Query{query(call(check.BoolType, check.Eq, member(x, "age"), constant(check.IntType, int64(0))))},
			&column.Snapshot{Schema: typ, Root: root}, now)
		if err != nil {
			t.Fatal(err)
		}
		rest := column.Range{End: size}
		for rest.Rows() > 0 {
			b := p.Block(rest)
			if b.Start != rest.Start || b.Rows() <= 0 || b.End > size || b.End < size && b.End%64 != 0 {
				t.Fatalf("block %v of %v", b, rest)
			}
			rest.Start = b.End
		}
	}
}

// A block has no more elements in its lists than are good for a turn, and one row at least,
// whether kernels look at them or vectors.
func TestBlocksOfLongLists(t *testing.T) {
	element := check.ObjectOf(&check.Field{Name: "n", Type: check.IntType})
	typ := check.ObjectOf(&check.Field{Name: "list", Type: check.ListOf(element)})
	list, n := member(&check.Slot{Info: info(typ)}, "list"), member(&check.Slot{Info: info(element), N: 1}, "n")
	exists := &check.Iterate{Info: info(check.BoolType), Op: check.Exists, X: list, Slot: 1, Body: call(check.BoolType, check.Eq, n, constant(check.IntType, int64(1)))}
	sum := &check.Iterate{Info: info(check.IntType), Op: check.Sum, X: list, Slot: 1, Body: n}
	for name, lengths := range map[string]func(row int) int{
		"none":          func(int) int { return 0 },
		"a few":         func(int) int { return 5 },
		"all long":      func(int) int { return 5000 },
		"one very long": func(row int) int { return 3_000_000 * (1 - min(1, max(row-100, 100-row))) },
	} {
		snap := listOf(typ, 1000, lengths)
		for _, c := range []struct {
			condition check.Node
			most      uint32 // elements
		}{{exists, 1 << 20}, {call(check.BoolType, check.Gt, sum, constant(check.IntType, int64(7))), 1 << 16}} {
			p, err := plan.New(t.Context(), []*check.Query{query(c.condition)}, snap, now)
			if err != nil {
				t.Fatal(err)
			}
			offsets := snap.Root.Fields[0].(*column.List).Offsets
			blocks := 0
			for rest := (column.Range{End: snap.Rows()}); rest.Rows() > 0; blocks++ {
				b := p.Block(rest)
				elements := offsets[b.End] - offsets[b.Start]
				if b.Start != rest.Start || b.Rows() < 1 || b.Rows() > 1 && elements > c.most {
					t.Fatalf("%s: block %v has %d elements", name, b, elements)
				}
				rest.Start = b.End
			}
			if all := int(offsets[snap.Rows()] / c.most); blocks > 3+2*all {
				t.Errorf("%s: %d blocks", name, blocks)
			}
		}
	}
}

// listOf makes a table whose only field is a list of objects with a number, which are its
// events.
func listOf(typ *check.Type, rows int, lengths func(row int) int) *column.Snapshot {
	list := &column.List{Offsets: make([]uint32, 1, rows+1)}
	for row := range rows {
		list.Offsets = append(list.Offsets, list.Offsets[row]+uint32(lengths(row)))
	}
	n := int(list.Offsets[rows])
	list.Elem = &column.Struct{N: n, Fields: []column.Column{&column.Ints{I8: make([]int8, n)}}}
	return &column.Snapshot{Schema: typ, EventsField: typ.Fields[0], Root: &column.Struct{N: rows, Fields: []column.Column{list}}}
}

func ExampleExplanation() {
	snap := small100()
	vip := call(check.BoolType, check.Truth, member(profile(), "vip"))
	sum := call(check.IntType, check.Add, member(profile(), "age"), constant(check.IntType, int64(1)))
	slow := call(check.BoolType, check.Eq, sum, constant(check.IntType, int64(1)))
	p, _ := plan.New(context.Background(), []*check.Query{query(vip), query(call(check.BoolType, check.Or, vip, slow))}, snap, now)
	fmt.Print(p.Explain())
	// Output:
	// 2 rules, 2 programs, 2 atoms
	// bits      rows     shared by 2  vip is true
	// vector    rows     shared by 1  (= (+ $0.age:int 1:int):int 1:int):bool (it compares a computed value)
}

// What no kernel answers is shared too, wherever in a query they stand: the number of a slot
// is no difference, what is summed is one.
func TestFallbacksAreShared(t *testing.T) {
	sum := func(slot int, above float64) check.Node {
		e := &check.Slot{Info: info(eventType), N: slot}
		s := &check.Iterate{Info: info(check.IntType), Op: check.Sum, X: member(profile(), "events"), Slot: slot, Body: member(e, "n")}
		return call(check.BoolType, check.Gt, s, constant(check.FloatType, above))
	}
	vip := call(check.BoolType, check.Truth, member(profile(), "vip"))
	p, err := plan.New(t.Context(), []*check.Query{
		query(sum(1, 5)),
		query(call(check.BoolType, check.And, sum(3, 5), vip)),
		query(sum(1, 6)),
	}, small100(), now)
	if err != nil {
		t.Fatal(err)
	}
	var shared []int
	for _, a := range p.Explain().Atoms {
		if a.Kind == "vector" {
			shared = append(shared, a.Rules)
		}
	}
	if len(shared) != 2 || shared[0] != 2 || shared[1] != 1 {
		t.Errorf("two sums, one of them in two rules:\n%s", p.Explain())
	}
}

// What may take long is known by what it is: bindings that multiply, as several declarations
// or as a list for each element of another. Lists inside the elements of others do not.
func TestLong(t *testing.T) {
	events := member(profile(), "events")
	element := func(slot int) check.Node {
		return member(&check.Slot{Info: info(eventType), N: slot}, "n")
	}
	exists := func(slot int, body check.Node) check.Node {
		return &check.Iterate{Info: info(check.BoolType), Op: check.Exists, X: events, Slot: slot, Body: body}
	}
	less := call(check.BoolType, check.Lt, element(1), element(2))
	most := &check.Iterate{Info: info(check.IntType), Op: check.Max, X: events, Slot: 2, Body: element(2)}
	pairs := &check.Comprehend{Info: info(check.BoolType), Op: check.Exists, Decls: []check.Decl{{Slot: 1, From: events}, {Slot: 2, From: events, Where: less}}}
	vip := call(check.BoolType, check.Truth, member(profile(), "vip"))
	queries := []*check.Query{
		query(vip),
		query(exists(1, call(check.BoolType, check.Gt, element(1), constant(check.IntType, int64(3))))),
		query(exists(1, call(check.BoolType, check.Eq, element(1), most))),
		query(exists(1, exists(2, less))),
		query(pairs),
		query(call(check.BoolType, check.And, vip, pairs)),
	}
	p, err := plan.New(t.Context(), queries, small100(), now)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{0, 0, 0, 1, 1, 1} {
		if long := p.Long(i); len(long) != want {
			t.Errorf("rule %d: %v, want %d", i, long, want)
		}
	}
	if a, b := p.Long(4), p.Long(5); a[0] != b[0] {
		t.Errorf("what two rules have in common is %v and %v", a, b)
	}
}

// A condition that reads nothing of a profile is answered when it is planned.
func TestConstantConditions(t *testing.T) {
	one := call(check.IntType, check.Add, constant(check.IntType, int64(1)), constant(check.IntType, int64(0)))
	is := call(check.BoolType, check.Eq, one, constant(check.IntType, int64(1)))
	p, err := plan.New(t.Context(), []*check.Query{query(is), query(call(check.BoolType, check.Not, is))}, small100(), now)
	if err != nil {
		t.Fatal(err)
	}
	if atoms := p.Explain().Atoms; len(atoms) > 0 {
		t.Errorf("1 + 0 = 1 asks %v", atoms)
	}
	e := p.Evaluator()
	e.Block(column.Range{End: 3})
	yes, _ := e.Rule(0)
	if got := yes.Ones(); got != 3 {
		t.Errorf("1 + 0 = 1 holds for %d of 3 rows", got)
	}
	if no, _ := e.Rule(1); no.Ones() != 0 {
		t.Error("1 + 0 != 1 holds")
	}
}
