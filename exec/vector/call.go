package vector

import (
	"cmp"
	"strings"
	"time"

	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/lang/check"
)

// call applies an operation.
func (e *Evaluator) call(n *check.Call, f *frame) *vector {
	switch n.Op {
	case check.And, check.Or:
		return e.connective(n, f)
	case check.Not:
		v := e.condition(f)
		kernel.Not(v.bits, e.eval(n.Args[0], f).bits, f.n)
		return v
	case check.Truth:
		return e.truth(e.eval(n.Args[0], f), f)
	case check.If:
		return e.choice(n, f)
	case check.IsNull, check.IsNotNull:
		v := e.present(e.eval(n.Args[0], f), f)
		if n.Op == check.IsNull {
			kernel.Not(v.bits, v.bits, f.n)
		}
		return v
	case check.In, check.NotIn:
		return e.in(n, f)
	case check.Intersects, check.SubsetOf, check.SupersetOf:
		return e.setTest(n, f)
	case check.Intersection:
		return e.intersection(n, f)
	case check.Distinct:
		return e.distinct(n, f)
	case check.Count:
		return e.count(e.eval(n.Args[0], f), f)
	case check.Head:
		return e.head(n, f)
	case check.Now, check.CurrentYear, check.CurrentMonth, check.CurrentDayOfMonth:
		return e.clock(n.Op, f)
	}
	return e.strict(n, f)
}

// condition gives a Bool of zeros that is never null.
func (e *Evaluator) condition(f *frame) *vector {
	v := e.vector(check.Bool)
	v.bits = e.bitmap(f.n)
	return v
}

// connective joins conditions. What the first operands have decided no longer needs
// the others.
func (e *Evaluator) connective(n *check.Call, f *frame) *vector {
	out := e.condition(f)
	need := f.need
	left := e.bitmap(f.n)
	if need != nil {
		copy(left, need)
	} else {
		fillBits(left, f.n)
	}
	if n.Op == check.And {
		copy(out.bits, left)
	}
	for _, a := range n.Args {
		if !kernel.Any(left) {
			break
		}
		f.need = left
		v := e.eval(a, f)
		next := e.bitmap(f.n)
		copy(next, left)
		if n.Op == check.And {
			kernel.And(out.bits, v.bits)
			kernel.And(next, v.bits)
		} else {
			kernel.Or(out.bits, v.bits)
			kernel.AndNot(next, v.bits)
		}
		left = next
	}
	f.need = need
	return out
}

// narrowed runs body with only some of the positions needed.
func (e *Evaluator) narrowed(f *frame, mask []uint64, body func()) {
	outer := f.need
	if mask != nil {
		need := e.bitmap(f.n)
		copy(need, mask)
		if outer != nil {
			kernel.And(need, outer)
		}
		f.need = need
	}
	body()
	f.need = outer
}

// truth reads a value as a condition: a Bool is its value, a list is true when it
// is not empty, anything else when it is present.
func (e *Evaluator) truth(v *vector, f *frame) *vector {
	switch v.kind {
	case check.Bool:
		out := e.condition(f)
		copy(out.bits, v.bits)
		if v.valid != nil {
			kernel.And(out.bits, v.valid[:len(out.bits)])
		}
		return out
	case check.List:
		return e.exists(v, v.list.mask, f)
	}
	return e.present(v, f)
}

// present says where v is not null.
func (e *Evaluator) present(v *vector, f *frame) *vector {
	out := e.condition(f)
	if v.valid == nil {
		fillBits(out.bits, f.n)
	} else {
		copy(out.bits, v.valid)
		clip(out.bits, f.n)
	}
	return out
}

// clip clears the bits from n on.
func clip(b []uint64, n int) {
	if n&63 != 0 {
		b[len(b)-1] &= 1<<(n&63) - 1
	}
}

// choice takes for each position the branch that its condition says.
func (e *Evaluator) choice(n *check.Call, f *frame) *vector {
	when := e.eval(n.Args[0], f).bits
	other := e.bitmap(f.n)
	kernel.Not(other, when, f.n)
	var a, b *vector
	e.narrowed(f, when, func() { a = e.eval(n.Args[1], f) })
	e.narrowed(f, other, func() { b = e.eval(n.Args[2], f) })
	out := e.vector(n.T.Kind)
	if a.valid != nil || b.valid != nil {
		out.valid = e.bitmap(f.n)
		x, y := e.present(a, f).bits, e.present(b, f).bits
		for i, w := range when {
			out.valid[i] = x[i]&w | y[i]&^w
		}
	}
	switch n.T.Kind {
	case check.Bool:
		out.bits = e.bitmap(f.n)
		for i, w := range when {
			out.bits[i] = a.bits[i]&w | b.bits[i]&^w
		}
	case check.Float:
		out.real = e.floats(f.n)
		for i := range out.real {
			if when[i>>6]>>(i&63)&1 != 0 {
				out.real[i] = a.numberOf(i)
			} else {
				out.real[i] = b.numberOf(i)
			}
		}
	case check.String:
		e.chooseText(out, a, b, when, f)
	case check.Interval:
		out.ints, out.ends = e.longs(f.n), e.longs(f.n)
		choose(out.ints, a.ints, b.ints, when)
		choose(out.ends, a.ends, b.ends, when)
	default:
		out.ints = e.longs(f.n)
		choose(out.ints, a.ints, b.ints, when)
	}
	return out
}

// numberOf is number, but for a null without a number.
func (v *vector) numberOf(i int) float64 {
	if v.null(i) {
		return 0
	}
	return v.number(i)
}

func choose(dst, a, b []int64, when []uint64) {
	for i := range dst {
		if when[i>>6]>>(i&63)&1 != 0 {
			dst[i] = a[i]
		} else {
			dst[i] = b[i]
		}
	}
}

func (e *Evaluator) chooseText(out, a, b *vector, when []uint64, f *frame) {
	out.texts = make([]string, f.n)
	for i := range out.texts {
		from := b
		if when[i>>6]>>(i&63)&1 != 0 {
			from = a
		}
		if !from.null(i) {
			out.texts[i] = from.text(i)
		}
	}
}

// strict applies an operation to the values of its operands.
func (e *Evaluator) strict(n *check.Call, f *frame) *vector {
	if n.Op >= check.Eq && n.Op <= check.Ge {
		return e.compare(n.Op, e.lazy(n.Args[0], f), e.lazy(n.Args[1], f), f)
	}
	args := make([]*vector, len(n.Args))
	for i, a := range n.Args {
		args[i] = e.eval(a, f)
	}
	switch {
	case n.Op >= check.Neg && n.Op <= check.Mod:
		return e.arithmetic(n, args, f)
	case n.Op >= check.StartsWith && n.Op <= check.RegexGroup:
		return e.textCall(n, args, f)
	case n.Op >= check.Get && n.Op <= check.Values:
		return e.lookup(n, args, f)
	case n.Op >= check.GetYear && n.Op <= check.Date:
		return e.timePart(n, args, f)
	case n.Op == check.IntToFloat:
		out := e.vector(check.Float)
		out.valid, out.real = args[0].valid, e.floats(f.n)
		for i, x := range args[0].ints[:f.n] {
			out.real[i] = float64(x)
		}
		return out
	case n.Op == check.IntToTimestamp:
		out := e.vector(check.Timestamp)
		out.valid, out.ints = args[0].valid, args[0].ints
		return out
	}
	panic("vector: an operation that is not supported")
}

// both gives the positions where neither is null; nil is all.
func (e *Evaluator) both(f *frame, vs ...*vector) []uint64 {
	var valid []uint64
	for _, v := range vs {
		switch {
		case v.valid == nil:
		case valid == nil:
			valid = v.valid
		default:
			out := e.bitmap(f.n)
			copy(out, valid)
			kernel.And(out, v.valid[:len(out)])
			valid = out
		}
	}
	return valid
}

// compare is a comparison, which fails where one of the two is null.
func (e *Evaluator) compare(op check.Op, x, y *vector, f *frame) *vector {
	out := e.condition(f)
	if x.constant != nil && y.constant == nil {
		op, x, y = flipped(op), y, x
	}
	if y.constant != nil && e.compareConstant(op, x, y.constant, out.bits, f.n) {
		if x.valid != nil {
			kernel.And(out.bits, x.valid[:len(out.bits)])
		}
		return out
	}
	x, y = e.force(x, f.n), e.force(y, f.n)
	switch {
	case x.kind == check.String:
		e.compareTexts(op, x, y, out.bits, f.n)
	case x.kind == check.Float || y.kind == check.Float:
		compareWith(op, e.reals(x, f.n), e.reals(y, f.n), out.bits)
	case x.kind == check.Bool:
		for i := range out.bits {
			out.bits[i] = x.bits[i] ^ y.bits[i]
			if op == check.Eq {
				out.bits[i] = ^out.bits[i]
			}
		}
		clip(out.bits, f.n)
	case x.kind == check.Interval:
		for i := range f.n {
			if (x.ints[i] == y.ints[i] && x.ends[i] == y.ends[i]) == (op == check.Eq) {
				out.bits[i>>6] |= 1 << (i & 63)
			}
		}
	default:
		compareWith(op, x.ints[:f.n], y.ints[:f.n], out.bits)
	}
	if valid := e.both(f, x, y); valid != nil {
		kernel.And(out.bits, valid[:len(out.bits)])
	}
	return out
}

// reals gives numbers as float64.
func (e *Evaluator) reals(v *vector, n int) []float64 {
	if v.kind == check.Float {
		return v.real[:n]
	}
	out := e.floats(n)
	for i, x := range v.ints[:n] {
		out[i] = float64(x)
	}
	return out
}

// compareWith compares numbers one by one. Not-a-number is unequal to all, itself
// included, and has no order.
func compareWith[T int64 | float64](op check.Op, x, y []T, dst []uint64) {
	switch op {
	case check.Eq:
		kernel.Equal(dst, x, y)
	case check.Ne:
		kernel.Equal(dst, x, y)
		kernel.Not(dst, dst, len(x))
	case check.Lt:
		kernel.Less(dst, x, y)
	case check.Le:
		kernel.LessEqual(dst, x, y)
	case check.Gt:
		kernel.Less(dst, y, x)
	case check.Ge:
		kernel.LessEqual(dst, y, x)
	}
}

func bit(b bool) uint64 {
	if b {
		return 1
	}
	return 0
}

// compareTexts is = or != of strings.
func (e *Evaluator) compareTexts(op check.Op, x, y *vector, dst []uint64, n int) {
	if x.same {
		x, y = y, x
	}
	if x.dict != nil && y.same {
		code, found := x.dict.Find(y.texts[0])
		for i, c := range x.codes[:n] {
			dst[i>>6] |= bit((found && c == code) == (op == check.Eq)) << (i & 63)
		}
		return
	}
	for i := range n {
		if x.null(i) || y.null(i) {
			continue
		}
		same := false
		if x.dict != nil && x.dict == y.dict {
			same = x.codes[i] == y.codes[i]
		} else {
			same = x.text(i) == y.text(i)
		}
		dst[i>>6] |= bit(same == (op == check.Eq)) << (i & 63)
	}
}

// order compares two positions of vectors of one kind, neither of them null, as
// the extremes do: not-a-number is less than any number.
func order(x *vector, i int, y *vector, j int) int {
	switch x.kind {
	case check.String:
		if x.dict != nil && x.dict == y.dict {
			return cmp.Compare(x.codes[i], y.codes[j])
		}
		return strings.Compare(x.text(i), y.text(j))
	case check.Float:
		return cmp.Compare(x.real[i], y.number(j))
	case check.Bool:
		return int(bit(x.bit(i))) - int(bit(y.bit(j)))
	}
	if y.kind == check.Float {
		return cmp.Compare(x.number(i), y.real[j])
	}
	return cmp.Compare(x.ints[i], y.ints[j])
}

// clock gives now, or a part of it in UTC.
func (e *Evaluator) clock(op check.Op, f *frame) *vector {
	t := time.UnixMilli(e.p.now).UTC()
	kind, x := check.Int, int64(0)
	switch op {
	case check.CurrentYear:
		x = int64(t.Year())
	case check.CurrentMonth:
		x = int64(t.Month())
	case check.CurrentDayOfMonth:
		x = int64(t.Day())
	default:
		kind, x = check.Timestamp, e.p.now
	}
	v := e.vector(kind)
	v.ints = filled(e.longs(f.n), x)
	return v
}

// timePart gives a part of an instant in UTC, or the day that three integers name.
func (e *Evaluator) timePart(n *check.Call, args []*vector, f *frame) *vector {
	if n.Op == check.Date {
		return e.date(args, f)
	}
	out := e.vector(check.Int)
	out.valid, out.ints = args[0].valid, e.longs(f.n)
	for i, ms := range args[0].ints[:f.n] {
		year, month, day := civil(ms)
		switch n.Op {
		case check.GetYear:
			out.ints[i] = year
		case check.GetMonth:
			out.ints[i] = month
		default:
			out.ints[i] = day
		}
	}
	return out
}

// civil gives the date of an instant in UTC, in the proleptic Gregorian calendar
// (Hinnant, chrono-Compatible Low-Level Date Algorithms, civil_from_days).
func civil(ms int64) (year, month, day int64) {
	const msPerDay = 86_400_000
	days := ms / msPerDay
	if ms%msPerDay < 0 {
		days--
	}
	if days < -1e11 || days > 1e11 { // past what the arithmetic below can do
		t := time.UnixMilli(ms).UTC()
		return int64(t.Year()), int64(t.Month()), int64(t.Day())
	}
	days += 719_468 // since 1 March of the year 0
	era := days / 146_097
	if days%146_097 < 0 {
		era--
	}
	ofEra := uint32(days - era*146_097)
	yearOfEra := (ofEra - ofEra/1460 + ofEra/36_524 - ofEra/146_096) / 365
	ofYear := ofEra - (365*yearOfEra + yearOfEra/4 - yearOfEra/100)
	shifted := (5*ofYear + 2) / 153 // months since March
	day = int64(ofYear-(153*shifted+2)/5) + 1
	month = int64(shifted) + 3
	if month > 12 {
		month -= 12
	}
	year = int64(yearOfEra) + era*400
	if month <= 2 {
		year++
	}
	return year, month, day
}

func (e *Evaluator) date(args []*vector, f *frame) *vector {
	out := e.vector(check.Interval)
	out.valid, out.ints, out.ends = e.bitmap(f.n), e.longs(f.n), e.longs(f.n)
	for i := range f.n {
		if args[0].null(i) || args[1].null(i) || args[2].null(i) {
			continue
		}
		if day, ok := check.Day(args[0].ints[i], args[1].ints[i], args[2].ints[i]); ok {
			out.ints[i], out.ends[i] = day.Start, day.End
			out.valid[i>>6] |= 1 << (i & 63)
		}
	}
	return out
}

// occurs says whether an instant lies in a window: false where an operand is null.
func (e *Evaluator) occurs(n *check.Occurs, f *frame) *vector {
	if accepted, ok := n.Window.Resolve(e.p.now); ok {
		return e.within(accepted, e.eval(n.X, f), f)
	}
	x, ref := e.eval(n.X, f), e.eval(n.Window.Ref, f)
	to := &vector{ints: ref.ints}
	vs := []*vector{x, ref}
	if n.Window.To != nil {
		to = e.eval(n.Window.To, f)
		vs = append(vs, to)
	}
	valid := e.both(f, vs...)
	out := e.condition(f)
	var last [2]check.Stretch
	var accepted []check.Stretch
	known := false
	for i := range f.n {
		if valid != nil && valid[i>>6]>>(i&63)&1 == 0 || e.halted(i) {
			continue
		}
		var now [2]check.Stretch
		now[0] = ref.stretch(i)
		if n.Window.To != nil {
			now[1] = to.stretch(i)
		}
		if !known || now != last {
			accepted = n.Window.Stretches(now[0], now[1])
			last, known = now, true
		}
		for _, s := range accepted {
			if s.Start <= x.ints[i] && x.ints[i] < s.End {
				out.bits[i>>6] |= 1 << (i & 63)
			}
		}
	}
	return out
}

// within says which instants lie in one of some stretches.
func (e *Evaluator) within(accepted []check.Stretch, x *vector, f *frame) *vector {
	out := e.condition(f)
	some := e.bitmap(f.n)
	for _, s := range accepted {
		if s.Start < s.End {
			kernel.Range(some, x.ints[:f.n], s.Start, s.End-1)
			kernel.Or(out.bits, some)
		}
	}
	if x.valid != nil {
		kernel.And(out.bits, x.valid[:len(out.bits)])
	}
	return out
}

// stretch is an Interval, or a Timestamp in the form that a window takes.
func (v *vector) stretch(i int) check.Stretch {
	if v.kind == check.Interval {
		return check.Stretch{Start: v.ints[i], End: v.ends[i]}
	}
	return check.Stretch{Start: v.ints[i], End: v.ints[i]}
}

// lookup is an operation on maps.
func (e *Evaluator) lookup(n *check.Call, args []*vector, f *frame) *vector {
	l := args[0].list
	e.force(l.keys, l.frame.n)
	if n.Op != check.Get {
		out := e.vector(check.List)
		out.valid = args[0].valid
		own := *l
		if n.Op == check.Keys {
			own.elems = l.keys
		}
		own.keys = nil
		out.list = &own
		return out
	}
	at := e.words32(f.n)
	found := e.bitmap(f.n)
	valid := e.both(f, args...)
	for i := range f.n {
		at[i] = 0
		if valid != nil && valid[i>>6]>>(i&63)&1 == 0 {
			continue
		}
		key := args[1].text(i)
		for k := l.offsets[i]; k < l.offsets[i+1]; k++ {
			if l.in(int(k)) && l.keys.text(int(k)) == key {
				at[i] = k
				found[i>>6] |= 1 << (i & 63)
				break
			}
		}
	}
	if l.frame.n == 0 {
		return e.nulls(n.T.Kind, f)
	}
	out := e.pick(e.elems(l), at, f)
	if out.valid == nil {
		out.valid = found
	} else {
		kernel.And(out.valid, found)
	}
	return out
}
