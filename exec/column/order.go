package column

import (
	"math"
	"math/bits"
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

// Bucket returns the code of the bucket that holds key, -1 for one below all.
func (o *Order) Bucket(key int64) int {
	return sort.Search(len(o.Least), func(i int) bool { return o.Least[i] > key }) - 1
}

// FloatKey returns an integer for a float that orders as floats do. The two zeros
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

// IndexLists adds to the lists of a table what [Index] does.
func IndexLists(c Column) {
	switch c := c.(type) {
	case *Struct:
		for _, f := range c.Fields {
			IndexLists(f)
		}
	case *List:
		c.Index()
		IndexLists(c.Elem)
	}
}

// Index adds to a list, without what is in it, what [Index] does, if it does not have that.
func (c *List) Index() {
	if c.Ends == nil {
		c.Ends = endsOf(c.Offsets)
	}
}

func index(c Column, jobs *[]func()) {
	switch c := c.(type) {
	case *Struct:
		for _, f := range c.Fields {
			index(f, jobs)
		}
	case *List:
		*jobs = append(*jobs, c.Index)
		index(c.Elem, jobs)
	case *Map:
		index(c.Values, jobs)
	case *Sparse:
		index(c.Values, jobs)
	case *Ints:
		switch {
		case len(c.I32) >= minOrdered:
			*jobs = append(*jobs, func() { c.Order = newOrder(c.I32, wholeKeys) })
		case len(c.I64) >= minOrdered:
			*jobs = append(*jobs, func() { c.Order = newOrder(c.I64, wholeKeys) })
		}
	case *Floats:
		if len(c.V) >= minOrdered {
			*jobs = append(*jobs, func() { c.Order = newOrder(c.V, floatKeys) })
		}
	case *Timestamps:
		if len(c.V) >= minOrdered {
			*jobs = append(*jobs, func() { c.Order = newOrder(c.V, wholeKeys) })
		}
	}
}

// Ordered returns a column with what [Index] adds to one that is no list or object: c
// itself where that is nothing.
func Ordered(c Column) Column {
	switch c := c.(type) {
	case *Ints:
		own := *c
		return ordered(c, &own)
	case *Floats:
		own := *c
		return ordered(c, &own)
	case *Timestamps:
		own := *c
		return ordered(c, &own)
	case *Map:
		own := *c
		own.Values = Ordered(c.Values)
		if own.Values != c.Values {
			return &own
		}
	case *Sparse:
		if values := Ordered(c.Values); values != c.Values {
			return Restored(c, values)
		}
	}
	return c
}

func ordered(c, own Column) Column {
	var jobs []func()
	index(own, &jobs)
	if orderOf(c) != nil || jobs == nil {
		return c
	}
	for _, job := range jobs {
		job()
	}
	return own
}

func orderOf(c Column) *Order {
	switch c := c.(type) {
	case *Ints:
		return c.Order
	case *Floats:
		return c.Order
	case *Timestamps:
		return c.Order
	}
	return nil
}

// endsOf returns the bit of the last element of each list that has any.
func endsOf(offsets []uint32) Bitmap {
	ends := NewBitmap(int(offsets[len(offsets)-1]))
	for i, end := range offsets[1:] {
		if end > offsets[i] {
			ends.Set(int(end - 1))
		}
	}
	return ends
}

func wholeKeys[T int32 | int64](keys []int64, values []T) {
	for i, v := range values {
		keys[i] = int64(v)
	}
}

func floatKeys(keys []int64, values []float64) {
	for i, v := range values {
		keys[i] = FloatKey(v)
	}
}

// keyed is how many keys are made at once.
const keyed = 1024

// eachKeys calls f with the keys of values, some at a time, and the place of the first.
func eachKeys[T any](values []T, keysOf func([]int64, []T), f func(first int, keys []int64)) {
	keys := make([]int64, keyed)
	for first := 0; first < len(values); first += keyed {
		some := values[first:min(first+keyed, len(values))]
		keysOf(keys, some)
		f(first, keys[:len(some)])
	}
}

// newOrder chooses buckets that hold about equally many rows.
func newOrder[T any](values []T, keysOf func([]int64, []T)) *Order {
	o := &Order{Codes: make([]uint16, len(values)), Least: buckets(values, keysOf)}
	o.Mixed = NewBitmap(len(o.Least))
	o.Greatest = o.Least[len(o.Least)-1]
	find := newFinder(o.Least)
	mixed := make([]bool, len(o.Least)) // a byte is written more easily than a bit
	eachKeys(values, keysOf, func(first int, keys []int64) {
		codes, greatest := o.Codes[first:first+len(keys)], o.Greatest
		for i, k := range keys {
			code := find.bucket(k)
			codes[i] = uint16(code)
			if o.Least[code] != k {
				mixed[code] = true
			}
			greatest = max(greatest, k)
		}
		o.Greatest = greatest
	})
	for code, some := range mixed {
		if some {
			o.Mixed.Set(code)
		}
	}
	return o
}

// buckets returns the least keys of up to 2^16 buckets: the different keys of a
// sample, or, when these are too many, so many of them at equal distances. The
// first is the least key of all.
func buckets[T any](values []T, keysOf func([]int64, []T)) []int64 {
	step := max(1, len(values)/sampled)
	keys := make([]int64, 0, len(values)/step+2)
	least, next := int64(math.MaxInt64), 0
	eachKeys(values, keysOf, func(first int, some []int64) {
		for _, k := range some {
			least = min(least, k)
		}
		for ; next < first+len(some); next += step {
			keys = append(keys, some[next-first])
		}
	})
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

// finder looks up buckets: a step by the high bits of the key, where many buckets are
// left another one by those below, and a search among the few that are left then.
type finder struct {
	least []int64
	steps
	below []*steps // by slot; nil where few buckets are left
}

// steps divides a range of keys into slots of equal width.
type steps struct {
	base  uint64
	shift uint
	// from[s] is the last bucket that begins before slot s does.
	from []uint32
}

// fewBuckets is how many buckets a search is good for.
const fewBuckets = 4

func newFinder(least []int64) *finder {
	const slots = 1 << 16
	f := &finder{least: least}
	last := len(least) - 1
	f.steps = newSteps(least, 0, last, 0, uint64(least[last])-uint64(least[0]), slots)
	f.below = make([]*steps, slots)
	for s := range slots {
		if lo, hi := int(f.from[s]), int(f.from[s+1]); hi-lo > fewBuckets {
			below := newSteps(least, lo, hi, uint64(s)<<f.shift, 1<<f.shift-1, 1<<bits.Len(uint(hi-lo)))
			f.below[s] = &below
		}
	}
	return f
}

// newSteps divides a range of keys, of which the buckets lo to hi hold all. It begins so
// far above the least key.
func newSteps(least []int64, lo, hi int, above, width uint64, slots int) steps {
	t := steps{base: uint64(least[0]) + above, from: make([]uint32, slots+1)}
	for width>>t.shift >= uint64(slots) {
		t.shift++
	}
	for s := range t.from {
		begin := above + uint64(s)<<t.shift
		for lo < hi && uint64(least[lo+1])-uint64(least[0]) < begin {
			lo++
		}
		t.from[s] = uint32(lo)
	}
	return t
}

// bucket returns the bucket of a key that is not below the first.
func (f *finder) bucket(key int64) int {
	last := len(f.least) - 1
	if key >= f.least[last] {
		return last
	}
	s := (uint64(key) - f.base) >> f.shift
	lo, hi := int(f.from[s]), int(f.from[s+1])
	if hi-lo > fewBuckets {
		t := f.below[s]
		s = (uint64(key) - t.base) >> t.shift
		lo, hi = int(t.from[s]), int(t.from[s+1])
	}
	for n := hi - lo + 1; n > 1; {
		half := n / 2
		if f.least[lo+half] <= key { // half of the time, so it is no jump
			lo += half
		}
		n -= half
	}
	return lo
}
