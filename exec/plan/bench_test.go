package plan_test

import (
	"testing"

	"github.com/segq/segq/exec/plan"
	"github.com/segq/segq/lang/check"
)

// BenchmarkNew plans a thousand rules of three atoms, 200 of them different.
func BenchmarkNew(b *testing.B) {
	var queries []*check.Query
	for i := range 1000 {
		queries = append(queries, query(call(check.BoolType, check.And,
			call(check.BoolType, check.Ge, member(profile(), "big"), constant(check.IntType, int64(i%200-100))),
			call(check.BoolType, check.Or,
				call(check.BoolType, check.Eq, member(profile(), "name"), constant(check.StringType, texts[i%len(texts)])),
				call(check.BoolType, check.Truth, member(profile(), "vip"))))))
	}
	snap := small100()
	for b.Loop() {
		p, err := plan.New(b.Context(), queries, snap, now)
		if err != nil {
			b.Fatal(err)
		}
		if p.Rules() != 1000 {
			b.Fatalf("%d rules", p.Rules())
		}
	}
}
