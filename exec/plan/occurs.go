package plan

import (
	"math"
	"slices"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/lang/check"
)

// A window that does not depend on the profile accepts a few ranges of instants.
// They are found by asking the reference evaluator, as answers about strings are:
// where its answer changes is searched between instants that are known to lie on
// different sides. The calendar is thus told in one place.

// timeField is the only field of the table that a prober asks about.
var timeField = &check.Field{Name: "time", Type: check.TimestampType}

// timeType is the type of its one row.
var timeType = check.ObjectOf(timeField)

// distant bounds the instants that are asked about, to a million years around
// 1970: what holds there holds for those beyond.
const distant = int64(1) << 55

// occurs compiles a column of instants against a window.
func (c *compiler) occurs(n *check.Occurs, e *env) (id, error) {
	x, e := e.deref(n.X)
	if call, ok := x.(*check.Call); ok && call.Op == check.IntToTimestamp {
		x, e = e.deref(call.Args[0])
	}
	p, ok := c.place(x, e)
	if !ok {
		return 0, unsupported("it asks about a computed time")
	}
	switch column.Stored(p.col).(type) {
	case *column.Nulls:
		return never, nil
	case *column.Timestamps, *column.Ints:
	default:
		return 0, unsupported("it uses a time that is not an instant")
	}
	w := n.Window
	if !fixed(w.Ref) || w.To != nil && !fixed(w.To) {
		return 0, unsupported("its window depends on the profile")
	}
	if c.single && (check.UsesNow(w.Ref) || w.To != nil && check.UsesNow(w.To)) {
		return c.moving(p, w), nil
	}
	return c.in(p, valueSet{spans: union(c.window(w), nil)}, "occurs in a window"), nil
}

// window returns the instants that a window accepts.
func (c *compiler) window(w check.Window) []span {
	if stretches, ok := w.Resolve(c.now.UnixMilli()); ok {
		spans := make([]span, len(stretches))
		for i, s := range stretches {
			spans[i] = spanOf(s)
		}
		return spans
	}
	key := string(c.identities.Of(probe(w)))
	if r, ok := c.windows[key]; ok {
		return r
	}
	r := c.probed(w)
	c.windows[key] = r
	return r
}

// spanOf returns the instants of a stretch.
func spanOf(s check.Stretch) span {
	if s.End == check.Latest {
		return span{s.Start, math.MaxInt64}
	}
	return span{s.Start, s.End - 1}
}

// probe asks whether the time of timeType occurs in w.
func probe(w check.Window) *check.Occurs {
	x := &check.Member{Info: check.Info{T: check.TimestampType}, X: &check.Slot{Info: check.Info{T: timeType}}, F: timeField}
	return &check.Occurs{Info: check.Info{T: check.BoolType}, X: x, Window: w}
}

// prober asks the reference evaluator about one instant after another.
type prober struct {
	time *column.Timestamps
	ev   *eval.Evaluator
}

func (c *compiler) prober(w check.Window) *prober { return newProber(w, c.now) }

func newProber(w check.Window, now time.Time) *prober {
	time := &column.Timestamps{V: make([]int64, 1)}
	root := &column.Struct{Fields: []column.Column{time}, N: 1}
	snap := &column.Snapshot{Schema: timeType, Root: root}
	return &prober{time, eval.NewCond(probe(w), 1, snap, now).Evaluator()}
}

// holds says whether w accepts x. It makes no list and is never told to stop, so
// that it cannot fail.
func (p *prober) holds(x int64) bool {
	p.time.V[0] = x
	is, _ := p.ev.Cond(0)
	return is
}

// probed returns the ranges of w. Between two neighbours of the points that it
// starts from, the answer changes at most once: every window is made of its
// operands and, when it has a distance, of what lies that distance from them.
func (c *compiler) probed(w check.Window) []span {
	points := []int64{-distant, distant}
	for _, n := range []check.Node{w.Ref, w.To} {
		if n != nil {
			points = append(points, c.ends(n)...)
		}
	}
	if w.Op == "=" || w.Op == "!=" {
		// True or false of one unit far from the operand: another window of the
		// same distance says where that is.
		beyond := w
		beyond.Op = ">="
		points = append(points, c.prober(beyond).changes(points)...)
	}
	p := c.prober(w)
	changes := p.changes(points)
	var ranges []span
	lo, in := int64(math.MinInt64), p.holds(-distant)
	for _, x := range changes {
		if in {
			ranges = append(ranges, span{lo, x - 1})
		}
		lo, in = x, !in
	}
	if in {
		ranges = append(ranges, span{lo, math.MaxInt64})
	}
	return ranges
}

// ends returns the instants where the value of an operand begins and ends, none of
// null: what is before it ends there, and what is after it begins.
func (c *compiler) ends(n check.Node) []int64 {
	all := []int64{-distant, distant}
	start := c.prober(check.Window{Dir: "before", Ref: n}).changes(all)
	return append(start, c.prober(check.Window{Dir: "after", Ref: n}).changes(all)...)
}

// changes gives, in order, the instants at which the answer differs from the one
// before. It looks at both sides of each point, and between them.
func (p *prober) changes(points []int64) []int64 {
	var at []int64
	for _, x := range points {
		for _, y := range []int64{x - 1, x, x + 1} {
			at = append(at, max(-distant, min(distant, y)))
		}
	}
	slices.Sort(at)
	at = slices.Compact(at)
	var changes []int64
	for i := range len(at) - 1 {
		lo, hi := at[i], at[i+1]
		is := p.holds(hi)
		if p.holds(lo) == is {
			continue
		}
		for hi-lo > 1 {
			mid := lo + (hi-lo)/2
			if p.holds(mid) == is {
				hi = mid
			} else {
				lo = mid
			}
		}
		changes = append(changes, hi)
	}
	return changes
}
