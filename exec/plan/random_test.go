package plan_test

import (
	"fmt"
	"math"
	"slices"

	"pgregory.net/rapid"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/lang/check"
)

// The schema of the random tables: every kind of leaf on the profile and in its
// lists, a list in a list, a list of texts, and an object that may be null.
var (
	itemType = check.ObjectOf(
		&check.Field{Name: "price", Type: check.FloatType},
		&check.Field{Name: "sku", Type: check.StringType},
	)
	eventType = check.ObjectOf(
		&check.Field{Name: "type", Type: check.StringType},
		&check.Field{Name: "at", Type: check.TimestampType},
		&check.Field{Name: "n", Type: check.IntType},
		&check.Field{Name: "items", Type: check.ListOf(itemType)},
	)
	homeType = check.ObjectOf(
		&check.Field{Name: "city", Type: check.StringType},
		&check.Field{Name: "floor", Type: check.IntType},
	)
	profileType = check.ObjectOf(
		&check.Field{Name: "age", Type: check.IntType},
		&check.Field{Name: "big", Type: check.IntType},
		&check.Field{Name: "score", Type: check.FloatType},
		&check.Field{Name: "name", Type: check.StringType},
		&check.Field{Name: "vip", Type: check.BoolType},
		&check.Field{Name: "since", Type: check.TimestampType},
		&check.Field{Name: "home", Type: homeType},
		&check.Field{Name: "tags", Type: check.ListOf(check.StringType)},
		&check.Field{Name: "events", Type: check.ListOf(eventType)},
		&check.Field{Name: "void", Type: check.StringType},
	)
)

// Few values, so that conditions hold often, and the ones at the edges.
var (
	texts  = []string{"", "CA", "Ca", "NY", "purchase", "view", "%_", "straße", "STRASSE"}
	floats = []float64{0, -1, 0.5, 2, 1e300, -math.MaxFloat64, math.Copysign(0, -1)}
	small  = []int64{-128, -1, 0, 1, 2, 3, 127}
	large  = []int64{math.MinInt64, -1 << 53, -1, 0, 1, 1 << 53, 1<<53 + 1, math.MaxInt64}
)

// build makes a random column of n values of type typ. Positions in null have no
// value, as have some others. Some columns are compact.
func build(t *rapid.T, typ *check.Type, n int, null func(int) bool) column.Column {
	c := buildDense(t, typ, n, null)
	if rapid.IntRange(0, 2).Draw(t, "compact") == 0 {
		return exectest.Compact(c)
	}
	return c
}

func buildDense(t *rapid.T, typ *check.Type, n int, null func(int) bool) column.Column {
	valid := column.NewBitmap(n)
	has := make([]bool, n)
	for i := range n {
		if has[i] = !null(i) && rapid.IntRange(0, 3).Draw(t, "null") > 0; has[i] {
			valid.Set(i)
		}
	}
	absent := func(i int) bool { return !has[i] }
	switch typ.Kind {
	case check.Bool:
		bits := column.NewBitmap(n)
		for i := range n {
			if has[i] && rapid.Bool().Draw(t, "bool") {
				bits.Set(i)
			}
		}
		return &column.Bools{Valid: valid, Bits: bits, N: n}
	case check.Int:
		return buildInts(t, n, has, valid)
	case check.Float:
		c := &column.Floats{Valid: valid, V: make([]float64, n)}
		for i := range n {
			if has[i] {
				c.V[i] = rapid.SampledFrom(floats).Draw(t, "float")
			}
		}
		return c
	case check.Timestamp:
		c := &column.Timestamps{Valid: valid, V: make([]int64, n)}
		for i := range n {
			if has[i] {
				c.V[i] = rapid.SampledFrom(small).Draw(t, "time") * 1e9
			}
		}
		return c
	case check.String:
		return buildStrings(t, n, has, valid)
	case check.Object:
		c := &column.Struct{Valid: valid, N: n}
		for _, f := range typ.Fields {
			if f.Name == "void" {
				c.Fields = append(c.Fields, &column.Nulls{N: n})
				continue
			}
			c.Fields = append(c.Fields, build(t, f.Type, n, absent))
		}
		return c
	}
	offsets := make([]uint32, n+1)
	for i := range n {
		size := 0
		if has[i] {
			size = rapid.IntRange(0, 3).Draw(t, "size")
		}
		offsets[i+1] = offsets[i] + uint32(size)
	}
	return &column.List{Valid: valid, Offsets: offsets, Elem: build(t, typ.Elem, int(offsets[n]), func(int) bool { return false })}
}

func buildInts(t *rapid.T, n int, has []bool, valid column.Bitmap) column.Column {
	v := make([]int64, n)
	wide := rapid.Bool().Draw(t, "wide")
	for i := range n {
		switch {
		case !has[i]:
		case wide:
			v[i] = rapid.SampledFrom(large).Draw(t, "large")
		default:
			v[i] = rapid.SampledFrom(small).Draw(t, "small")
		}
	}
	c := &column.Ints{Valid: valid}
	if wide {
		c.I64 = v
		return c
	}
	width := rapid.IntRange(1, 3).Draw(t, "width")
	for _, x := range v {
		switch width {
		case 1:
			c.I8 = append(c.I8, int8(x))
		case 2:
			c.I16 = append(c.I16, int16(x))
		case 3:
			c.I32 = append(c.I32, int32(x))
		}
	}
	return c
}

func buildStrings(t *rapid.T, n int, has []bool, valid column.Bitmap) column.Column {
	v := make([]string, n)
	used := map[string]bool{}
	for i := range n {
		if has[i] {
			v[i] = rapid.SampledFrom(texts).Draw(t, "text")
			used[v[i]] = true
		}
	}
	var sorted []string
	for s := range used {
		sorted = append(sorted, s)
	}
	slices.Sort(sorted)
	d := &column.Dict{Offsets: []uint32{0}}
	for _, s := range sorted {
		d.Bytes = append(d.Bytes, s...)
		d.Offsets = append(d.Offsets, uint32(len(d.Bytes)))
	}
	c := &column.Strings{Valid: valid, Dict: d}
	width := rapid.IntRange(1, 3).Draw(t, "width")
	for i, s := range v {
		code := uint32(0)
		if has[i] {
			code, _ = d.Find(s)
		}
		switch width {
		case 1:
			c.Codes.U8 = append(c.Codes.U8, uint8(code))
		case 2:
			c.Codes.U16 = append(c.Codes.U16, uint16(code))
		case 3:
			c.Codes.U32 = append(c.Codes.U32, code)
		}
	}
	if rapid.Bool().Draw(t, "in row order") {
		return exectest.Texts(c)
	}
	return c
}

// table makes a random snapshot.
func table(t *rapid.T) *column.Snapshot {
	n := rapid.IntRange(0, 150).Draw(t, "rows")
	root := build(t, profileType, n, func(int) bool { return false }).(*column.Struct)
	root.Valid = nil // a profile is never null, but its fields may be
	return &column.Snapshot{Schema: profileType, Root: root}
}

// rules makes random conditions. Slots are numbered as they are bound.
type rules struct {
	t     *rapid.T
	slots int
}

func info(t *check.Type) check.Info { return check.Info{T: t} }

func call(t *check.Type, o check.Op, args ...check.Node) *check.Call {
	return &check.Call{Info: info(t), Op: o, Args: args}
}

func member(x check.Node, name string) check.Node {
	f := x.Type().Field(name)
	return &check.Member{Info: info(f.Type), X: x, F: f}
}

func constant(t *check.Type, v any) check.Node { return &check.Const{Info: info(t), V: v} }

// pick draws one of the leaf fields of an object, its objects' included.
func (r *rules) pick(x check.Node) check.Node {
	f := rapid.SampledFrom(x.Type().Fields).Draw(r.t, "field")
	m := member(x, f.Name)
	if f.Type.Kind == check.Object {
		return r.pick(m)
	}
	return m
}

// cond draws a condition over the objects in scope, the innermost last.
func (r *rules) cond(depth int, scope []check.Node) check.Node {
	if depth > 0 {
		switch rapid.IntRange(0, 7).Draw(r.t, "connective") {
		case 0:
			return call(check.BoolType, check.And, r.cond(depth-1, scope), r.cond(depth-1, scope), r.cond(depth-1, scope))
		case 1:
			return call(check.BoolType, check.Or, r.cond(depth-1, scope), r.cond(depth-1, scope))
		case 2:
			return call(check.BoolType, check.Not, r.cond(depth-1, scope))
		case 3:
			either := call(check.BoolType, check.If, r.cond(depth-1, scope), r.cond(depth-1, scope), r.cond(depth-1, scope))
			return call(check.BoolType, check.Truth, either)
		case 4:
			return r.let(scope)
		case 5:
			return &check.Segment{Info: info(check.BoolType), ID: "s", Query: rule(r.t)}
		}
	}
	// Mostly about the innermost object, sometimes about one further out.
	x := scope[len(scope)-1]
	if rapid.IntRange(0, 4).Draw(r.t, "caret") == 0 {
		x = rapid.SampledFrom(scope).Draw(r.t, "outer")
	}
	if x.Type().Kind != check.Object {
		return r.about(x, depth, scope)
	}
	return r.about(r.pick(x), depth, scope)
}

// let draws a condition about a named value: a field, or a filtered list.
func (r *rules) let(scope []check.Node) check.Node {
	x := scope[len(scope)-1]
	if x.Type().Kind == check.Object {
		x = r.pick(x)
	}
	if x.Type().Kind == check.List && rapid.Bool().Draw(r.t, "filtered") {
		r.slots++
		elem := &check.Slot{Info: info(x.Type().Elem), N: r.slots}
		body := r.cond(0, append(slices.Clone(scope), elem))
		x = &check.Iterate{Info: info(x.Type()), Op: check.Filter, X: x, Slot: elem.N, Body: body}
	}
	r.slots++
	slot := r.slots
	named := &check.Slot{Info: info(x.Type()), N: slot, Name: "named"}
	body := call(check.BoolType, check.And, r.about(named, 0, scope), call(check.BoolType, check.Not, r.about(named, 0, scope)))
	return &check.Let{Info: info(check.BoolType), Slot: slot, Value: x, Body: body}
}

// about draws a condition about a value.
func (r *rules) about(x check.Node, depth int, scope []check.Node) check.Node {
	o := rapid.SampledFrom([]check.Op{check.IsNull, check.IsNotNull, check.Truth, check.Eq}).Draw(r.t, "test")
	if o != check.Eq {
		return call(check.BoolType, o, x)
	}
	compare := rapid.SampledFrom([]check.Op{check.Eq, check.Ne, check.Lt, check.Le, check.Gt, check.Ge}).Draw(r.t, "compare")
	switch x.Type().Kind {
	case check.Bool:
		return call(check.BoolType, rapid.SampledFrom([]check.Op{check.Eq, check.Ne}).Draw(r.t, "eq"), x, constant(check.BoolType, rapid.Bool().Draw(r.t, "k")))
	case check.Int:
		return r.aboutInt(x, compare)
	case check.Float:
		k := constant(check.FloatType, rapid.SampledFrom(floats).Draw(r.t, "k"))
		if rapid.Bool().Draw(r.t, "flip") {
			return call(check.BoolType, compare, k, x)
		}
		return call(check.BoolType, compare, x, k)
	case check.Timestamp:
		return call(check.BoolType, compare, x, constant(check.TimestampType, rapid.SampledFrom(small).Draw(r.t, "k")*1e9))
	case check.String:
		return r.aboutText(x)
	case check.List:
		return r.aboutList(x, compare, depth, scope)
	}
	return call(check.BoolType, check.Truth, x)
}

func (r *rules) aboutInt(x check.Node, compare check.Op) check.Node {
	switch rapid.IntRange(0, 4).Draw(r.t, "int") {
	case 0:
		list := make([]any, rapid.IntRange(0, 12).Draw(r.t, "n"))
		for i := range list {
			list[i] = rapid.SampledFrom(append(slices.Clone(small), large...)).Draw(r.t, "k")
		}
		o := rapid.SampledFrom([]check.Op{check.In, check.NotIn}).Draw(r.t, "in")
		return call(check.BoolType, o, x, constant(check.ListOf(check.IntType), list))
	case 1:
		f := call(check.FloatType, check.IntToFloat, x)
		return call(check.BoolType, compare, f, constant(check.FloatType, rapid.SampledFrom(append(slices.Clone(floats), 1<<53, 9.3e18, -9.3e18)).Draw(r.t, "k")))
	case 2: // no kernel for this
		sum := call(check.IntType, check.Add, x, constant(check.IntType, int64(1)))
		return call(check.BoolType, compare, sum, constant(check.IntType, int64(1)))
	}
	return call(check.BoolType, compare, x, constant(check.IntType, rapid.SampledFrom(append(slices.Clone(small), large...)).Draw(r.t, "k")))
}

func (r *rules) aboutText(x check.Node) check.Node {
	k := constant(check.StringType, rapid.SampledFrom(texts).Draw(r.t, "k"))
	l := constant(check.StringType, rapid.SampledFrom(texts).Draw(r.t, "l"))
	o := rapid.SampledFrom([]check.Op{check.Eq, check.Ne, check.StartsWith, check.NotStartsWith, check.EndsWith,
		check.Contains, check.NotContains, check.Equals, check.NotEquals, check.In, check.NotIn, check.Like, check.Matches}).Draw(r.t, "text")
	switch o {
	case check.In, check.NotIn:
		return call(check.BoolType, o, x, constant(check.ListOf(check.StringType), []any{rapid.SampledFrom(texts).Draw(r.t, "k"), nil, "CA"}))
	case check.Matches:
		return call(check.BoolType, o, x, constant(check.StringType, "(?i)^[cn]"))
	case check.Equals, check.NotEquals:
		c := call(check.BoolType, o, x, k, l)
		c.Fold = rapid.Bool().Draw(r.t, "fold")
		return c
	case check.Eq, check.Ne, check.Like:
		return call(check.BoolType, o, x, k)
	}
	c := call(check.BoolType, o, x, k)
	c.Fold = rapid.Bool().Draw(r.t, "fold")
	return c
}

// aboutList draws a condition about a list: its size, its elements, a field of
// them, a quantifier.
func (r *rules) aboutList(x check.Node, compare check.Op, depth int, scope []check.Node) check.Node {
	k := constant(check.IntType, rapid.Int64Range(-1, 4).Draw(r.t, "k"))
	if x.Type().Elem.Kind == check.Object && rapid.IntRange(0, 3).Draw(r.t, "gather") == 0 {
		f := rapid.SampledFrom(x.Type().Elem.Fields).Draw(r.t, "of")
		elem := f.Type
		if elem.Kind == check.List {
			elem = elem.Elem
		}
		x = &check.Gather{Info: info(check.ListOf(elem)), X: x, F: f}
	}
	if x.Type().Elem.Kind == check.String && rapid.IntRange(0, 3).Draw(r.t, "has") == 0 {
		o := rapid.SampledFrom([]check.Op{check.In, check.NotIn}).Draw(r.t, "in")
		return call(check.BoolType, o, constant(check.StringType, rapid.SampledFrom(texts).Draw(r.t, "k")), x)
	}
	r.slots++
	slot := r.slots
	elem := &check.Slot{Info: info(x.Type().Elem), N: slot, Name: fmt.Sprint("x", slot)}
	body := r.cond(max(depth-1, 0), append(slices.Clone(scope), elem))
	switch rapid.IntRange(0, 6).Draw(r.t, "fold") {
	case 0:
		return &check.Iterate{Info: info(check.BoolType), Op: check.Exists, X: x, Slot: slot, Body: body}
	case 1:
		return &check.Iterate{Info: info(check.BoolType), Op: check.ForAll, X: x, Slot: slot, Body: body}
	case 2:
		return &check.Comprehend{Info: info(check.BoolType), Op: rapid.SampledFrom([]check.Fold{check.Exists, check.ForAll}).Draw(r.t, "quantifier"),
			Decls: []check.Decl{{Slot: slot, Name: "x", From: x, Where: body}}}
	case 3:
		s := &check.Comprehend{Info: info(x.Type()), Op: check.Select, Decls: []check.Decl{{Slot: slot, Name: "x", From: x, Where: body}}}
		return call(check.BoolType, compare, call(check.IntType, check.Count, s), k)
	case 4:
		if x.Type().Elem == eventType {
			return &check.Chain{Info: info(check.BoolType), X: x, Slot: slot, Order: member(elem, "at"),
				Steps: []check.Step{{Label: "a", Cond: body, Count: rapid.Int64Range(1, 3).Draw(r.t, "count")}}}
		}
	}
	filtered := &check.Iterate{Info: info(check.ListOf(x.Type().Elem)), Op: check.Filter, X: x, Slot: slot, Body: body}
	if rapid.Bool().Draw(r.t, "truth") {
		return call(check.BoolType, check.Truth, filtered)
	}
	return call(check.BoolType, compare, call(check.IntType, check.Count, filtered), k)
}

// rule draws a whole query.
func rule(t *rapid.T) *check.Query {
	r := &rules{t: t}
	cond := r.cond(rapid.IntRange(0, 3).Draw(t, "depth"), []check.Node{&check.Slot{Info: info(profileType), N: 0}})
	return &check.Query{Root: cond, Cond: cond, Slots: r.slots + 1}
}
