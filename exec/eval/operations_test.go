package eval_test

import (
	"testing"

	"github.com/segq/segq/lang/check"
)

var (
	ints  = constants(check.IntType, int64(1), int64(2), int64(2))
	texts = constants(check.StringType, "a", "b")
	null  = constant(nil)
	// 2020-02-29T13:00:00Z, a leap day.
	leap = &check.Const{Info: info(check.TimestampType), V: int64(1582981200000)}
	// groups is the map that groups 1, 2, 2 by value.
	groups = &check.Iterate{
		Info: info(check.MapOf(ints.T)), Op: check.GroupBy, X: ints, Slot: 1, Body: slot(check.IntType, 1),
	}
)

// example is a call of an operation and its value. nulls has a letter for each
// operand: the outcome when it is null, or - where it never is.
type example struct {
	args  []check.Node
	want  string
	nulls string
}

func operationExamples() map[check.Op]example {
	yes, no, one, two := constant(true), constant(false), constant(int64(1)), constant(int64(2))
	hello := constant("Hello")
	return map[check.Op]example{
		check.And:   {[]check.Node{yes, no, yes}, "false", "---"},
		check.Or:    {[]check.Node{no, yes}, "true", "--"},
		check.Not:   {[]check.Node{no}, "true", "-"},
		check.Truth: {[]check.Node{one}, "true", "f"},
		check.If:    {[]check.Node{yes, one, two}, "1", "-n1"},

		check.Eq:        {[]check.Node{one, constant(1.0)}, "true", "ff"},
		check.Ne:        {[]check.Node{one, two}, "true", "ff"},
		check.Lt:        {[]check.Node{one, two}, "true", "ff"},
		check.Le:        {[]check.Node{two, two}, "true", "ff"},
		check.Gt:        {[]check.Node{one, two}, "false", "ff"},
		check.Ge:        {[]check.Node{two, one}, "true", "ff"},
		check.IsNull:    {[]check.Node{one}, "false", "t"},
		check.IsNotNull: {[]check.Node{one}, "true", "f"},

		check.Neg: {[]check.Node{two}, "-2", "n"},
		check.Add: {[]check.Node{one, two}, "3", "nn"},
		check.Sub: {[]check.Node{one, two}, "-1", "nn"},
		check.Mul: {[]check.Node{two, constant(1.5)}, "3", "nn"},
		check.Div: {[]check.Node{one, two}, "0.5", "nn"},
		check.Mod: {[]check.Node{constant(int64(-7)), two}, "-1", "nn"},

		check.StartsWith:    {[]check.Node{hello, constant("He")}, "true", "ff"},
		check.NotStartsWith: {[]check.Node{hello, constant("he")}, "true", "ff"},
		check.EndsWith:      {[]check.Node{hello, constant("lo")}, "true", "ff"},
		check.NotEndsWith:   {[]check.Node{hello, constant("lo")}, "false", "ff"},
		check.Contains:      {[]check.Node{hello, constant("ell")}, "true", "ff"},
		check.NotContains:   {[]check.Node{hello, constant("ELL")}, "true", "ff"},
		check.Equals:        {[]check.Node{hello, constant("x"), hello}, "true", "fff"},
		check.NotEquals:     {[]check.Node{hello, constant("x"), constant("y")}, "true", "fff"},
		check.Like:          {[]check.Node{hello, constant("H_l%")}, "true", "f-"},
		check.Matches:       {[]check.Node{hello, constant("l+o$")}, "true", "f-"},
		check.RegexGroup:    {[]check.Node{hello, constant("e(l*)"), one}, `"ll"`, "n--"},

		check.In:           {[]check.Node{two, ints}, "true", "ff"},
		check.NotIn:        {[]check.Node{constant(int64(3)), ints}, "true", "ff"},
		check.Intersects:   {[]check.Node{ints, constants(check.IntType, int64(2))}, "true", "ff"},
		check.SubsetOf:     {[]check.Node{constants(check.IntType, int64(2)), ints}, "true", "ff"},
		check.SupersetOf:   {[]check.Node{ints, constants(check.IntType, int64(3))}, "false", "ff"},
		check.Intersection: {[]check.Node{ints, constants(check.IntType, int64(2), int64(5))}, "[2]", "nn"},
		check.Distinct:     {[]check.Node{ints}, "[1,2]", "n"},
		check.Count:        {[]check.Node{ints}, "3", "n"},
		check.Head:         {[]check.Node{texts}, `"a"`, "n"},

		check.Get:    {[]check.Node{groups, constant("2")}, "[2,2]", "nn"},
		check.Keys:   {[]check.Node{groups}, `["1","2"]`, "n"},
		check.Values: {[]check.Node{groups}, `[[1],[2,2]]`, "n"},

		check.Now:               {nil, `"2020-01-01T12:00:00Z"`, ""},
		check.CurrentYear:       {nil, "2020", ""},
		check.CurrentMonth:      {nil, "1", ""},
		check.CurrentDayOfMonth: {nil, "1", ""},
		check.GetYear:           {[]check.Node{leap}, "2020", "n"},
		check.GetMonth:          {[]check.Node{leap}, "2", "n"},
		check.GetDayOfMonth:     {[]check.Node{leap}, "29", "n"},
		check.Date: {
			[]check.Node{constant(int64(2020)), two, constant(int64(29))},
			`"2020-02-29T00:00:00Z/2020-03-01T00:00:00Z"`, "nnn",
		},

		check.IntToFloat:     {[]check.Node{two}, "2", "n"},
		check.IntToTimestamp: {[]check.Node{constant(int64(0))}, `"1970-01-01T00:00:00Z"`, "n"},
	}
}

// TestEveryOperation has a call of each operation, and what it is with each of
// its operands null in turn.
func TestEveryOperation(t *testing.T) {
	examples := operationExamples()
	outcome := map[byte]string{'f': "false", 't': "true", 'n': "null", '1': "1"}
	for _, op := range check.Ops() {
		if op.Group() == check.Statistics {
			continue // see TestStatistics
		}
		x, ok := examples[op]
		if !ok {
			t.Errorf("operation %d has no example", op)
			continue
		}
		typ := check.ListOf(check.IntType)
		if op == check.Keys {
			typ = check.ListOf(check.StringType)
		}
		if op == check.Values {
			typ = check.ListOf(typ)
		}
		if got := text(t, call(typ, op, x.args...)); got != x.want {
			t.Errorf("operation %d: %s, want %s", op, got, x.want)
		}
		for i := range x.args {
			if x.nulls[i] == '-' {
				continue
			}
			args := append([]check.Node(nil), x.args...)
			args[i] = null
			if got, want := text(t, call(typ, op, args...)), outcome[x.nulls[i]]; got != want {
				t.Errorf("operation %d with operand %d null: %s, want %s", op, i, got, want)
			}
		}
	}
}

// TestStatistics sees that each statistic is null of a missing list, of an empty one, and
// with a missing operand. What they give of numbers is in the scripts.
func TestStatistics(t *testing.T) {
	empty := &check.Const{Info: check.Info{T: ints.T}, V: []any{}}
	half := constant(50.0)
	for _, op := range check.Ops() {
		if op.Group() != check.Statistics {
			continue
		}
		for _, args := range [][]check.Node{{null, half}, {empty, half}, {ints, null}} {
			if got := text(t, call(check.FloatType, op, args...)); got != "null" {
				t.Errorf("%s: %s, want null", op, got)
			}
		}
	}
}

// TestEveryFold has an example of each fold over 1, 2, 2 with the body doubling,
// or asking for more than 1, over the empty list and over null.
func TestEveryFold(t *testing.T) {
	it := slot(check.IntType, 1)
	double := call(check.IntType, check.Mul, it, constant(int64(2)))
	more := call(check.BoolType, check.Gt, it, constant(int64(1)))
	list := ints.T
	for _, op := range check.Folds() {
		if op == check.Select {
			continue // has no body: the tuples of TestStopEndsOneProfile
		}
		x, ok := map[check.Fold]struct {
			body               check.Node
			t                  *check.Type
			some, empty, ofNil string
		}{
			check.Filter:  {more, list, "[2,2]", "[]", "null"},
			check.Exists:  {more, check.BoolType, "true", "false", "false"},
			check.ForAll:  {more, check.BoolType, "false", "true", "true"},
			check.MapEach: {double, list, "[2,4,4]", "[]", "null"},
			check.Sum:     {double, check.IntType, "10", "0", "null"},
			check.Average: {double, check.FloatType, "3.3333333333333335", "null", "null"},
			check.Min:     {double, check.IntType, "2", "null", "null"},
			check.Max:     {double, check.IntType, "4", "null", "null"},
			check.TopN:    {double, list, "[2,2]", "[]", "null"},
			check.BottomN: {double, list, "[1,2]", "[]", "null"},
			check.GroupBy: {double, check.MapOf(list), `{"2":[1],"4":[2,2]}`, "{}", "null"},
		}[op]
		if !ok {
			t.Errorf("fold %d has no example", op)
		}
		for _, c := range []struct {
			x    check.Node
			want string
		}{{ints, x.some}, {constants(check.IntType), x.empty}, {null, x.ofNil}} {
			n := &check.Iterate{Info: info(x.t), Op: op, X: c.x, Slot: 1, Body: x.body, N: constant(int64(2))}
			if got := text(t, n); got != c.want {
				t.Errorf("fold %d: %s, want %s", op, got, c.want)
			}
		}
	}
}

// TestDates has the days that there are, and those that there are not.
func TestDates(t *testing.T) {
	for _, c := range []struct {
		year, month, day int64
		want             bool
	}{
		{2020, 2, 29, true}, {2019, 2, 29, false}, {1900, 2, 29, false}, {2000, 2, 29, true},
		{2020, 4, 31, false}, {2020, 13, 1, false}, {2020, 0, 1, false}, {2020, 1, 0, false},
		{2020, 12, 31, true}, {1, 1, 1, true}, {-1, 1, 1, false}, {1 << 40, 1, 1, false}, {2020, 1 << 33, 1, false},
	} {
		n := call(check.IntervalType, check.Date, constant(c.year), constant(c.month), constant(c.day))
		if got := !value(t, n).IsNull(); got != c.want {
			t.Errorf("date(%d, %d, %d) is a day: %v, want %v", c.year, c.month, c.day, got, c.want)
		}
	}
}
