package eval_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/segq/segq/lang/check"
)

// number draws numbers that are equal as float64 and not as int64, among others.
func number() *rapid.Generator[any] {
	return rapid.OneOf(
		rapid.Map(rapid.Int64Range(-1, 2), func(n int64) any { return n }),
		rapid.Map(rapid.Int64Range(1<<53-1, 1<<53+2), func(n int64) any { return n }),
		rapid.Map(rapid.SampledFrom([]float64{-1, 0, 0.5, 1, 1 << 53}), func(f float64) any { return f }),
	)
}

// equalNumbers is the rule: two integers as they are, all else as float64.
func equalNumbers(x, y any) bool {
	i, ok1 := x.(int64)
	j, ok2 := y.(int64)
	if ok1 && ok2 {
		return i == j
	}
	return float(x) == float(y)
}

func float(x any) float64 {
	if i, ok := x.(int64); ok {
		return float64(i)
	}
	return x.(float64)
}

func member(x any, list []any) bool {
	for _, y := range list {
		if equalNumbers(x, y) {
			return true
		}
	}
	return false
}

func TestSetsCompareAsEqualsDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(number(), 0, 6).Draw(t, "xs")
		ys := rapid.SliceOfN(number(), 0, 6).Draw(t, "ys")
		x := number().Draw(t, "x")
		cx, cy := constants(check.FloatType, xs...), constants(check.FloatType, ys...)
		// A list that is no constant takes another way through the evaluator.
		made := &check.MakeList{Info: info(cy.T)}
		for _, y := range ys {
			made.Items = append(made.Items, constant(y))
		}
		common, subset := false, true
		for _, v := range xs {
			common = common || member(v, ys)
			subset = subset && member(v, ys)
		}
		for _, list := range []check.Node{cy, made} {
			for op, want := range map[check.Op]bool{check.In: member(x, ys), check.NotIn: !member(x, ys)} {
				if got := value(t, call(check.BoolType, op, constant(x), list)).Bool(); got != want {
					t.Errorf("operation %d on %v and %v: %v, want %v", op, x, ys, got, want)
				}
			}
			if got := value(t, call(check.BoolType, check.Intersects, cx, list)).Bool(); got != common {
				t.Errorf("%v intersects %v: %v, want %v", xs, ys, got, common)
			}
			if got := value(t, call(check.BoolType, check.SubsetOf, cx, list)).Bool(); got != subset {
				t.Errorf("%v subset of %v: %v, want %v", xs, ys, got, subset)
			}
			if got := value(t, call(check.BoolType, check.SupersetOf, list, cx)).Bool(); got != subset {
				t.Errorf("%v superset of %v: %v, want %v", ys, xs, got, subset)
			}
		}
	})
}

// TestDistinctOfObjects files objects by their fields, which may be null.
func TestDistinctOfObjects(t *testing.T) {
	object := check.ObjectOf(
		&check.Field{Name: "x", Type: check.IntType},
		&check.Field{Name: "l", Type: check.ListOf(check.StringType)},
	)
	rapid.Check(t, func(t *rapid.T) {
		list := &check.MakeList{Info: info(check.ListOf(object))}
		want := []any{}
		for range rapid.IntRange(0, 6).Draw(t, "n") {
			x := rapid.SampledFrom([]any{nil, int64(1), int64(2)}).Draw(t, "x")
			l := rapid.SampledFrom([][]any{{}, {"a"}, {"a", nil}, {"b"}}).Draw(t, "l")
			list.Items = append(list.Items, &check.MakeObject{
				Info:  info(object),
				Items: []check.Node{constant(x), constants(check.StringType, l...)},
			})
			o := map[string]any{"l": l}
			if n, ok := x.(int64); ok {
				o["x"] = float64(n)
			}
			known := false
			for _, w := range want {
				known = known || reflect.DeepEqual(w, any(o))
			}
			if !known {
				want = append(want, o)
			}
		}
		var got []any
		if err := json.Unmarshal([]byte(text(t, call(list.T, check.Distinct, list))), &got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) && len(got)+len(want) > 0 {
			t.Errorf("distinct: %v, want %v", got, want)
		}
	})
}
