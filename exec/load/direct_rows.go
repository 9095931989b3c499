package load

import (
	"context"
	"encoding/binary"
	"math"
	"sync"
	"unicode/utf8"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load/parquet"
)

// byRow reads texts most of which differ: all of them as they come.
func (d *direct) byRow(ctx context.Context) (column.Column, error) {
	offsets := int64(d.slots() + 1)
	if err := d.grow(4 * offsets); err != nil {
		return nil, err
	}
	c := &column.Texts{Offsets: roomToFill[uint32](d.pool, int(offsets))}
	c.Offsets[0] = 0
	w := &textWriter{d: d, read: make([]textSet, len(d.leaves))}
	err := d.each(ctx, func(ctx context.Context, g int) error {
		run := w.run()
		run.ends = c.Offsets[d.bases[g]+1 : d.bases[g+1]+1]
		if err := d.readRun(ctx, g, &run); err != nil {
			return err
		}
		return w.add(g, run)
	})
	if err != nil {
		return nil, err
	}
	c.Bytes, err = w.all()
	c.Valid = d.validity()
	return c, err
}

// textWriter puts the texts of row groups one after another, in the order of the groups.
type textWriter struct {
	d *direct

	mu   sync.Mutex
	read []textSet // by row group: what was read, and is not yet in its place
	next int       // the row group whose place is after all that have one
	size int       // of their texts

	room  sync.RWMutex // held by who writes, and by who needs more room
	bytes []byte
}

// run returns room for the texts of a row group: what columns that are kept need no more, or nothing
// yet where the memory is that of parts.
func (w *textWriter) run() textSet {
	if w.d.pool.rooms != nil {
		return textSet{}
	}
	return w.d.pool.texts()
}

// add takes the texts of a row group, and puts all in their place of which those before are known.
func (w *textWriter) add(g int, run textSet) error {
	w.mu.Lock()
	w.read[g] = run
	w.mu.Unlock()
	for {
		run, from, err := w.take()
		if err != nil || run.ends == nil {
			return err
		}
		w.put(run, from)
		if w.d.pool.rooms == nil {
			w.d.pool.leaveTexts(textSet{bytes: run.bytes})
		}
	}
}

// take returns the texts that come next, and their place, if they were read. There is room for
// them until they are put there.
func (w *textWriter) take() (run textSet, from int, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.next == len(w.read) || w.read[w.next].ends == nil {
		return textSet{}, 0, nil
	}
	run, from = w.read[w.next], w.size
	w.read[w.next] = textSet{}
	w.next++
	w.size += len(run.bytes)
	if w.size > column.MaxTextBytes {
		return textSet{}, 0, errOtherwise
	}
	if len(w.read) == 1 {
		w.bytes = run.bytes // where they are
		return textSet{}, 0, nil
	}
	if err := w.reserve(); err != nil {
		return textSet{}, 0, err
	}
	w.room.RLock()
	return run, from, nil
}

func (w *textWriter) put(run textSet, from int) {
	defer w.room.RUnlock()
	copy(w.bytes[from:], run.bytes)
	for i := range run.ends {
		run.ends[i] += uint32(from)
	}
}

// reserve sees to room for all texts so far, from the start for as many as the file says.
func (w *textWriter) reserve() error {
	if w.size <= len(w.bytes) {
		return nil
	}
	room := len(w.bytes) + len(w.bytes)/4
	if w.bytes == nil {
		for _, f := range w.d.leaves {
			room += int(f.chunk.TextBytes())
		}
	}
	room = max(room, w.size)
	if err := w.d.grow(int64(room)); err != nil {
		return err
	}
	more := roomToFill[byte](w.d.pool, room)
	w.room.Lock()
	defer w.room.Unlock()
	copy(more, w.bytes)
	had := len(w.bytes)
	w.bytes = more
	return w.d.grow(-int64(had))
}

// all returns the texts of all row groups, without much room behind them.
func (w *textWriter) all() ([]byte, error) {
	all := w.bytes[:w.size:w.size]
	if w.d.pool.rooms != nil || cap(w.bytes)-w.size <= w.size/4 {
		return all, nil
	}
	if err := w.d.grow(int64(w.size)); err != nil {
		return nil, err
	}
	return append(makeRoom[byte](w.size)[:0], all...), nil
}

// readRun reads the texts of a row group, one for each slot, which is empty for a null. The
// run has room for their ends.
func (d *direct) readRun(ctx context.Context, g int, run *textSet) error {
	if err := d.makeRoom(run, int(d.leaves[g].chunk.TextBytes())); err != nil {
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

// validTexts says whether all of some texts are texts; the first one begins there. All together
// have to be one, and none may begin within a character.
func validTexts(b []byte, from int, ends []uint32) bool {
	if len(ends) == 0 || !utf8.Valid(b[from:ends[len(ends)-1]]) {
		return len(ends) == 0
	}
	for _, end := range ends[:len(ends)-1] {
		if int(end) < len(b) && !utf8.RuneStart(b[end]) {
			return false
		}
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
