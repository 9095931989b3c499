package eval_test

import (
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/lang/check"
)

// The typed trees below are of constants: they need one profile, without fields.
var noon = time.Date(2020, 1, 1, 12, 0, 0, 0, time.UTC)

func emptyProfile() *column.Snapshot {
	return &column.Snapshot{Schema: check.ObjectOf(), Root: &column.Struct{N: 1}}
}

func evaluator(n check.Node, slots int) *eval.Evaluator {
	q := &check.Query{Root: n, Cond: n, Slots: slots}
	return eval.New(q, emptyProfile(), noon).Evaluator()
}

// tester is a *testing.T or a *rapid.T.
type tester interface {
	Helper()
	Fatal(...any)
}

// value evaluates a tree that uses up to eight slots.
func value(t tester, n check.Node) eval.Value {
	t.Helper()
	v, err := evaluator(n, 8).Value(0)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func text(t tester, n check.Node) string {
	t.Helper()
	return string(value(t, n).AppendJSON(nil))
}

func info(t *check.Type) check.Info { return check.Info{T: t} }

func constant(v any) *check.Const {
	switch v.(type) {
	case bool:
		return &check.Const{Info: info(check.BoolType), V: v}
	case int64:
		return &check.Const{Info: info(check.IntType), V: v}
	case float64:
		return &check.Const{Info: info(check.FloatType), V: v}
	case string:
		return &check.Const{Info: info(check.StringType), V: v}
	}
	return &check.Const{Info: info(check.AnyType), V: v}
}

func constants(elem *check.Type, vs ...any) *check.Const {
	return &check.Const{Info: info(check.ListOf(elem)), V: vs}
}

func call(t *check.Type, op check.Op, args ...check.Node) *check.Call {
	return &check.Call{Info: info(t), Op: op, Args: args}
}

func slot(t *check.Type, n int) *check.Slot { return &check.Slot{Info: info(t), N: n} }
