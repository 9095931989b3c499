package eval_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/segq/segq/lang/check"
)

type visit struct {
	at   any // int64 milliseconds, or nil
	kind int64
}

type stage struct {
	kinds []int64
	count int
}

// search tries every way to give events to the stages: what the greedy rule of
// the evaluator must agree with.
func search(events []visit, stages []stage) bool {
	if len(stages) == 0 {
		return true
	}
	if stages[0].count == 0 {
		return search(events, stages[1:])
	}
	for i, e := range events {
		if !slices.Contains(stages[0].kinds, e.kind) {
			continue
		}
		rest := slices.Clone(stages)
		rest[0].count--
		if search(events[i+1:], rest) {
			return true
		}
	}
	return false
}

var visitType = check.ObjectOf(
	&check.Field{Name: "at", Type: check.TimestampType},
	&check.Field{Name: "kind", Type: check.IntType},
)

func chainOf(events []visit, stages []stage) *check.Chain {
	list := &check.MakeList{Info: info(check.ListOf(visitType))}
	for _, e := range events {
		at := &check.Const{Info: info(check.TimestampType), V: e.at}
		list.Items = append(list.Items, &check.MakeObject{
			Info: info(visitType), Items: []check.Node{at, constant(e.kind)},
		})
	}
	field := func(name string) *check.Member {
		f := visitType.Field(name)
		return &check.Member{Info: info(f.Type), X: slot(visitType, 1), F: f}
	}
	n := &check.Chain{Info: info(check.BoolType), X: list, Slot: 1, Order: field("at")}
	for _, s := range stages {
		kinds := make([]any, len(s.kinds))
		for i, k := range s.kinds {
			kinds[i] = k
		}
		n.Steps = append(n.Steps, check.Step{
			Cond:  call(check.BoolType, check.In, field("kind"), constants(check.IntType, kinds...)),
			Count: int64(s.count),
		})
	}
	return n
}

func TestChainFindsAWayWhereThereIsOne(t *testing.T) {
	kind := rapid.Int64Range(0, 2)
	rapid.Check(t, func(t *rapid.T) {
		events := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) visit {
			return visit{
				at:   rapid.SampledFrom([]any{nil, int64(1), int64(2), int64(3), int64(4)}).Draw(t, "at"),
				kind: kind.Draw(t, "kind"),
			}
		}), 0, 7).Draw(t, "events")
		stages := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) stage {
			return stage{rapid.SliceOfN(kind, 1, 2).Draw(t, "kinds"), rapid.IntRange(1, 2).Draw(t, "count")}
		}), 1, 3).Draw(t, "stages")

		var ordered []visit
		for at := int64(1); at <= 4; at++ {
			for _, e := range events {
				if e.at == at {
					ordered = append(ordered, e)
				}
			}
		}
		want := search(ordered, stages)
		if got := value(t, chainOf(events, stages)).Bool(); got != want {
			t.Errorf("%v in %v: %v, want %v", stages, events, got, want)
		}
	})
}
