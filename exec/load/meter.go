package load

import (
	"context"
	"fmt"
	"sync/atomic"
	"unsafe"
)

// MemoryError says that a load was ended because it would have held more memory
// than it may.
type MemoryError struct {
	// Needs is about what the whole load would hold, in bytes; where that is not
	// known, what it had reached, and AtLeast is set. Limit is what it may hold.
	Needs, Limit int64
	AtLeast      bool
	// Columns says that the load itself could have been done, and that Limit is
	// what its result may hold.
	Columns bool
}

// Error says what was too much.
func (e *MemoryError) Error() string {
	about, what := "about", "loading needs"
	if e.AtLeast {
		about = "more than"
	}
	if e.Columns {
		what = "the columns need"
	}
	return fmt.Sprintf("%s %s %.1f MB of memory, and may have %.1f MB", what, about, float64(e.Needs)/(1<<20), float64(e.Limit)/(1<<20))
}

// meter counts what a load holds: blocks of text, chunks, columns. It is charged
// for large pieces, and is right to within some of them.
type meter struct {
	limit      int64 // 0 for none
	used, peak atomic.Int64
	failed     atomic.Pointer[MemoryError]
	stop       context.CancelCauseFunc // ends the load
	blocks     atomic.Int64            // of used, what text holds that is on its way: it does not grow with the files
	foreseen   atomic.Int64            // what all is likely to take; 0 where that is not known
	// read and total say how much of the files has been read, for an estimate.
	read  atomic.Int64
	total int64
}

// charge counts n bytes more, or fewer. Once there are too many, it ends the load,
// and fails from then on.
func (m *meter) charge(n int64) error {
	used := m.used.Add(n)
	for peak := m.peak.Load(); used > peak && !m.peak.CompareAndSwap(peak, used); {
		peak = m.peak.Load()
	}
	if m.limit > 0 && used > m.limit {
		needs, atLeast := m.foretell(used)
		m.fail(&MemoryError{Needs: needs, Limit: m.limit, AtLeast: atLeast})
	}
	if err := m.failed.Load(); err != nil {
		return err
	}
	return nil
}

// chargeBlock is charge for a block of text that is on its way.
func (m *meter) chargeBlock(n int64) error {
	m.blocks.Add(n)
	return m.charge(n)
}

// freeBlock counts a block of text no more.
func (m *meter) freeBlock(n int64) {
	m.blocks.Add(-n)
	m.used.Add(-n)
}

// ahead counts what was read ahead of a remote file, or is held no longer, as what is on its way.
func (m *meter) ahead(n int64) {
	m.blocks.Add(n)
	_ = m.charge(n) // which ends the load
}

// fail ends the load.
func (m *meter) fail(err *MemoryError) {
	if m.failed.CompareAndSwap(nil, err) && m.stop != nil {
		m.stop(err)
	}
}

// foretell says what all files would take, if what is still to be read were as
// what has been.
func (m *meter) foretell(used int64) (needs int64, atLeast bool) {
	if foreseen := m.foreseen.Load(); foreseen > used {
		return foreseen, false
	}
	read := m.read.Load()
	if read <= 0 || m.total <= 0 {
		return used, true
	}
	blocks := m.blocks.Load()
	return blocks + int64(float64(used-blocks)*max(1, float64(m.total)/float64(read))), false
}

// weighEvery is about how many values a chunk gets between two weighings.
const weighEvery = 1 << 14

// scale charges a meter for a chunk while one goroutine fills it.
type scale struct {
	meter     *meter
	chunk     *chunk
	work, due int
}

func (l *loader) scale(c *chunk) *scale { return &scale{meter: &l.meter, chunk: c, due: weighEvery} }

// add says that n values were added to the chunk; long texts count as several.
func (s *scale) add(n int) error {
	if s == nil {
		return nil
	}
	if s.work += n; s.work < s.due {
		return nil
	}
	return s.weigh()
}

// addText says that a row of so many bytes was read into the chunk.
func (s *scale) addText(bytes int) error { return s.add(1 + bytes/64) }

// weigh charges for what the chunk has grown by, and for the room that growing takes.
func (s *scale) weigh() error {
	var w weight
	w.weigh(s.chunk.root)
	s.due = s.work + max(weighEvery, w.nodes/4)
	return s.meter.hold(s.chunk, w.bytes+w.most)
}

// settle charges for a chunk that is complete.
func (m *meter) settle(c *chunk) error {
	var w weight
	w.weigh(c.root)
	return m.hold(c, w.bytes)
}

// hold charges for what a chunk holds more than before.
func (m *meter) hold(c *chunk, bytes int64) error {
	bytes += int64(cap(c.places)) * int64(unsafe.Sizeof(place{}))
	grown := bytes - c.held
	c.held = bytes
	return m.charge(grown)
}

// weigh charges for what the values of a leaf have grown by.
func (f *leafPlan) weigh() error { return f.weighed(f.node.own()) }

// weighPresence charges for what the lists and objects of a leaf have grown by.
func (f *leafPlan) weighPresence() error { return f.weighed(0) }

func (f *leafPlan) weighed(bytes int64) error {
	for i, st := range f.steps {
		if f.owned[i] {
			bytes += st.node.presence()
		}
	}
	grown := bytes - f.held
	f.held = bytes
	return f.meter.charge(grown)
}
