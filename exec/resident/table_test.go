package resident_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

var now = time.Date(2018, 8, 28, 12, 0, 0, 0, time.UTC)

var (
	eventType = check.ObjectOf(
		&check.Field{Name: "type", Type: check.StringType},
		&check.Field{Name: "total", Type: check.FloatType},
	)
	profileType = check.ObjectOf(
		&check.Field{Name: "id", Type: check.StringType},
		&check.Field{Name: "state", Type: check.StringType},
		&check.Field{Name: "age", Type: check.IntType},
		&check.Field{Name: "score", Type: check.FloatType},
		&check.Field{Name: "vip", Type: check.BoolType},
		&check.Field{Name: "xEvent", Type: check.ListOf(eventType)},
	)
)

var (
	states = []string{"AL", "AZ", "CA", "NY", "TX", "UT", "WA"}
	types  = []string{"click", "purchase", "view"}
)

// dict returns the dictionary of sorted texts.
func dict(sorted []string) *column.Dict {
	d := &column.Dict{Offsets: []uint32{0}}
	for _, s := range sorted {
		d.Bytes = append(d.Bytes, s...)
		d.Offsets = append(d.Offsets, uint32(len(d.Bytes)))
	}
	return d
}

// sizes are the tables that a test is about, in a short run (the gate's under the race detector, which makes it ten times
// as slow) with a smaller one in the place of the largest.
func sizes(all ...int) []int {
	if testing.Short() {
		all[len(all)-1] /= 4
	}
	return all
}

// table makes a snapshot of n profiles with about perRow events each; profile i
// has the id p<i>, padded, so that ids order as rows do.
func table(n, perRow int) *column.Snapshot {
	rng := rand.New(rand.NewPCG(2, uint64(n)))
	return tableOf(n, func(int) int { return rng.IntN(2*perRow + 1) })
}

// tableOf is the same with so many events of each row.
func tableOf(n int, perRow func(row int) int) *column.Snapshot {
	rng := rand.New(rand.NewPCG(1, uint64(n)))
	ids := make([]string, n)
	codes := make([]uint32, n)
	age := &column.Ints{I8: make([]int8, n), Valid: column.NewBitmap(n)}
	state := &column.Strings{Codes: column.Codes{U8: make([]uint8, n)}, Dict: dict(states)}
	score := &column.Floats{V: make([]float64, n)}
	vip := &column.Bools{Bits: column.NewBitmap(n), N: n}
	events := &column.List{Offsets: make([]uint32, n+1)}
	for i := range n {
		ids[i], codes[i] = fmt.Sprintf("p%07d", i), uint32(i)
		if rng.IntN(10) > 0 {
			age.Valid.Set(i)
			age.I8[i] = int8(rng.IntN(100))
		}
		state.Codes.U8[i] = uint8(rng.IntN(len(states)))
		score.V[i] = rng.Float64()
		if rng.IntN(4) == 0 {
			vip.Bits.Set(i)
		}
		events.Offsets[i+1] = events.Offsets[i] + uint32(perRow(i))
	}
	total := int(events.Offsets[n])
	kind := &column.Strings{Codes: column.Codes{U8: make([]uint8, total)}, Dict: dict(types)}
	price := &column.Floats{V: make([]float64, total)}
	for i := range total {
		kind.Codes.U8[i] = uint8(rng.IntN(len(types)))
		price.V[i] = float64(rng.IntN(200))
	}
	events.Elem = &column.Struct{N: total, Fields: []column.Column{kind, price}}
	text := &column.Strings{Codes: column.Codes{U32: codes}, Dict: dict(ids)}
	return &column.Snapshot{
		Schema: profileType, ID: profileType.Fields[0], EventsField: profileType.Fields[5],
		Root: &column.Struct{N: n, Fields: []column.Column{text, state, age, score, vip, events}},
	}
}

// Typed expressions, made by hand.

func info(t *check.Type) check.Info { return check.Info{T: t} }

func slot(n int, t *check.Type) check.Node { return &check.Slot{Info: info(t), N: n} }

func member(x check.Node, name string) check.Node {
	f := x.Type().Field(name)
	return &check.Member{Info: info(f.Type), X: x, F: f}
}

func field(name string) check.Node { return member(slot(0, profileType), name) }

func constant(v any) check.Node {
	switch v.(type) {
	case int64:
		return &check.Const{Info: info(check.IntType), V: v}
	case float64:
		return &check.Const{Info: info(check.FloatType), V: v}
	}
	return &check.Const{Info: info(check.StringType), V: v}
}

func test(o check.Op, args ...check.Node) check.Node {
	return &check.Call{Info: info(check.BoolType), Op: o, Args: args}
}

func call(t *check.Type, o check.Op, args ...check.Node) check.Node {
	return &check.Call{Info: info(t), Op: o, Args: args}
}

// query makes a query of an expression of any type.
func query(root check.Node) *check.Query {
	cond := root
	if root.Type().Kind != check.Bool {
		cond = test(check.Truth, root)
	}
	return &check.Query{Root: root, Cond: cond, Slots: 8}
}

// purchases counts the purchases above a price.
func purchases(above float64) check.Node {
	e := slot(1, eventType)
	return call(check.IntType, check.Count, &check.Iterate{
		Info: info(check.ListOf(eventType)), Op: check.Filter, X: field("xEvent"), Slot: 1,
		Body: test(check.And, test(check.Eq, member(e, "type"), constant("purchase")), test(check.Gt, member(e, "total"), constant(above))),
	})
}

// summed is a condition that no kernel answers.
func summed(above float64) check.Node {
	e := slot(1, eventType)
	sum := &check.Iterate{Info: info(check.FloatType), Op: check.Sum, X: field("xEvent"), Slot: 1, Body: member(e, "total")}
	return test(check.Gt, sum, constant(above))
}

// endless compares all pairs, triples … of a profile's events: with enough of
// them it does not end.
func endless(depth int) check.Node {
	var decls []check.Decl
	for i := range depth {
		decls = append(decls, check.Decl{Slot: i + 1, From: field("xEvent")})
	}
	// No total is below zero, so that no tuple ends the search.
	decls[depth-1].Where = test(check.Lt, call(check.FloatType, check.Add, member(slot(1, eventType), "total"), member(slot(depth, eventType), "total")), constant(-1.0))
	return &check.Comprehend{Info: info(check.BoolType), Op: check.Exists, Decls: decls}
}

func rules() []*check.Query {
	return []*check.Query{
		query(test(check.Eq, field("state"), constant("CA"))),
		query(test(check.And, test(check.Ge, field("age"), constant(int64(18))), test(check.Truth, field("vip")))),
		query(test(check.Ge, purchases(100), constant(int64(2)))),
		query(test(check.And, test(check.Contains, field("state"), constant("A")), summed(700))),
		query(test(check.Not, test(check.Or, test(check.Lt, field("score"), constant(0.25)), test(check.IsNull, field("age"))))),
	}
}
