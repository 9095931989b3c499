package vector

import (
	"time"

	"github.com/segq/segq/exec/kernel"
	"github.com/segq/segq/lang/check"
)

// clock returns now, or a part of it in UTC.
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

// timePart returns a part of an instant in UTC, or the day that three integers name.
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

// civil returns the date of an instant in UTC, in the proleptic Gregorian calendar
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

func (e *Evaluator) interval(start, end int64, n int) *vector {
	v := e.vector(check.Interval)
	v.ints, v.ends = filled(e.longs(n), start), filled(e.longs(n), end)
	return v
}
