package column

import (
	"hash/maphash"
	"math"
)

// Filling tells how many values a column has, and how many different ones.
type Filling struct {
	Values, Distinct int
	// Repeated is how many of the different values stand more than once, Repeats how many values they are together,
	// and First the row of the first that was there before.
	Repeated, Repeats, First int
}

// FillingOf counts the values of a column; the different ones only of values without parts, and of the keys
// of maps. It takes a step for each row, and up to 24 bytes for each different value.
func FillingOf(c Column) Filling {
	switch c := c.(type) {
	case *Nulls, *Unloaded:
		return Filling{}
	case *Strings:
		return fillingOfCodes(c)
	case *Map:
		return Filling{Values: filled(c), Distinct: fillingOfCodes(c.Keys).Distinct}
	case *Struct, *List:
		return Filling{Values: filled(c)}
	case *Sparse:
		f := FillingOf(c.Values)
		if f.Repeated > 0 {
			for row := range c.N {
				if !c.Null(row) && c.Rank(row) == f.First {
					f.First = row
					break
				}
			}
		}
		return f
	case *Constant:
		f := Filling{Values: filled(c)}
		f.Distinct = min(f.Values, 1)
		if f.Values > 1 {
			f.Repeated, f.Repeats = 1, f.Values
			for seen, row := 0, 0; row < c.N; row++ {
				if !c.Null(row) {
					if seen++; seen == 2 {
						f.First = row
						break
					}
				}
			}
		}
		return f
	}
	return fillingOfRows(c)
}

// fillingOfCodes counts the codes of texts.
func fillingOfCodes(c *Strings) (f Filling) {
	counts := make([]uint8, c.Dict.Len()) // up to two
	for i := range c.Len() {
		if c.Null(i) {
			continue
		}
		f.Values++
		n := &counts[c.Codes.At(i)]
		if *n++; *n == 1 {
			f.Distinct++
			continue
		}
		if f.Repeats++; *n == 2 {
			f.Repeats++ // the first of them
			if f.Repeated++; f.Repeated == 1 {
				f.First = i
			}
		}
		*n = 2
	}
	return f
}

// fillingOfRows counts the values of other columns by a hash table of the first row of each.
func fillingOfRows(c Column) (f Filling) {
	hash, same := comparing(c)
	t := firstRows{slots: make([]uint64, 64)}
	var twice Bitmap // first rows whose values are there again
	for i := range c.Len() {
		if c.Null(i) {
			continue
		}
		f.Values++
		first, is := t.find(hash, same, i)
		if is {
			f.Distinct++
			continue
		}
		if twice == nil {
			twice, f.First = NewBitmap(c.Len()), i
		}
		if f.Repeats++; !twice.Get(first) {
			twice.Set(first)
			f.Repeats++
			f.Repeated++
		}
	}
	return f
}

// comparing returns the hash of the value of a row, and whether those of two are the same.
func comparing(c Column) (hash func(int) uint64, same func(i, k int) bool) {
	if texts, ok := c.(*Texts); ok {
		seed := maphash.MakeSeed()
		return func(i int) uint64 { return maphash.String(seed, texts.At(i)) },
			func(i, k int) bool { return texts.At(i) == texts.At(k) }
	}
	var bits func(i int) uint64
	switch c := c.(type) {
	case *Bools:
		bits = func(i int) uint64 {
			if c.Bits.Get(i) {
				return 1
			}
			return 0
		}
	case *Ints:
		bits = func(i int) uint64 { return uint64(c.At(i)) }
	case *Floats:
		bits = func(i int) uint64 { return math.Float64bits(c.V[i] + 0) } // -0 is 0
	case *Timestamps:
		bits = func(i int) uint64 { return uint64(c.V[i]) }
	}
	return func(i int) uint64 { return mixed(bits(i)) }, func(i, k int) bool { return bits(i) == bits(k) }
}

// mixed is the finalizer of SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators,
// 2014).
func mixed(v uint64) uint64 {
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}

// firstRows is a hash table of rows, by open addressing: a slot has half of the hash of a value, above its row plus
// one, and is 0 for none. So a look at a value is needed only where the halves are the same.
type firstRows struct {
	slots []uint64
	used  int
}

// find returns the first row with the value of a row, which is that row itself if there was none.
func (t *firstRows) find(hash func(int) uint64, same func(i, k int) bool, row int) (first int, is bool) {
	half := hash(row) >> 32
	mask := uint64(len(t.slots) - 1)
	for at := half & mask; ; at = (at + 1) & mask {
		switch s := t.slots[at]; {
		case s == 0:
			t.slots[at] = half<<32 | uint64(row+1)
			if t.used++; 3*t.used > 2*len(t.slots) {
				t.grow()
			}
			return row, true
		case s>>32 == half && same(int(uint32(s)-1), row):
			return int(uint32(s) - 1), false
		}
	}
}

func (t *firstRows) grow() {
	old := t.slots
	t.slots = make([]uint64, 2*len(old))
	mask := uint64(len(t.slots) - 1)
	for _, s := range old {
		if s == 0 {
			continue
		}
		at := s >> 32 & mask
		for t.slots[at] != 0 {
			at = (at + 1) & mask
		}
		t.slots[at] = s
	}
}
