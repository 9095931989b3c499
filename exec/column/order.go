package column

import (
	"math"
	"slices"
	"sort"
	"sync"
)

// Order gives every row of a column of wide numbers a code of 16 bits that keeps
// their order: a scan reads two bytes a row rather than eight. Bucket c holds the
// keys from Least[c] to before Least[c+1], the last one all from there on. Keys
// are the integers or milliseconds themselves, and [FloatKey] of floats.
type Order struct {
	Codes []uint16
	Least []int64
	// Greatest is the greatest key of all.
	Greatest int64
	// Mixed has the buckets with more than one key: of a row in one of these the
	// code alone does not tell the value. All rows of another have the key
	// Least[c].
	Mixed Bitmap
}

// Bucket gives the code of the bucket that holds key, -1 for one below all.
func (o *Order) Bucket(key int64) int {
	return sort.Search(len(o.Least), func(i int) bool { return o.Least[i] > key }) - 1
}

// FloatKey gives an integer for a float that orders as floats do. The two zeros
// have one key; not-a-number has the largest.
func FloatKey(f float64) int64 {
	if f != f {
		return NaNKey
	}
	b := int64(math.Float64bits(f + 0))
	return b ^ int64(uint64(b>>63)>>1)
}

// NaNKey is the key of not-a-number.
const NaNKey = math.MaxInt64

// minOrdered is the number of rows from which an [Order] is worth its memory, and
// sampled how many of them choose the buckets.
const (
	minOrdered = 1 << 16
	sampled    = 1 << 18
)

// Index adds to a table what scans use beside the values: the [Order] of wide
// columns, and the Ends of lists. It works on threads columns at a time, and must
// be done before the table is read by anybody else.
func Index(root Column, threads int) {
	var jobs []func()
	index(root, &jobs)
	var wait sync.WaitGroup
	next := make(chan func())
	for range max(threads, 1) {
		wait.Go(func() {
			for job := range next {
				job()
			}
		})
	}
	for _, job := range jobs {
		next <- job
	}
	close(next)
	wait.Wait()
}

func index(c Column, jobs *[]func()) {
	switch c := c.(type) {
	case *Struct:
		for _, f := range c.Fields {
			index(f, jobs)
		}
	case *List:
		*jobs = append(*jobs, func() { c.Ends = endsOf(c.Offsets) })
		index(c.Elem, jobs)
	case *Map:
		index(c.Values, jobs)
	case *Ints:
		switch {
		case len(c.I32) >= minOrdered:
			*jobs = append(*jobs, func() { c.Order = newOrder(len(c.I32), func(i int) int64 { return int64(c.I32[i]) }) })
		case len(c.I64) >= minOrdered:
			*jobs = append(*jobs, func() { c.Order = newOrder(len(c.I64), func(i int) int64 { return c.I64[i] }) })
		}
	case *Floats:
		if len(c.V) >= minOrdered {
			*jobs = append(*jobs, func() { c.Order = newOrder(len(c.V), func(i int) int64 { return FloatKey(c.V[i]) }) })
		}
	case *Timestamps:
		if len(c.V) >= minOrdered {
			*jobs = append(*jobs, func() { c.Order = newOrder(len(c.V), func(i int) int64 { return c.V[i] }) })
		}
	}
}

// endsOf gives the bit of the last element of each list that has any.
func endsOf(offsets []uint32) Bitmap {
	ends := NewBitmap(int(offsets[len(offsets)-1]))
	for i, end := range offsets[1:] {
		if end > offsets[i] {
			ends.Set(int(end - 1))
		}
	}
	return ends
}

// newOrder chooses buckets that hold about equally many rows.
func newOrder(n int, key func(int) int64) *Order {
	o := &Order{Codes: make([]uint16, n), Least: buckets(n, key)}
	o.Mixed = NewBitmap(len(o.Least))
	o.Greatest = o.Least[len(o.Least)-1]
	find := newFinder(o.Least)
	for i := range o.Codes {
		k := key(i)
		code := find.bucket(k)
		o.Codes[i] = uint16(code)
		if o.Least[code] != k {
			o.Mixed.Set(code)
		}
		o.Greatest = max(o.Greatest, k)
	}
	return o
}

// buckets gives the least keys of up to 2^16 buckets: the different keys of a
// sample, or, when these are too many, so many of them at equal distances. The
// first is the least key of all.
func buckets(n int, key func(int) int64) []int64 {
	step := max(1, n/sampled)
	keys := make([]int64, 0, n/step+2)
	least := key(0)
	for i := range n {
		k := key(i)
		least = min(least, k)
		if i%step == 0 {
			keys = append(keys, k)
		}
	}
	keys = append(keys, least)
	slices.Sort(keys)
	distinct := slices.Compact(slices.Clone(keys))
	const most = 1 << 16
	if len(distinct) <= most {
		return slices.Clip(distinct)
	}
	// By rank among all rows of the sample, so that frequent keys have a bucket to
	// themselves.
	chosen := make([]int64, most)
	for i := range chosen {
		chosen[i] = keys[i*len(keys)/most]
	}
	return slices.Clip(slices.Compact(chosen))
}

// finder looks up buckets: a first step by the high bits of the key, a search
// among the few that are left.
type finder struct {
	least []int64
	shift uint
	// from[s] is the last bucket that begins before slot s does.
	from []uint32
}

func newFinder(least []int64) *finder {
	const slots = 1 << 16
	f := &finder{least: least}
	width := uint64(least[len(least)-1]) - uint64(least[0])
	for width>>f.shift >= slots {
		f.shift++
	}
	f.from = make([]uint32, slots+1)
	b := 0
	for s := range f.from {
		for b+1 < len(least) && (uint64(least[b+1])-uint64(least[0]))>>f.shift < uint64(s) {
			b++
		}
		f.from[s] = uint32(b)
	}
	return f
}

// bucket gives the bucket of a key that is not below the first.
func (f *finder) bucket(key int64) int {
	last := len(f.least) - 1
	if key >= f.least[last] {
		return last
	}
	s := (uint64(key) - uint64(f.least[0])) >> f.shift
	lo, hi := int(f.from[s]), int(f.from[s+1])+1
	for hi-lo > 1 {
		mid := int(uint(lo+hi) >> 1)
		if f.least[mid] <= key {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo
}
