package resident_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// endlessValue is a query whose profiles are found at once, and whose values take longer
// than anybody waits.
func endlessValue() *check.Query {
	list := &check.Iterate{Info: info(check.ListOf(eventType)), Op: check.Filter, X: field("xEvent"), Slot: 7, Body: endless(6)}
	return &check.Query{Root: call(check.IntType, check.Count, list), Cond: test(check.Truth, field("vip")), Slots: 8}
}

// What is quick is answered while what shares its batch goes on: a condition that does not
// end, and values that do not, which wait for each other no more than the rest does.
func TestQuickQueriesDoNotWaitForSlowOnes(t *testing.T) {
	snap := table(200, 300)
	for _, c := range []struct {
		name string
		slow []exec.Query
		// quick are asked together with the slow ones.
		quick []exec.Query
	}{
		{"a condition", []exec.Query{{Typed: forever()}}, []exec.Query{{Typed: rules()[0]}, {Typed: rules()[2], Sample: 3}}},
		{"values", []exec.Query{{Typed: endlessValue(), Values: true}}, []exec.Query{{Typed: rules()[0]}, {Typed: rules()[3]}, {Typed: query(field("age")), Values: true}}},
		{"both", []exec.Query{{Typed: forever()}, {Typed: endlessValue(), Values: true}}, []exec.Query{{Typed: rules()[1]}, {Typed: query(field("age")), Values: true}}},
		{"a condition, and others over vectors", []exec.Query{{Typed: forever()}}, []exec.Query{{Typed: rules()[3]}, {Typed: query(summed(500)), Sample: 3}, {Typed: rules()[1]}}},
		{"a condition, and others by the profile", []exec.Query{{Typed: forever()}}, []exec.Query{{Typed: pair("state")}, {Typed: query(summed(500))}, {Typed: query(test(check.Not, pair("state").Cond)), Sample: 2}}},
		{"all pairs of events", []exec.Query{{Typed: query(nested(4))}}, []exec.Query{{Typed: rules()[3]}, {Typed: query(summed(500))}}},
		{"as many as goroutines", []exec.Query{{Typed: forever()}, {Typed: query(endless(5))}, {Typed: query(endless(4))}}, []exec.Query{{Typed: pair("state")}, {Typed: rules()[3]}}},
	} {
		t.Run(c.name, func(t *testing.T) { quickFirst(t, snap, c.slow, c.quick) })
	}
}

// pair is a condition over two events that the first pair decides, of which neither kernels
// nor vectors have a form.
func pair(of string) *check.Query {
	decls := []check.Decl{{Slot: 1, From: field("xEvent")}, {Slot: 2, From: field("xEvent"), Where: test(check.Eq, field(of), constant("CA"))}}
	first := test(check.Eq, field(of), constant("CA"))
	decls[0].Where = first
	return query(&check.Comprehend{Info: info(check.BoolType), Op: check.Exists, Decls: decls})
}

// nested is endless written as one list inside another, for which vectors have a form.
func nested(depth int) check.Node {
	inner := test(check.Lt, call(check.FloatType, check.Add, member(slot(1, eventType), "total"), member(slot(depth, eventType), "total")), constant(-1.0))
	for i := depth; i > 0; i-- {
		inner = &check.Iterate{Info: info(check.BoolType), Op: check.Exists, X: field("xEvent"), Slot: i, Body: inner}
	}
	return inner
}

// quickFirst runs queries of which the slow ones end when the quick ones have.
func quickFirst(t *testing.T, snap *column.Snapshot, slow, quick []exec.Query) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	theirs, stop := context.WithCancel(ctx)
	defer stop()
	b := exec.Batch{Now: now, Sink: new(progressed)}
	for _, q := range slow {
		q.Context = theirs
		b.Queries = append(b.Queries, q)
	}
	b.Queries = append(b.Queries, quick...)
	for i := range b.Queries {
		b.Queries[i].ID = fmt.Sprint("q", i)
	}
	var left atomic.Int32
	left.Store(int32(len(quick)))
	b.Done = func(r exec.Result) {
		if r.Err == nil && left.Add(-1) == 0 {
			stop()
		}
	}
	results, err := open(t, snap, 2).Run(ctx, b)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results {
		if i < len(slow) {
			if !errors.Is(r.Err, context.Canceled) {
				t.Errorf("slow query %d: %+v", i, r)
			}
			continue
		}
		if want := len(matching(t, snap, b.Queries[i].Typed)); r.Err != nil || r.Count != want {
			t.Errorf("query %d: %+v, want %d", i, r, want)
		}
	}
	b.Sink.(*progressed).check(t, results[len(slow):], snap.Rows())
}

// However many may be long, and whatever shares their batch, each has the count that it has
// alone.
func TestManyLongOnes(t *testing.T) {
	snap := table(9000, 3)
	b := batch(rules()...)
	for i := range 24 {
		small := test(check.And, old(int64(i)), test(check.Lt, field("score"), constant(float64(i)/24)))
		inner := &check.Comprehend{Info: info(check.BoolType), Op: check.Exists, Decls: []check.Decl{
			{Slot: 1, From: field("xEvent")},
			{Slot: 2, From: field("xEvent"), Where: test(check.Lt, member(slot(1, eventType), "total"), member(slot(2, eventType), "total"))},
		}}
		own := test(check.And, small, inner) // the long part is the same for all
		if i%2 == 0 {
			own = test(check.Gt, call(check.FloatType, check.Add, member(slot(1, eventType), "total"), member(slot(2, eventType), "total")), constant(float64(20*i)))
			own = &check.Comprehend{Info: info(check.BoolType), Op: check.Exists, Decls: []check.Decl{inner.Decls[0], {Slot: 2, From: field("xEvent"), Where: own}}}
		}
		b.Queries = append(b.Queries, exec.Query{ID: fmt.Sprint("long", i), Typed: query(own), Sample: i % 3})
	}
	sink := new(progressed)
	b.Sink, b.Done = sink, func(exec.Result) {}
	results, err := open(t, snap, 2).Run(t.Context(), b)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results {
		if want := len(matching(t, snap, b.Queries[i].Typed)); r.Err != nil || r.Count != want {
			t.Errorf("%s: %d, %v, want %d", r.ID, r.Count, r.Err, want)
		}
	}
	sink.check(t, results, snap.Rows())
}

// progressed is a sink that adds up what it hears.
type progressed struct {
	mu      sync.Mutex
	starts  map[string]int
	matched map[string]int
	rows    map[string]int
}

func (p *progressed) Start(query string, _ []int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.starts == nil {
		p.starts, p.matched, p.rows = map[string]int{}, map[string]int{}, map[string]int{}
	}
	p.starts[query]++
}

func (*progressed) Load(string, exec.Loading) {}

func (p *progressed) Progress(query string, _ int, at exec.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at.Done {
		p.matched[query] += at.Matched
		p.rows[query] += at.Rows
	}
}

// check says whether it has heard of all, once.
func (p *progressed) check(t *testing.T, results []exec.Result, rows int) {
	for _, r := range results {
		if p.starts[r.ID] != 1 || p.rows[r.ID] != rows || p.matched[r.ID] != r.Count {
			t.Errorf("%s: %d starts, %d of %d matched, %d of %d rows", r.ID, p.starts[r.ID], p.matched[r.ID], r.Count, p.rows[r.ID], rows)
		}
	}
}
