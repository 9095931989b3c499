package check

import "github.com/segq/segq/lang/ast"

// Stretches returns the instants that the window accepts: up to three stretches,
// in order, without overlap; none when nothing is accepted. ref and to are the
// values of Ref and To, an instant t as Stretch{t, t}: an empty stretch is an
// instant, a longer one an interval.
func (w *Window) Stretches(ref, to Stretch) []Stretch {
	switch {
	case w.To != nil:
		return stretch(ref.Start, max(to.End, after(to.Start)))
	case w.Op == "":
		return w.undistanced(ref)
	case w.Op == "!=":
		return complement(w.distanced("=", ref.Start))
	}
	return w.distanced(w.Op, ref.Start)
}

// undistanced is the window without a distance: before, after, from, on.
func (w *Window) undistanced(ref Stretch) []Stretch {
	instant := ref.Start == ref.End
	switch {
	case w.Dir == "before":
		return stretch(Earliest, ref.Start)
	case w.Dir == "after" && instant:
		return stretch(after(ref.Start), Latest)
	case w.Dir == "after":
		return stretch(ref.End, Latest)
	case w.Dir == "from":
		return stretch(ref.Start, Latest)
	case instant:
		day := Truncate(ref.Start, dayUnit)
		return stretch(day, AddUnits(day, 1, dayUnit))
	}
	return stretch(ref.Start, ref.End)
}

// distanced is the window of a distance from the instant r.
func (w *Window) distanced(op string, r int64) []Stretch {
	var before, later []Stretch
	if w.Dir != "after" {
		before = w.backwards(op, r)
	}
	if w.Dir != "before" {
		later = w.forwards(op, r)
	}
	return union(before, later)
}

// backwards is the window on the side before r.
func (w *Window) backwards(op string, r int64) []Stretch {
	edge := AddUnits(r, -w.N, w.Unit)
	switch op {
	case "<":
		return stretch(after(edge), r)
	case "<=":
		return stretch(edge, r)
	case ">":
		return stretch(Earliest, edge)
	case ">=":
		return stretch(Earliest, after(edge))
	}
	return w.unitOf(edge)
}

// forwards is the window on the side after r, the mirror of backwards.
func (w *Window) forwards(op string, r int64) []Stretch {
	edge := AddUnits(r, w.N, w.Unit)
	switch op {
	case "<":
		return stretch(after(r), edge)
	case "<=":
		return stretch(after(r), after(edge))
	case ">":
		return stretch(after(edge), Latest)
	case ">=":
		return stretch(edge, Latest)
	}
	return w.unitOf(edge)
}

// unitOf is the whole unit that an instant lies in.
func (w *Window) unitOf(t int64) []Stretch {
	if t == Earliest || t == Latest {
		return nil
	}
	start := Truncate(t, w.Unit)
	return stretch(start, AddUnits(start, 1, w.Unit))
}

const dayUnit = ast.Day

// stretch returns the one stretch from start to before end, if it is not empty.
func stretch(start, end int64) []Stretch {
	if start >= end {
		return nil
	}
	return []Stretch{{start, end}}
}

// after returns the instant after t; the ends of time stay what they are.
func after(t int64) int64 {
	if t == Earliest || t == Latest {
		return t
	}
	return t + 1
}

// union joins two sets of at most one stretch each.
func union(a, b []Stretch) []Stretch {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	x, y := a[0], b[0]
	if y.Start < x.Start {
		x, y = y, x
	}
	if y.Start <= x.End {
		return stretch(x.Start, max(x.End, y.End))
	}
	return []Stretch{x, y}
}

// complement returns the instants outside of in, which is in order.
func complement(in []Stretch) []Stretch {
	var out []Stretch
	start := int64(Earliest)
	for _, s := range in {
		out = append(out, stretch(start, s.Start)...)
		start = s.End
	}
	return append(out, stretch(start, Latest)...)
}
