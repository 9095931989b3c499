package load

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"sync/atomic"
	"unicode/utf8"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load/parquet"
)

// byRow reads texts most of which differ: all of them as they come, which are then
// sorted.
func (d *direct) byRow(ctx context.Context) (column.Column, error) {
	s := &textSort{d: d, runs: make([]textSet, len(d.leaves)), seen: make([]textLook, len(d.leaves))}
	var total atomic.Int64
	if err := d.grow(4 * int64(d.slots())); err != nil {
		return nil, err
	}
	err := d.each(ctx, func(ctx context.Context, g int) error {
		s.runs[g].ends = make([]uint32, d.bases[g+1]-d.bases[g])
		if err := d.readRun(ctx, g, &s.runs[g]); err != nil {
			return err
		}
		if total.Add(int64(len(s.runs[g].bytes))) > math.MaxUint32 {
			return errOtherwise
		}
		s.seen[g] = d.look(g, &s.runs[g])
		return nil
	})
	if err != nil {
		return nil, err
	}
	if err := s.sort(ctx); err != nil {
		return nil, err
	}
	c, err := s.column(ctx)
	s.d, s.runs, s.entries = nil, nil, nil
	collect(total.Load())
	return c, err
}

// readRun reads the texts of a row group, one for each slot, which is empty for a null. The
// run has room for their ends.
func (d *direct) readRun(ctx context.Context, g int, run *textSet) error {
	// As many bytes as the file says, as far as it can be believed.
	said := d.leaves[g].chunk
	run.bytes = make([]byte, 0, max(0, min(said.Unpacked, 4*said.Size)))
	if err := d.grow(int64(cap(run.bytes))); err != nil {
		return err
	}
	return d.pages(ctx, g, func(page *parquet.Encoded, at span) error {
		ends, from := run.ends[at.from:at.from+at.slots], len(run.bytes)
		size, err := page.TextSize(at.n)
		if err == nil && size > math.MaxUint32-from {
			err = errOtherwise
		}
		if err == nil {
			err = d.makeRoom(run, size)
		}
		if err != nil {
			return err
		}
		dense := ends[at.slots-at.n:]
		if run.bytes, _, err = page.AppendTexts(run.bytes, dense[:0], at.n); err != nil {
			return err
		}
		if !isASCII(run.bytes[from:]) && !validTexts(run.bytes, from, dense) {
			return errOtherwise
		}
		endsToSlots(ends, uint32(from), at)
		return nil
	})
}

// endsToSlots moves the ends of the texts of a span, which are at its end, to their slots.
// What has no text ends where the one before does.
func endsToSlots(ends []uint32, last uint32, at span) {
	if at.n == at.slots {
		return
	}
	next := at.slots - at.n
	for i := range ends {
		if at.n > 0 && at.valid.Get(at.from+i) {
			last = ends[next]
			next++
		}
		ends[i] = last
	}
}

// makeRoom sees to room for so many bytes of texts, and charges for it before it is there.
func (d *direct) makeRoom(run *textSet, size int) error {
	need := len(run.bytes) + size
	had := cap(run.bytes)
	if need <= had {
		return nil
	}
	room := max(need, had+had/4)
	if err := d.grow(int64(room)); err != nil {
		return err
	}
	run.bytes = append(make([]byte, 0, room), run.bytes...)
	return d.grow(-int64(had))
}

// validTexts says whether all of some texts are texts; the first one begins there.
func validTexts(b []byte, from int, ends []uint32) bool {
	for _, end := range ends {
		if !utf8.Valid(b[from:end]) {
			return false
		}
		from = int(end)
	}
	return true
}

// isASCII looks at eight bytes at a time.
func isASCII(b []byte) bool {
	all := uint64(0)
	for ; len(b) >= 8; b = b[8:] {
		all |= binary.LittleEndian.Uint64(b)
	}
	for _, c := range b {
		all |= uint64(c)
	}
	return all&0x8080808080808080 == 0
}

// textLook is what the texts of a row group have in common.
type textLook struct {
	some        bool // there are texts
	first, last []byte
	prefix      int       // how many bytes all have as the first one has them
	bytes       [256]bool // those that there are behind the prefix, and perhaps in it
	ascending   bool      // each is greater than the one before
}

// look looks at the texts of a row group.
func (d *direct) look(g int, run *textSet) textLook {
	l := textLook{ascending: true}
	for _, c := range run.bytes {
		l.bytes[c] = true
	}
	for slot := range run.ends {
		if d.valid[g] != nil && !d.valid[g].Get(slot) {
			continue
		}
		b := run.at(uint32(slot))
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
