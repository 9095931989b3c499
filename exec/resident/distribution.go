package resident

import (
	"math"
	"slices"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/statistic"
	"github.com/segq/segq/lang/check"
)

// distribution is numbers, or instants in milliseconds since 1970, without their order: how often each was seen while few are different,
// and else all of them. It belongs to a partition, or, merged, to all.
type distribution struct {
	kind     check.Kind
	n        int // that are finite
	infinite int
	whole    bool // are all that are known of, see note
	min, max float64
	sum      statistic.Sum
	// pile is all of the numbers, in which an integer is itself, and a float its
	// [column.FloatKey]. many says that more than fewNumbers are different.
	pile
	many bool
	// lost says that the pile took more memory than there is: it is empty.
	lost    bool
	meter   *meter
	held    int
	scratch []int64
}

// fewNumbers is how many different numbers are counted: their table stays in the nearest caches.
// A chunk has room for as many numbers at least, and numberBytes are charged for each: it is
// copied when quantiles are looked for, and twice when it is sorted.
const (
	fewNumbers  = 1 << 11
	mostInChunk = 1 << 15
	numberBytes = 24
)

func newDistribution(kind check.Kind, m *meter) *distribution {
	return &distribution{kind: kind, whole: true, min: math.Inf(1), max: math.Inf(-1), meter: m}
}

// add takes in the values of a column at some places, none of them null.
func (d *distribution) add(c column.Column, at []uint32) {
	keys := d.scratch[:0]
	switch c := c.(type) {
	case *column.Ints:
		for _, i := range at {
			keys = append(keys, c.At(int(i)))
		}
	case *column.Floats:
		for _, i := range at {
			if x := c.V[i]; math.IsInf(x, 0) {
				d.infinite++
			} else {
				keys = append(keys, column.FloatKey(x))
			}
		}
	case *column.Timestamps:
		for _, i := range at {
			keys = append(keys, c.V[i])
		}
	}
	d.n += len(keys)
	d.scratch = keys
	if !d.many {
		keys = d.count(keys)
	}
	for len(keys) > 0 && !d.lost {
		keys = d.append(keys)
	}
	for _, key := range keys {
		d.note(d.number(key), 1)
	}
}

// count counts keys as long as few are different, and returns the others.
func (d *distribution) count(keys []int64) []int64 {
	for i, key := range keys {
		if d.some.used == fewNumbers {
			d.many = true
			return keys[i:]
		}
		d.some.fit(1)
		d.some.add(key, 1)
	}
	return nil
}

// append appends keys to the last chunk, and returns those that it has no room for.
func (d *distribution) append(keys []int64) []int64 {
	last := len(d.chunks) - 1
	if last < 0 || len(d.chunks[last]) == cap(d.chunks[last]) {
		size := fewNumbers
		if last >= 0 {
			size = min(2*cap(d.chunks[last]), mostInChunk)
		}
		if d.charge(size) {
			d.chunks = append(d.chunks, make([]int64, 0, size))
		}
		return keys
	}
	chunk := d.chunks[last]
	n := min(len(keys), cap(chunk)-len(chunk))
	d.chunks[last] = append(chunk, keys[:n]...)
	for _, key := range keys[:n] {
		d.note(d.number(key), 1)
	}
	return keys[n:]
}

// charge charges for so many numbers. Where there is no memory for them, the pile is lost.
func (d *distribution) charge(n int) bool {
	if d.meter.charge(n*numberBytes) == nil {
		d.held += n * numberBytes
		return true
	}
	d.settle()
	d.lose()
	return false
}

func (d *distribution) lose() {
	d.meter.free(d.held)
	d.lost, d.held, d.pile = true, 0, pile{}
}

// number returns the number that a key stands for.
func (d *distribution) number(key int64) float64 {
	if d.kind == check.Float {
		return floatOf(key)
	}
	return float64(key)
}

// note notes a number for what is known of all.
func (d *distribution) note(x float64, n int) {
	d.min, d.max = min(d.min, x), max(d.max, x)
	d.whole = d.whole && x == math.Trunc(x)
	if n == 1 {
		d.sum.Add(x)
		return
	}
	d.sum.AddTimes(x, n)
}

// settle notes the numbers that were only counted. It is done once, at the end of a partition.
func (d *distribution) settle() {
	for _, one := range d.some.slots {
		if one.n > 0 {
			d.note(d.number(one.key), one.n)
		}
	}
}

// merge adds the numbers of another, which is settled.
func (d *distribution) merge(other *distribution) {
	d.n += other.n
	d.infinite += other.infinite
	d.whole = d.whole && other.whole
	d.min, d.max = min(d.min, other.min), max(d.max, other.max)
	d.sum.Merge(&other.sum)
	d.held += other.held
	if d.lost || other.lost {
		d.lose()
		return
	}
	d.chunks = append(d.chunks, other.chunks...)
	d.some.fit(other.some.used)
	for _, one := range other.some.slots {
		if one.n > 0 {
			d.some.add(one.key, one.n)
		}
	}
}

// percents are those of the quantiles that are told.
var percents = []int{0, 1, 5, 25, 50, 75, 95, 99, 100}

// quantiles returns the quantiles, none where the pile is lost.
func (d *distribution) quantiles() []exec.Quantile {
	if d.lost || d.n == 0 {
		return nil
	}
	var ranks []int
	for _, p := range percents {
		below, _ := statistic.Position(float64(p), d.n)
		ranks = append(ranks, below, min(below+1, d.n-1))
	}
	slices.Sort(ranks)
	ranks = slices.Compact(ranks)
	keys := d.ranked(ranks)
	at := func(rank int) float64 {
		i, _ := slices.BinarySearch(ranks, rank)
		return d.number(keys[i])
	}
	out := make([]exec.Quantile, len(percents))
	for i, p := range percents {
		below, part := statistic.Position(float64(p), d.n)
		x := at(below)
		if part > 0 {
			x = statistic.Between(x, at(below+1), part)
		}
		if d.kind == check.Timestamp {
			x = math.Floor(x)
		}
		out[i] = exec.Quantile{At: float64(p) / 100, Value: x}
	}
	return out
}
