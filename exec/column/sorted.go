package column

import (
	"bytes"
	"cmp"
	"context"
	"math/bits"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Sorted returns the column of the rows of c whose dictionary has each text once, in order.
// It works on threads goroutines, and takes 16 bytes a row while it does. The error is that
// of ctx.
func Sorted(ctx context.Context, c *Texts, threads int) (*Strings, error) {
	s := &textSort{c: c, threads: max(threads, 1)}
	size := max(1<<14, c.Len()/(4*s.threads)+1)
	for start := 0; start < c.Len(); start += size {
		s.runs = append(s.runs, Range{start, min(start+size, c.Len())})
	}
	if err := s.sort(ctx); err != nil {
		return nil, err
	}
	return s.column(ctx)
}

// textSort sorts the rows of a column of texts: by numbers made of their first bytes, which
// are spread over buckets, each of which is sorted by itself.
type textSort struct {
	c       *Texts
	threads int
	runs    []Range // of rows, for one goroutine each

	prefix int         // bytes that all texts have in common
	ranks  [256]uint16 // of the bytes that there are, from 1 on
	width  int         // the bits of a rank
	shift  int         // from a key to its bucket

	ordered bool // the texts are in order as they are, and all differ
	entries []textEntry
	buckets []int // where they begin among the entries, and the end
}

// textEntry is a row, and the key of its text.
type textEntry struct {
	key uint64
	row uint32
}

// bucketBits is the number of bits of a bucket.
const bucketBits = 14

// each calls f with the numbers below n.
func (s *textSort) each(ctx context.Context, n int, f func(i int)) error {
	group, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range min(s.threads, n) {
		group.Go(func() error {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return nil
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				f(i)
			}
		})
	}
	return group.Wait()
}

func (s *textSort) text(row uint32) []byte { return s.c.Bytes[s.c.Offsets[row]:s.c.Offsets[row+1]] }

// sort lists all rows in the order of their texts: in buckets that are in order.
func (s *textSort) sort(ctx context.Context) error {
	if err := s.alphabet(ctx); err != nil || s.ordered {
		return err
	}
	s.shift = max(0, 64/s.width*s.width-bucketBits)
	counts := make([][]int, len(s.runs))
	err := s.each(ctx, len(s.runs), func(r int) {
		counts[r] = make([]int, 1<<bucketBits)
		s.eachKey(s.runs[r], func(_ uint32, key uint64) { counts[r][key>>s.shift]++ })
	})
	if err != nil {
		return err
	}
	s.buckets = make([]int, 1<<bucketBits+1)
	at := 0
	for b := range s.buckets[1:] {
		for r := range counts {
			counts[r][b], at = at, at+counts[r][b]
		}
		s.buckets[b+1] = at
	}
	s.entries = make([]textEntry, at)
	err = s.each(ctx, len(s.runs), func(r int) {
		next := counts[r]
		s.eachKey(s.runs[r], func(row uint32, key uint64) {
			at := &next[key>>s.shift]
			s.entries[*at] = textEntry{key, row}
			*at++
		})
	})
	if err != nil {
		return err
	}
	return s.each(ctx, len(s.buckets)-1, func(b int) {
		s.sortBucket(s.entries[s.buckets[b]:s.buckets[b+1]], max(0, s.shift-byteBits))
	})
}

// alphabet finds out what the texts have in common, and whether they are in order as they
// are.
func (s *textSort) alphabet(ctx context.Context) error {
	looks := make([]textLook, len(s.runs))
	if err := s.each(ctx, len(s.runs), func(r int) { looks[r] = s.look(s.runs[r]) }); err != nil {
		return err
	}
	s.ordered = true
	var all *textLook
	for r := range looks {
		l := &looks[r]
		switch {
		case !l.some:
			continue
		case all == nil:
			all, s.ordered = l, l.ascending
			continue
		}
		s.ordered = s.ordered && l.ascending && bytes.Compare(all.last, l.first) < 0
		all.prefix = min(all.prefix, l.prefix, common(all.first, l.first))
		all.last = l.last
		for c, is := range l.bytes {
			all.bytes[c] = all.bytes[c] || is
		}
	}
	rank := 0
	if all != nil {
		s.prefix = all.prefix
		for c, is := range all.bytes {
			if is {
				rank++
			}
			s.ranks[c] = uint16(rank)
		}
	}
	s.width = max(1, bits.Len(uint(rank)))
	return nil
}

// textLook is what the texts of some rows have in common.
type textLook struct {
	some        bool // there are texts
	first, last []byte
	prefix      int       // how many bytes all have as the first one has them
	bytes       [256]bool // those that there are
	ascending   bool      // each is greater than the one before
}

func (s *textSort) look(rows Range) textLook {
	l := textLook{ascending: true}
	for _, c := range s.c.Bytes[s.c.Offsets[rows.Start]:s.c.Offsets[rows.End]] {
		l.bytes[c] = true
	}
	for row := rows.Start; row < rows.End; row++ {
		if s.c.Null(row) {
			continue
		}
		b := s.text(uint32(row))
		if !l.some {
			l.some, l.first, l.prefix = true, b, len(b)
		} else {
			l.ascending = l.ascending && bytes.Compare(l.last, b) < 0
		}
		l.prefix = common(l.first[:l.prefix], b)
		l.last = b
	}
	return l
}

// common returns how many bytes two texts have in common at their beginning.
func common(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

// eachKey calls f with the rows that have a text, and their keys, which order as the first
// bytes behind the prefix do, but that different texts may have one key.
func (s *textSort) eachKey(rows Range, f func(row uint32, key uint64)) {
	chars := 64 / s.width
	for row := rows.Start; row < rows.End; row++ {
		if s.c.Null(row) {
			continue
		}
		b := s.text(uint32(row))[s.prefix:]
		b = b[:min(len(b), chars)]
		key := uint64(0)
		for _, c := range b {
			key = key<<s.width | uint64(s.ranks[c])
		}
		f(uint32(row), key<<((chars-len(b))*s.width))
	}
}

// byteBits is by how many bits of the keys a bucket is divided.
const byteBits = 8

// sortBucket sorts entries whose keys are the same above the byte at shift: by the counts
// of these bytes where there are many, then what has one of them by itself.
func (s *textSort) sortBucket(e []textEntry, shift int) {
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
		ends[e[i].key>>shift&0xff+1]++
	}
	for b := range 1 << byteBits {
		ends[b+1] += ends[b]
	}
	next := ends
	for b := range 1 << byteBits { // each entry is put in its place, the one there is next
		for next[b] < ends[b+1] {
			i := next[b]
			to := int(e[i].key >> shift & 0xff)
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
func (s *textSort) insert(e []textEntry) {
	for i := 1; i < len(e); i++ {
		x, k := e[i], i
		for ; k > 0 && (e[k-1].key > x.key || e[k-1].key == x.key && bytes.Compare(s.text(e[k-1].row), s.text(x.row)) > 0); k-- {
			e[k] = e[k-1]
		}
		e[k] = x
	}
}

func (s *textSort) compare(a, b textEntry) int {
	if c := cmp.Compare(a.key, b.key); c != 0 {
		return c
	}
	return bytes.Compare(s.text(a.row), s.text(b.row))
}

// column makes the column of the sorted texts, a bucket at a time.
func (s *textSort) column(ctx context.Context) (*Strings, error) {
	n := len(s.buckets) - 1
	if s.ordered {
		n = len(s.runs)
	}
	sizes, distinct := make([]int, n+1), make([]int, n+1)
	err := s.each(ctx, n, func(b int) {
		s.eachText(b, func(row uint32, isNew bool) {
			if isNew {
				sizes[b+1] += len(s.text(row))
				distinct[b+1]++
			}
		})
	})
	if err != nil {
		return nil, err
	}
	for b := range n {
		sizes[b+1] += sizes[b]
		distinct[b+1] += distinct[b]
	}
	c := &Strings{Valid: s.c.Valid, Codes: NewCodes(s.c.Len(), distinct[n])}
	c.Dict = &Dict{Bytes: make([]byte, sizes[n]), Offsets: make([]uint32, distinct[n]+1)}
	return c, s.each(ctx, n, func(b int) {
		at, code := sizes[b], distinct[b]
		s.eachText(b, func(row uint32, isNew bool) {
			if isNew {
				at += copy(c.Dict.Bytes[at:], s.text(row))
				code++
				c.Dict.Offsets[code] = uint32(at)
			}
			c.Codes.Set(int(row), uint32(code-1))
		})
	})
}

// eachText calls f with the rows of a bucket in the order of their texts, and whether the
// text is another one than that before.
func (s *textSort) eachText(b int, f func(row uint32, isNew bool)) {
	if s.ordered {
		for row := s.runs[b].Start; row < s.runs[b].End; row++ {
			if !s.c.Null(row) {
				f(uint32(row), true)
			}
		}
		return
	}
	from := s.buckets[b]
	for i := from; i < s.buckets[b+1]; i++ {
		e := s.entries[i]
		f(e.row, i == from || s.entries[i-1].key != e.key || !bytes.Equal(s.text(s.entries[i-1].row), s.text(e.row)))
	}
}
