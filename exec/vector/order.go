package vector

import (
	"math"
	"math/bits"
	"slices"
	"strconv"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// extremes gives the elements with the largest or smallest keys, best first; ties
// keep their order and elements with a null key are left out.
func (e *Evaluator) extremes(n *check.Iterate, x, key, count *vector, f *frame) *vector {
	l := x.list
	mask := e.masked(l, e.present(key, l.frame).bits)
	offsets, at := e.words32(f.n+1), e.words32(l.frame.n)
	used := 0
	if top := e.topReals(n, key, count); top != nil {
		for i := range f.n {
			offsets[i] = uint32(used)
			if e.halted(i) || count.null(i) {
				continue
			}
			used += top.pick(at[used:], mask, l.offsets[i], l.offsets[i+1])
		}
		return e.picked(x, count, offsets, at, used, f)
	}
	var few []uint32
	for i := range f.n {
		offsets[i] = uint32(used)
		if e.halted(i) || count.null(i) || count.ints[i] <= 0 {
			continue
		}
		few = few[:0]
		for k := l.offsets[i]; k < l.offsets[i+1]; k++ {
			if mask[k>>6]>>(k&63)&1 == 0 {
				continue
			}
			// The best so far are kept in order; a later one comes behind its equals.
			place := len(few)
			if int64(place) == count.ints[i] && !better(n.Op, key, int(k), int(few[place-1])) {
				continue
			}
			for place > 0 && better(n.Op, key, int(k), int(few[place-1])) {
				place--
			}
			if int64(place) < count.ints[i] {
				few = slices.Insert(few, place, k)
				if int64(len(few)) > count.ints[i] {
					few = few[:len(few)-1]
				}
			}
		}
		used += copy(at[used:], few)
	}
	return e.picked(x, count, offsets, at, used, f)
}

// picked gives lists of the elements at some places.
func (e *Evaluator) picked(x, count *vector, offsets, at []uint32, used int, f *frame) *vector {
	l := x.list
	offsets[f.n] = uint32(used)
	out := e.vector(check.List)
	out.valid = e.both(f, x, count)
	out.list = &list{frame: e.below(f, offsets, used), offsets: offsets}
	out.list.elems = e.pick(e.elems(l), at[:used], out.list.frame)
	return out
}

// mostTop is the largest constant number of extremes that is held in registers.
const mostTop = 16

// topReals finds a constant number of extremes of floats.
type topReals struct {
	keys []float64
	sign float64 // -1 where the largest are looked for
	want int
}

// topReals is nil when the keys are no floats, or the number is large or differs from
// list to list.
func (e *Evaluator) topReals(n *check.Iterate, key, count *vector) *topReals {
	k, ok := count.constant.(int64)
	if !ok || k < 1 || k > mostTop || key.kind != check.Float {
		return nil
	}
	t := &topReals{keys: key.real, sign: 1, want: int(k)}
	if n.Op == check.TopN {
		t.sign = -1
	}
	return t
}

// pick writes the places of the extremes of the elements in mask from a to before b,
// best first, and says how many there are. Not-a-number is less than any number.
func (t *topReals) pick(dst []uint32, mask []uint64, a, b uint32) int {
	var keys [mostTop]float64
	n := 0
	for k := a; k < b; k++ {
		if mask[k>>6]>>(k&63)&1 == 0 {
			continue
		}
		x := t.keys[k]
		if x != x {
			x = math.Inf(-1)
		}
		x *= t.sign
		if n == t.want {
			if !(x < keys[n-1]) {
				continue
			}
			n--
		}
		place := n
		for ; place > 0 && x < keys[place-1]; place-- {
			keys[place], dst[place] = keys[place-1], dst[place-1]
		}
		keys[place], dst[place] = x, k
		n++
	}
	return n
}

// better says whether key i is ahead of key j.
func better(op check.Fold, key *vector, i, j int) bool {
	if key.kind == check.Float {
		x, y := key.real[i], key.real[j]
		if op == check.TopN {
			x, y = y, x
		}
		return x < y || x != x && y == y
	}
	if op == check.TopN {
		return order(key, i, key, j) > 0
	}
	return order(key, i, key, j) < 0
}

// groupBy gives a map from the key, as text, to the list of its elements, first
// occurrences first. An element with a null key is in no group.
func (e *Evaluator) groupBy(n *check.Iterate, x, key *vector, f *frame) *vector {
	l := x.list
	mask := e.masked(l, e.present(key, l.frame).bits)
	entries := e.words32(f.n + 1)
	first := e.words32(l.frame.n)[:0]     // of each group: an element of it
	sizes := e.words32(l.frame.n + 1)[:0] // of the groups
	own := e.words32(l.frame.n)           // the group of each element
	find := e.finder(key)
	for i := range f.n {
		begin := len(first)
		entries[i] = uint32(begin)
		if e.halted(i) {
			continue
		}
		find.next()
		if find.stamps != nil {
			first, sizes = find.stamps.groups(key.codes, mask, own, first, sizes, l.offsets[i], l.offsets[i+1])
			continue
		}
		for k := l.offsets[i]; k < l.offsets[i+1]; k++ {
			if mask[k>>6]>>(k&63)&1 == 0 {
				continue
			}
			g, fresh := find.group(int(k), first[begin:])
			own[k] = uint32(begin + g)
			if fresh {
				first = append(first, k)
				sizes = append(sizes, 0)
			}
			sizes[begin+g]++
		}
	}
	entries[f.n] = uint32(len(first))
	outer := e.below(f, entries, len(first))
	values := e.vector(check.List)
	values.list = e.groupLists(l, mask, own, sizes, outer)
	out := e.vector(check.Map)
	out.valid = x.valid
	out.list = &list{frame: outer, offsets: entries, elems: values, keys: e.asText(e.pick(key, first, outer), len(first))}
	return out
}

// groupLists gives the lists of the elements of groups. The elements are put in their
// places when somebody asks for them: many only count.
func (e *Evaluator) groupLists(l *list, mask []uint64, own, sizes []uint32, outer *frame) *list {
	offsets := e.words32(len(sizes) + 1)
	offsets[0] = 0
	for g, n := range sizes {
		offsets[g+1] = offsets[g] + n
	}
	total := int(offsets[len(sizes)])
	out := &list{frame: e.below(outer, offsets, total), offsets: offsets}
	out.late = func() *vector {
		members, next := e.words32(total), e.words32(len(sizes))
		clear(members)
		copy(next, offsets)
		if !e.stopped {
			each(mask, func(k int) {
				g := own[k]
				members[next[g]] = uint32(k)
				next[g]++
			})
		}
		return e.pick(e.elems(l), members, out.frame)
	}
	return out
}

// asText gives values as the text of keys.
func (e *Evaluator) asText(v *vector, n int) *vector {
	if v.kind == check.String {
		return v
	}
	out := e.vector(check.String)
	out.texts = e.strings(n)
	for i := range n {
		switch v.kind {
		case check.Bool:
			out.texts[i] = strconv.FormatBool(v.bit(i))
		case check.Float:
			out.texts[i] = string(column.AppendJSONFloat(nil, v.real[i]))
		case check.Timestamp:
			out.texts[i] = string(column.AppendJSONTime(nil, v.ints[i]))
		default:
			out.texts[i] = strconv.FormatInt(v.ints[i], 10)
		}
	}
	return out
}

// chain says which lists hold the steps in order: each step takes, of the elements
// after the last one taken, the earliest that meet its condition. See package eval
// for why that is right.
func (e *Evaluator) chain(n *check.Chain, f *frame) *vector {
	x := e.eval(n.X, f)
	l := x.list
	e.bind(n.Slot, e.unread(l), l.frame)
	var when *vector
	steps := make([][]uint64, len(n.Steps))
	e.entered(l.frame, e.wanted(l, f), func() {
		when = e.eval(n.Order, l.frame)
		for i, s := range n.Steps {
			steps[i] = e.eval(s.Cond, l.frame).bits
		}
	})
	timed := e.masked(l, e.present(when, l.frame).bits)
	for i := range steps {
		own := e.bitmap(l.frame.n)
		copy(own, steps[i])
		for w := range own {
			own[w] &= timed[w]
		}
		steps[i] = own
	}
	out := e.condition(f)
	var sorted []uint32
	for i := range f.n {
		if x.null(i) || e.halted(i) {
			continue
		}
		a, b := l.offsets[i], l.offsets[i+1]
		holds := false
		if ascending(when, timed, a, b) {
			holds = inOrder(n.Steps, steps, a, b)
		} else {
			sorted = sorted[:0]
			for k := a; k < b; k++ {
				if timed[k>>6]>>(k&63)&1 != 0 {
					sorted = append(sorted, k)
				}
			}
			slices.SortStableFunc(sorted, func(p, q uint32) int { return order(when, int(p), when, int(q)) })
			holds = inOrderOf(n.Steps, steps, sorted)
		}
		out.bits[i>>6] |= bit(holds) << (i & 63)
	}
	return out
}

// ascending says whether the elements from a to before b that are in mask are in
// order.
func ascending(when *vector, mask []uint64, a, b uint32) bool {
	if when.ints != nil && slices.IsSorted(when.ints[a:b]) {
		return true
	}
	last := -1
	for k := a; k < b; k++ {
		if mask[k>>6]>>(k&63)&1 == 0 {
			continue
		}
		if last >= 0 && order(when, last, when, int(k)) > 0 {
			return false
		}
		last = int(k)
	}
	return true
}

// inOrder takes the steps from elements that are in order.
func inOrder(steps []check.Step, meets [][]uint64, next, end uint32) bool {
	for i, s := range steps {
		for range s.Count {
			if next = nextOne(meets[i], next, end); next == end {
				return false
			}
			next++
		}
	}
	return true
}

// nextOne gives the first bit that is one from a on, or end.
func nextOne(b []uint64, a, end uint32) uint32 {
	for a < end {
		if rest := b[a>>6] >> (a & 63); rest != 0 {
			return min(a+uint32(bits.TrailingZeros64(rest)), end)
		}
		a = a&^63 + 64
	}
	return end
}

// inOrderOf is inOrder for elements that were sorted.
func inOrderOf(steps []check.Step, bits [][]uint64, sorted []uint32) bool {
	for i, s := range steps {
		taken := int64(0)
		for ; taken < s.Count && len(sorted) > 0; sorted = sorted[1:] {
			if k := sorted[0]; bits[i][k>>6]>>(k&63)&1 != 0 {
				taken++
			}
		}
		if taken < s.Count {
			return false
		}
	}
	return true
}
