package eval_test

import (
	"math"
	"testing"
	"time"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/lang/check"
)

func instant(t *testing.T, text string) *check.Const {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return &check.Const{Info: info(check.TimestampType), V: at.UnixMilli()}
}

// TestCalendarAround2020 has the units around noon of 1 January 2020, a Wednesday.
func TestCalendarAround2020(t *testing.T) {
	for _, c := range []struct {
		offset int
		unit   ast.Unit
		want   string
	}{
		{0, ast.Hour, "2020-01-01T12:00:00Z/2020-01-01T13:00:00Z"},
		{-1, ast.Day, "2019-12-31T00:00:00Z/2020-01-01T00:00:00Z"},
		{0, ast.Week, "2019-12-30T00:00:00Z/2020-01-06T00:00:00Z"},
		{1, ast.Week, "2020-01-06T00:00:00Z/2020-01-13T00:00:00Z"},
		{1, ast.Month, "2020-02-01T00:00:00Z/2020-03-01T00:00:00Z"},
		{-1, ast.Quarter, "2019-10-01T00:00:00Z/2020-01-01T00:00:00Z"},
		{0, ast.Year, "2020-01-01T00:00:00Z/2021-01-01T00:00:00Z"},
		{-1, ast.Decade, "2010-01-01T00:00:00Z/2020-01-01T00:00:00Z"},
		{0, ast.Century, "2000-01-01T00:00:00Z/2100-01-01T00:00:00Z"},
		{0, ast.Millennium, "2000-01-01T00:00:00Z/3000-01-01T00:00:00Z"},
	} {
		n := &check.Calendar{Info: info(check.IntervalType), Offset: c.offset, Unit: c.unit}
		if got := value(t, n).Text(); got != c.want {
			t.Errorf("%+d %v: %s, want %s", c.offset, c.unit, got, c.want)
		}
	}
}

// TestDistancesPastTheEndOfTime have no instant beyond them.
func TestDistancesPastTheEndOfTime(t *testing.T) {
	ref := instant(t, "2020-01-01T00:00:00Z")
	day := instant(t, "2019-12-31T00:00:00Z")
	for unit := ast.Millisecond; unit <= ast.Millennium; unit++ {
		for op, want := range map[string]bool{"<": true, "<=": true, ">": false, ">=": false} {
			n := &check.Occurs{
				Info: info(check.BoolType), X: day,
				Window: check.Window{Op: op, N: math.MaxInt64, Unit: unit, Dir: "before", Ref: ref},
			}
			if got := value(t, n).Bool(); got != want {
				t.Errorf("occurs %s %d %vs before: %v, want %v", op, int64(math.MaxInt64), unit, got, want)
			}
		}
	}
}

// TestFromIsEitherSide has a day before, the reference itself, and a day after.
func TestFromIsEitherSide(t *testing.T) {
	ref := instant(t, "2020-01-10T00:00:00Z")
	before, after := instant(t, "2020-01-09T00:00:00Z"), instant(t, "2020-01-11T00:00:00Z")
	for _, c := range []struct {
		op   string
		want [3]bool
	}{
		{"=", [3]bool{true, false, true}},
		{"!=", [3]bool{false, true, false}},
		{"<", [3]bool{false, false, false}},
		{"<=", [3]bool{true, false, true}},
		{">", [3]bool{false, false, false}},
		{">=", [3]bool{true, false, true}},
	} {
		for i, x := range []*check.Const{before, ref, after} {
			n := &check.Occurs{
				Info: info(check.BoolType), X: x,
				Window: check.Window{Op: c.op, N: 1, Unit: ast.Day, Dir: "from", Ref: ref},
			}
			if got := value(t, n).Bool(); got != c.want[i] {
				t.Errorf("instant %d occurs %s 1 day from: %v, want %v", i, c.op, got, c.want[i])
			}
		}
	}
}
