package load

import (
	"context"
	"encoding/binary"
	"math"
	"unicode/utf8"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load/parquet"
)

// byRow reads texts most of which differ: all of them as they come.
func (d *direct) byRow(ctx context.Context) (column.Column, error) {
	c := &column.Texts{Offsets: roomToFill[uint32](d.pool, d.slots()+1)}
	c.Offsets[0] = 0
	if err := d.grow(4 * int64(len(c.Offsets))); err != nil {
		return nil, err
	}
	runs := make([]textSet, len(d.leaves))
	err := d.each(ctx, func(ctx context.Context, g int) error {
		runs[g].ends = c.Offsets[d.bases[g]+1 : d.bases[g+1]+1]
		return d.readRun(ctx, g, &runs[g])
	})
	if err != nil {
		return nil, err
	}
	c.Valid = d.validity()
	return c, d.joinRuns(ctx, c, runs)
}

// joinRuns puts the texts of the row groups one after another.
func (d *direct) joinRuns(ctx context.Context, c *column.Texts, runs []textSet) error {
	starts := make([]int, len(runs)+1)
	for g := range runs {
		starts[g+1] = starts[g] + len(runs[g].bytes)
	}
	size := starts[len(runs)]
	switch {
	case size > column.MaxTextBytes:
		return errOtherwise
	case len(runs) == 1 && (d.pool.rooms != nil || cap(runs[0].bytes)-size <= size/8):
		c.Bytes = runs[0].bytes
		return nil
	}
	if err := d.grow(int64(size)); err != nil {
		return err
	}
	c.Bytes = roomToFill[byte](d.pool, size)
	err := d.each(ctx, func(_ context.Context, g int) error {
		copy(c.Bytes[starts[g]:], runs[g].bytes)
		for i := range runs[g].ends {
			runs[g].ends[i] += uint32(starts[g])
		}
		runs[g].bytes = nil
		return nil
	})
	collect(int64(size))
	return err
}

// readRun reads the texts of a row group, one for each slot, which is empty for a null. The
// run has room for their ends.
func (d *direct) readRun(ctx context.Context, g int, run *textSet) error {
	// As many bytes as the file says, as far as it can be believed.
	said := d.leaves[g].chunk
	run.bytes = roomToFill[byte](d.pool, int(max(0, min(said.Unpacked, 4*said.Size))))[:0]
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
	most := max(need, had+had/4)
	if err := d.grow(int64(most)); err != nil {
		return err
	}
	run.bytes = append(roomToFill[byte](d.pool, most)[:0], run.bytes...)
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
