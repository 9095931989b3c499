package check

import "time"

// Resolve returns the instants that a window accepts at one now, when that is the
// same for every profile: when its operands are now, calendar units, dates and
// literals. The stretches are as in [Window.Stretches].
func (w *Window) Resolve(now int64) (accepted []Stretch, ok bool) {
	ref, ok := moment(w.Ref, now)
	if !ok {
		return nil, false
	}
	to := Stretch{}
	if w.To != nil {
		if to, ok = moment(w.To, now); !ok {
			return nil, false
		}
	}
	return w.Stretches(ref, to), true
}

// moment returns the value of an operand that does not depend on the profile.
func moment(n Node, now int64) (Stretch, bool) {
	switch n := n.(type) {
	case *Const:
		ms, ok := n.V.(int64)
		return Stretch{ms, ms}, ok && n.T.Kind == Timestamp
	case *Calendar:
		return CalendarUnit(now, int64(n.Offset), n.Unit), true
	case *Call:
		switch n.Op {
		case Now:
			return Stretch{now, now}, true
		case Date:
			return dateMoment(n.Args, now)
		}
	}
	return Stretch{}, false
}

// dateMoment returns the day of date(y, m, d) when its arguments are known.
func dateMoment(args []Node, now int64) (Stretch, bool) {
	var parts [3]int64
	for i, a := range args {
		v, ok := wholeNumber(a, now)
		if !ok {
			return Stretch{}, false
		}
		parts[i] = v
	}
	return Day(parts[0], parts[1], parts[2])
}

// wholeNumber returns the value of an integer expression over literals and now.
func wholeNumber(n Node, now int64) (int64, bool) {
	if k, ok := n.(*Const); ok {
		v, ok := k.V.(int64)
		return v, ok
	}
	c, ok := n.(*Call)
	if !ok {
		return 0, false
	}
	at := time.UnixMilli(now).UTC()
	switch c.Op {
	case CurrentYear:
		return int64(at.Year()), true
	case CurrentMonth:
		return int64(at.Month()), true
	case CurrentDayOfMonth:
		return int64(at.Day()), true
	case Add, Sub:
		a, aok := wholeNumber(c.Args[0], now)
		b, bok := wholeNumber(c.Args[1], now)
		if c.Op == Sub {
			b = -b
		}
		return a + b, aok && bok
	}
	return 0, false
}
