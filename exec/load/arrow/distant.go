package arrow

import "io"

// Distant is a file that lies elsewhere: what will be read of it should be known before, in the
// order in which it will be.
type Distant interface {
	io.ReaderAt
	WillNeed(ranges []Range)
}

// Range is bytes of a file: so many from an offset on.
type Range struct{ At, N int64 }

// WillNeed says that columns of batches will be read soon, in the order of the calls of each.
func (f *File) WillNeed(each func(column func(b *Batch, i int))) {
	d, ok := f.r.(Distant)
	if !ok {
		return
	}
	w := &wanted{dictionaries: map[*body]bool{}}
	each(func(b *Batch, i int) {
		b.once.Do(b.findColumns)
		if b.err == nil { // else it is said when the column is read
			w.field(f.Fields[i], b.dictionaries)
			r := &reader{file: f, body: b.body, place: b.places[i]}
			w.buffers(r, b.places[i+1].buffer)
		}
	})
	d.WillNeed(w.ranges)
}

// wanted is what will be read, each byte once.
type wanted struct {
	ranges       []Range
	dictionaries map[*body]bool // those that are in it
}

// buffers adds the buffers up to one as they will be read: at once, or each.
func (w *wanted) buffers(r *reader, until int) {
	if r.findSpan(until) {
		w.each([]extent{r.span})
		return
	}
	w.each(r.body.buffers[r.buffer:until])
}

func (w *wanted) each(all []extent) {
	for _, e := range all {
		if e.size > 0 {
			w.ranges = append(w.ranges, Range{e.from, e.size})
		}
	}
}

// field adds the dictionaries that the values of a field are in.
func (w *wanted) field(f *Field, dictionaries map[int64]*dictionary) {
	if d := dictionaries[f.dictionary]; f.Index != nil && d != nil {
		w.dictionary(d)
		dictionaries = d.inner
	}
	for _, c := range f.Children {
		w.field(c, dictionaries)
	}
}

// dictionary adds a dictionary, and what it was added to.
func (w *wanted) dictionary(d *dictionary) {
	for ; d != nil && !w.dictionaries[d.body]; d = d.before {
		w.dictionaries[d.body] = true
		w.each(d.body.buffers)
	}
}

// blockSize is how much of a distant stream is read at once while its messages are looked for: what
// comes in about the time of a request.
const blockSize = 1 << 20

// blocks reads a file in blocks that are large enough to be worth a request.
type blocks struct {
	io.ReaderAt
	size  int64
	at    int64
	block []byte
}

// ReadAt reads from the block that was read last, or from a new one.
func (b *blocks) ReadAt(p []byte, at int64) (int, error) {
	if n := int64(len(p)); at < b.at || at+n > b.at+int64(len(b.block)) {
		block := make([]byte, min(max(n, blockSize), b.size-at))
		k, err := b.ReaderAt.ReadAt(block, at)
		if k < len(block) {
			return copy(p, block[:k]), err
		}
		b.at, b.block = at, block
	}
	return copy(p, b.block[at-b.at:]), nil
}

// willNeedMessages says that the metadata of messages will be read that a footer lists.
func (f *File) willNeedMessages(footer table, field int) {
	d, ok := f.r.(Distant)
	if !ok {
		return
	}
	at, n := footer.vector(field, listed)
	ranges := make([]Range, n)
	for i := range ranges {
		entry := at + i*listed
		ranges[i] = Range{footer.buf.int64(entry), int64(footer.buf.int32(entry + 8))}
	}
	d.WillNeed(ranges)
}
