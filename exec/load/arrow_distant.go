package load

import (
	"bytes"
	"io"

	"github.com/segq/segq/exec/load/arrow"
	"github.com/segq/segq/exec/load/object"
)

// arrowFrom returns what an Arrow file is read from, and what is to be called at the end. Of one that
// lies elsewhere, all is fetched at once where that is no more than may be held anyway, and of streams,
// which do not say where their batches are, where it is a small part of the memory.
func (l *loader) arrowFrom(r io.ReaderAt, size int64) (io.ReaderAt, func(), error) {
	d, ok := r.(distant)
	if !ok {
		return r, func() {}, nil
	}
	const part = 8
	ahead := l.options.aheadOf()
	if size > ahead && (size > l.options.Memory/part || isArrowFile(r)) {
		d.Between = true // the metadata of batches
		return arrowDistant(d), func() {}, nil
	}
	d.Reader.WillNeed([]object.Range{{At: 0, N: size}})
	b, err := l.readAll(io.NewSectionReader(r, 0, size), size)
	if err != nil {
		return nil, nil, err
	}
	held := int64(cap(b))
	return bytes.NewReader(b), func() { l.meter.used.Add(-held) }, nil
}

// isArrowFile says whether what is read is a file, whose end says where its batches are.
func isArrowFile(r io.ReaderAt) bool {
	head := make([]byte, len(arrow.Magic))
	_, err := r.ReadAt(head, 0)
	return err == nil && string(head) == arrow.Magic
}

// arrowDistant is a remote file for package arrow.
type arrowDistant struct{ *object.Reader }

// WillNeed has bytes fetched that will be read soon.
func (d arrowDistant) WillNeed(ranges []arrow.Range) {
	own := make([]object.Range, len(ranges))
	for i, r := range ranges {
		own[i] = object.Range(r)
	}
	d.Reader.WillNeed(own)
}
