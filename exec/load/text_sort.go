package load

import (
	"bytes"
	"cmp"
	"context"
	"math/bits"
	"slices"

	"github.com/segq/segq/exec/column"
)

// textSort sorts the texts of a column: by numbers made of their first bytes, which are
// spread over buckets, each of which is sorted by itself.
type textSort struct {
	d    *direct
	runs []textSet // by row group
	seen []textLook

	prefix int        // bytes that all texts have in common
	ranks  [256]uint8 // of the bytes that there are
	width  int        // the bits of a rank
	shift  int        // from a key to its bucket

	ordered bool    // the texts are in order as they are, by row group
	entries []entry // of others: part is the row group, code the slot
	buckets []int   // where they begin, and the end
}

// bucketBits is the number of bits of a bucket.
const bucketBits = 14

// sort lists all texts in order, or nearly so: in buckets that are in order.
func (s *textSort) sort(ctx context.Context) error {
	values := 0
	for _, n := range s.d.counts {
		values += n
	}
	if s.ordered = s.alphabet(); s.ordered {
		s.buckets = make([]int, len(s.runs)+1)
		return nil
	}
	if err := s.d.grow(16 * int64(values)); err != nil {
		return err
	}
	s.entries = make([]entry, values)
	counts, err := s.counted(ctx)
	if err != nil {
		return err
	}
	s.buckets = make([]int, 1<<bucketBits+1)
	at := 0
	for b := range s.buckets[1:] {
		for g := range counts {
			counts[g][b], at = at, at+counts[g][b]
		}
		s.buckets[b+1] = at
	}
	err = s.d.each(ctx, func(_ context.Context, g int) error {
		s.eachKey(g, func(slot uint32, key uint64) {
			at := &counts[g][key>>s.shift]
			s.entries[*at] = entry{key, uint32(g), slot}
			*at++
		})
		return nil
	})
	if err != nil {
		return err
	}
	return s.d.pool.each(ctx, len(s.buckets)-1, func(_ context.Context, b int) error {
		s.sortBucket(s.entries[s.buckets[b]:s.buckets[b+1]], max(0, s.shift-byteBits))
		return nil
	})
}

// alphabet finds out what the texts have in common, and says whether they are in order
// as they are.
func (s *textSort) alphabet() (ordered bool) {
	ordered = true
	var there [256]bool
	var first, last []byte
	some := false
	for g := range s.seen {
		l := &s.seen[g]
		if !l.some {
			continue
		}
		if !some {
			some, first, s.prefix = true, l.first, l.prefix
		} else {
			ordered = ordered && bytes.Compare(last, l.first) < 0
		}
		s.prefix = min(l.prefix, common(first[:s.prefix], l.first))
		ordered, last = ordered && l.ascending, l.last
		for c, is := range l.bytes {
			there[c] = there[c] || is
		}
	}
	rank := 0
	for c, is := range there {
		if is {
			rank++ // at most 243: UTF-8 does not have all bytes
		}
		s.ranks[c] = uint8(rank)
	}
	s.width = max(1, bits.Len(uint(rank)))
	return ordered
}

// counted counts the keys of each row group by bucket.
func (s *textSort) counted(ctx context.Context) ([][]int, error) {
	s.shift = max(0, 64/s.width*s.width-bucketBits)
	if err := s.d.grow(8 << bucketBits * int64(len(s.runs))); err != nil {
		return nil, err
	}
	counts := make([][]int, len(s.runs))
	return counts, s.d.each(ctx, func(_ context.Context, g int) error {
		counts[g] = make([]int, 1<<bucketBits)
		s.eachKey(g, func(_ uint32, key uint64) { counts[g][key>>s.shift]++ })
		return nil
	})
}

// eachKey calls f with the slots of the texts of a row group and their keys, which order
// as the first bytes behind the prefix do.
func (s *textSort) eachKey(g int, f func(slot uint32, key uint64)) {
	run, valid := &s.runs[g], s.d.valid[g]
	chars := 64 / s.width
	for slot := range run.ends {
		if valid != nil && !valid.Get(slot) {
			continue
		}
		b := run.at(uint32(slot))[s.prefix:]
		b = b[:min(len(b), chars)]
		key := uint64(0)
		for _, c := range b {
			key = key<<s.width | uint64(s.ranks[c])
		}
		f(uint32(slot), key<<((chars-len(b))*s.width))
	}
}

func (s *textSort) text(e entry) []byte { return s.runs[e.part].at(e.code) }

// byteBits is by how many bits of the keys a bucket is divided.
const byteBits = 8

// sortBucket sorts entries whose keys are the same above the byte at shift: by the counts
// of these bytes where there are many, then what has one of them by itself.
func (s *textSort) sortBucket(e []entry, shift int) {
	const few = 64
	if len(e) <= few {
		s.insert(e)
		return
	}
	if shift == 0 {
		slices.SortFunc(e, s.compare)
		return
	}
	var ends [1<<byteBits + 1]int
	for i := range e {
		ends[e[i].prefix>>shift&0xff+1]++
	}
	for b := range 1 << byteBits {
		ends[b+1] += ends[b]
	}
	next := ends
	for b := range 1 << byteBits { // each entry is put in its place, the one there is next
		for next[b] < ends[b+1] {
			i := next[b]
			to := int(e[i].prefix >> shift & 0xff)
			if to != b {
				e[i], e[next[to]] = e[next[to]], e[i]
			}
			next[to]++
		}
	}
	for b := range 1 << byteBits {
		if of := e[ends[b]:ends[b+1]]; len(of) > 1 {
			s.sortBucket(of, max(0, shift-byteBits))
		}
	}
}

// insert sorts few entries.
func (s *textSort) insert(e []entry) {
	for i := 1; i < len(e); i++ {
		x, k := e[i], i
		for ; k > 0 && (e[k-1].prefix > x.prefix || e[k-1].prefix == x.prefix && bytes.Compare(s.text(e[k-1]), s.text(x)) > 0); k-- {
			e[k] = e[k-1]
		}
		e[k] = x
	}
}

func (s *textSort) compare(a, b entry) int {
	if c := cmp.Compare(a.prefix, b.prefix); c != 0 {
		return c
	}
	return bytes.Compare(s.text(a), s.text(b))
}

// column makes the column of the sorted texts.
func (s *textSort) column(ctx context.Context) (*column.Strings, error) {
	n := len(s.buckets) - 1
	sizes, distinct := make([]int, n+1), make([]int, n+1)
	err := s.d.pool.each(ctx, n, func(_ context.Context, b int) error {
		s.eachText(b, func(e entry, isNew bool) {
			if isNew {
				sizes[b+1] += len(s.text(e))
				distinct[b+1]++
			}
		})
		return nil
	})
	if err != nil {
		return nil, err
	}
	for b := range n {
		sizes[b+1] += sizes[b]
		distinct[b+1] += distinct[b]
	}
	codes := int64(s.d.slots()) * codeBytes(distinct[n])
	if err := s.d.grow(int64(sizes[n]) + 4*int64(distinct[n]+1) + codes); err != nil {
		return nil, err
	}
	c := &column.Strings{Valid: s.d.validity(), Codes: column.NewCodes(s.d.slots(), distinct[n])}
	c.Dict = &column.Dict{Bytes: make([]byte, sizes[n]), Offsets: make([]uint32, distinct[n]+1)}
	return c, s.d.pool.each(ctx, n, func(_ context.Context, b int) error {
		at, code := sizes[b], distinct[b]
		s.eachText(b, func(e entry, isNew bool) {
			if isNew {
				at += copy(c.Dict.Bytes[at:], s.text(e))
				code++
				c.Dict.Offsets[code] = uint32(at)
			}
			c.Codes.Set(s.d.bases[e.part]+int(e.code), uint32(code-1))
		})
		return nil
	})
}

// eachText calls f with the texts of a bucket, and whether it is another one than that
// before.
func (s *textSort) eachText(b int, f func(e entry, isNew bool)) {
	if s.ordered {
		for slot := range s.runs[b].ends {
			if v := s.d.valid[b]; v == nil || v.Get(slot) {
				f(entry{part: uint32(b), code: uint32(slot)}, true)
			}
		}
		return
	}
	from := s.buckets[b]
	for i := from; i < s.buckets[b+1]; i++ {
		e := s.entries[i]
		f(e, i == from || s.entries[i-1].prefix != e.prefix || !bytes.Equal(s.text(s.entries[i-1]), s.text(e)))
	}
}
