package eval_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/lang/check"
)

// triples is a select of every triple out of a list of 5,000: more than any
// machine could visit, let alone hold.
func triples(op check.Fold) *check.Comprehend {
	list := make([]any, 5000)
	for i := range list {
		list[i] = int64(i)
	}
	x := constants(check.IntType, list...)
	tuple := check.ObjectOf(
		&check.Field{Name: "A", Type: check.IntType},
		&check.Field{Name: "B", Type: check.IntType},
		&check.Field{Name: "C", Type: check.IntType},
	)
	return &check.Comprehend{
		Info: info(check.ListOf(tuple)), Op: op,
		Decls: []check.Decl{
			{Slot: 1, Name: "A", From: x},
			{Slot: 2, Name: "B", From: x},
			{Slot: 3, Name: "C", From: x},
		},
	}
}

func TestStopEndsOneProfile(t *testing.T) {
	n := triples(check.Select)
	for name, n := range map[string]check.Node{
		"count":  call(check.IntType, check.Count, n),
		"forall": triples(check.ForAll),
		"head":   call(check.IntType, check.Count, call(n.T, check.Distinct, n)),
	} {
		t.Run(name, func(t *testing.T) {
			e := evaluator(n, 4)
			polls := 0
			e.Stop = func() bool { polls++; return polls == 3 }
			if _, err := e.Value(0); !errors.Is(err, eval.ErrStopped) {
				t.Fatalf("got %v, want ErrStopped", err)
			}
			if polls != 3 {
				t.Errorf("asked %d times, want 3", polls)
			}
		})
	}
}

func TestEvaluatorGoesOnAfterAStop(t *testing.T) {
	n := triples(check.Select)
	q := &check.Query{
		Root:  call(check.IntType, check.Count, n),                      // visits all
		Cond:  call(check.BoolType, check.Truth, triples(check.Select)), // the first is enough
		Slots: 4,
	}
	e := eval.New(q, emptyProfile(), noon).Evaluator()
	e.Stop = func() bool { return true }
	if _, err := e.Value(0); !errors.Is(err, eval.ErrStopped) {
		t.Fatalf("got %v, want ErrStopped", err)
	}
	e.Stop = nil
	if ok, err := e.Cond(0); !ok || err != nil {
		t.Fatalf("after a stop: %v, %v", ok, err)
	}
}

func TestLimitNamesItself(t *testing.T) {
	e := evaluator(triples(check.Select), 4)
	e.Limit = 1000
	_, err := e.Value(0)
	if err == nil || !strings.Contains(err.Error(), "more than 1000 list elements") {
		t.Fatalf("got %v, want an error with the limit", err)
	}
	if errors.Is(err, eval.ErrStopped) {
		t.Error("too much is not a stop")
	}
}

// TestSegmentHasSlotsOfItsOwn evaluates a segment, which uses slot 1, between
// two readings of slot 1 of the query around it.
func TestSegmentHasSlotsOfItsOwn(t *testing.T) {
	body := call(check.BoolType, check.Eq, slot(check.IntType, 1), constant(int64(7)))
	inner := &check.Let{Info: info(check.BoolType), Slot: 1, Value: constant(int64(7)), Body: body}
	segment := &check.Segment{Info: info(check.BoolType), Query: &check.Query{Root: inner, Cond: inner, Slots: 2}}
	again := call(check.BoolType, check.Eq, slot(check.IntType, 1), constant(int64(3)))
	n := &check.Let{
		Info: info(check.BoolType), Slot: 1, Value: constant(int64(3)),
		Body: call(check.BoolType, check.And, segment, again, segment),
	}
	if !value(t, n).Bool() {
		t.Error("the segment and the query around it share a slot")
	}
}

func TestConstantsAreNotEvaluatedTwice(t *testing.T) {
	list := make([]any, 100_000)
	for i := range list {
		list[i] = int64(2 * i)
	}
	e := evaluator(call(check.BoolType, check.In, constant(int64(99_999)), constants(check.IntType, list...)), 1)
	allocs := testing.AllocsPerRun(10, func() {
		if ok, err := e.Cond(0); ok || err != nil {
			t.Fatalf("got %v, %v", ok, err)
		}
	})
	if allocs > 0 {
		t.Errorf("%v allocations for a look into a constant list, want none", allocs)
	}
}
