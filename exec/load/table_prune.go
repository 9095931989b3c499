package load

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"

	"github.com/segq/segq/exec/load/parquet"
	"github.com/segq/segq/lang/check"
)

// The statistics of row groups say for many conditions that no row of a group can meet them.
// Where nothing is asked of a table but how many rows meet some, the groups of which none
// can need not be read.

// Narrow returns a table of the row groups in which, by their statistics, a row may meet one of
// the conditions, as of a moment in milliseconds since 1970, and how many rows the others
// have. It is nil where that leaves nothing out, or where what a field is depends on all of its
// values. It has the files of t, and is closed in its place.
func (t *Table) Narrow(conditions []check.Node, now int64) (narrow *Table, others int, err error) {
	if slices.ContainsFunc(t.units, func(u *unit) bool { return u.doubtful }) {
		return nil, 0, nil
	}
	p := &pruning{table: t, now: now}
	narrow = t.emptied()
	narrow.report.Notes, narrow.report.Misfits = t.report.Notes, t.report.Misfits // which were told
	for i, f := range t.files {
		p.file, p.columns = i, map[int][]parquet.Column{}
		own := narrow.files[i]
		for g, group := range f.file.Meta.Groups {
			if slices.ContainsFunc(conditions, func(n check.Node) bool { return p.may(n, g) }) {
				own.file.Meta.Groups = append(own.file.Meta.Groups, group)
				own.rows += int(group.Rows)
			} else {
				others += int(group.Rows)
			}
		}
	}
	if others == 0 || p.err != nil {
		return nil, 0, p.err
	}
	return narrow, others, narrow.outlined()
}

// emptied returns a table of the same files without a row group.
func (t *Table) emptied() *Table {
	none := &Table{options: t.options, brief: true}
	for _, f := range t.files {
		own, meta, file := *f, *f.file.Meta, *f.file
		meta.Groups, own.rows = nil, 0
		file.Meta, own.file = &meta, &file
		none.files = append(none.files, &own)
	}
	return none
}

// pruning looks at the statistics of a file.
type pruning struct {
	table   *Table
	now     int64
	file    int
	columns map[int][]parquet.Column // those that were looked at
	err     error
}

// may says whether a row of a row group may meet a condition.
func (p *pruning) may(n check.Node, group int) bool {
	switch n := n.(type) {
	case *check.Const:
		v, ok := n.V.(bool)
		return !ok || v
	case *check.Segment:
		return p.may(n.Query.Cond, group)
	case *check.Occurs:
		accepted, ok := n.Window.Resolve(p.now)
		return !ok || p.within(n.X, group, func(low, high any) bool {
			return slices.ContainsFunc(accepted, func(s check.Stretch) bool {
				return !before(high, s.Start) && (s.End == check.Latest || before(low, s.End))
			})
		})
	case *check.Call:
		return p.mayCall(n, group)
	}
	return true
}

func (p *pruning) mayCall(n *check.Call, group int) bool {
	may := func(a check.Node) bool { return p.may(a, group) }
	switch n.Op {
	case check.And:
		return !slices.ContainsFunc(n.Args, func(a check.Node) bool { return !may(a) })
	case check.Or:
		return slices.ContainsFunc(n.Args, may)
	}
	constants, ok := constantsOf(n)
	if !ok || n.Fold {
		return true
	}
	return p.within(n.Args[0], group, func(low, high any) bool {
		return slices.ContainsFunc(constants, func(k any) bool { return mayBe(n.Op, low, high, k) })
	})
}

// bounded are the tests that bounds say something of.
var bounded = []check.Op{check.Eq, check.In, check.Equals, check.Lt, check.Le, check.Gt, check.Ge, check.StartsWith}

// constantsOf returns what the first operand of such a test is compared with, if these are
// constants.
func constantsOf(n *check.Call) (all []any, ok bool) {
	if !slices.Contains(bounded, n.Op) {
		return nil, false
	}
	for _, a := range n.Args[1:] {
		k, ok := a.(*check.Const)
		if !ok || k.V == nil {
			return nil, false
		}
		if list, ok := k.V.([]any); ok {
			all = append(all, list...)
			continue
		}
		all = append(all, k.V)
	}
	return all, len(all) > 0
}

// mayBe says whether a value between two bounds may pass a test against a constant.
func mayBe(op check.Op, low, high, k any) bool {
	switch op {
	case check.Eq, check.In, check.Equals:
		return !before(k, low) && !before(high, k)
	case check.Lt:
		return before(low, k)
	case check.Le:
		return !before(k, low)
	case check.Gt:
		return before(k, high)
	case check.Ge:
		return !before(high, k)
	case check.StartsWith:
		least, _ := low.(string)
		prefix, ok := k.(string)
		return !ok || !before(high, k) && (least <= prefix || strings.HasPrefix(least, prefix))
	}
	return true
}

// before says whether a value is less than another, if they can be compared.
func before(a, b any) bool {
	switch a := a.(type) {
	case bool:
		b, ok := b.(bool)
		return ok && !a && b
	case string:
		b, ok := b.(string)
		return ok && a < b
	case int64:
		switch b := b.(type) {
		case int64:
			return a < b
		case float64:
			return float64(a) < b
		}
	case float64:
		switch b := b.(type) {
		case int64:
			return a < float64(b)
		case float64:
			return a < b
		}
	}
	return false
}

// within says whether a row group may have a value of a field for which f holds, which is given
// the bounds of all of them: f of nothing is false, and of what is not known true.
func (p *pruning) within(n check.Node, group int, f func(low, high any) bool) bool {
	b := p.table.top.at(n)
	if b == nil || b.unit == nil || b.unit.cast || b.kinds&kindForms != 0 {
		return true
	}
	if k := b.unit.keys[p.file]; k != nil {
		v := k.bound()
		return v != nil && f(v, v)
	}
	columns := b.unit.columns[p.file]
	if len(columns) != 1 {
		return len(columns) > 0 // a field that the file does not have is null
	}
	c := p.chunk(columns[0], group)
	if c == nil {
		return true
	}
	if c.Nulls >= 0 && c.Nulls == c.Values {
		return false
	}
	leaf := p.table.files[p.file].leaves[columns[0]]
	low, okLow := leaf.bound(c.Least)
	high, okHigh := leaf.bound(c.Greatest)
	return !c.Ordered || !okLow || !okHigh || f(low, high)
}

// chunk returns what the footer says of a column in a row group; nil where that is damaged.
func (p *pruning) chunk(column, group int) *parquet.Column {
	chunks, known := p.columns[column]
	if !known {
		var err error
		if chunks, err = p.table.files[p.file].file.Meta.Column(column); err != nil {
			p.err = err
		}
		p.columns[column] = chunks
	}
	if chunks == nil {
		return nil
	}
	return &chunks[group]
}

// at returns the branch of a field of the profile, through objects; nil for any other
// expression.
func (b *branch) at(n check.Node) *branch {
	switch n := n.(type) {
	case *check.Slot:
		if n.N == 0 {
			return b
		}
	case *check.Call:
		if n.Op == check.IntToFloat {
			return b.at(n.Args[0])
		}
	case *check.Member:
		if x := b.at(n.X); x != nil {
			return x.fields[n.F.Name]
		}
	}
	return nil
}

// bound reads a bound of the values of a leaf that is in no list: a whole number, a float, a
// text, or the milliseconds of an instant.
func (f *leafPlan) bound(b []byte) (v any, ok bool) {
	if b == nil || f == nil || f.maxRep > 0 {
		return nil, false
	}
	values := &parquet.Values{}
	switch t := f.element.Type; {
	case t == parquet.Int32 && len(b) == 4:
		values.Ints = []int64{int64(int32(binary.LittleEndian.Uint32(b)))}
	case t == parquet.Int64 && len(b) == 8:
		values.Ints = []int64{int64(binary.LittleEndian.Uint64(b))}
	case t == parquet.Float && len(b) == 4:
		values.Floats = []float64{float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))}
	case t == parquet.Double && len(b) == 8:
		values.Floats = []float64{math.Float64frombits(binary.LittleEndian.Uint64(b))}
	case t == parquet.ByteArray && f.element.text():
		return string(b), true
	default:
		return nil, false
	}
	switch s := f.convert(f, values); {
	case len(s.ints) == 1 && s.large == nil:
		return s.ints[0], true
	case len(s.times) == 1:
		return s.times[0], true
	case len(s.floats) == 1 && !math.IsNaN(s.floats[0]):
		return s.floats[0], true
	}
	return nil, false
}
