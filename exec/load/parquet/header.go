package parquet

import "fmt"

// pageType is the type of a page.
type pageType int32

const (
	dataPage       pageType = 0
	dictionaryPage pageType = 2
	dataPageV2     pageType = 3
)

// pageHeader is what stands before a page.
type pageHeader struct {
	kind             pageType
	size, compressed int32 // in bytes
	checksum         uint32
	summed           bool // there is a checksum
	values           int32
	encoding         Encoding
	// Of version 1: how the levels are written.
	defs, reps Encoding
	// Of version 2: the bytes of the levels, and whether the rest is not compressed.
	defBytes, repBytes int32
	raw                bool
}

// parseHeader reads a header, and gives its length. Field numbers are those of
// parquet.thrift.
func parseHeader(b []byte) (h pageHeader, length int, err error) {
	r := &thriftReader{b: b}
	body := pageType(-1)
	r.fields(func(id int16, t thriftType) {
		switch id {
		case 1:
			h.kind = pageType(r.int32(t))
		case 2:
			h.size = r.int32(t)
		case 3:
			h.compressed = r.int32(t)
		case 4:
			h.checksum, h.summed = uint32(r.int32(t)), true
		case 5:
			body = dataPage
			r.structure(t, func(id int16, t thriftType) { r.dataField(&h, id, t) })
		case 7:
			body = dictionaryPage
			r.structure(t, func(id int16, t thriftType) { r.dataField(&h, id, t) })
		case 8:
			body = dataPageV2
			r.structure(t, func(id int16, t thriftType) { r.dataFieldV2(&h, id, t) })
		default:
			r.skip(t)
		}
	})
	if r.err != nil {
		return h, 0, r.err
	}
	return h, r.pos, h.check(body)
}

// dataField reads a field of the header of a dictionary or of a page of version
// 1, whose first two fields are the same. The third of a dictionary is a boolean.
func (r *thriftReader) dataField(h *pageHeader, id int16, t thriftType) {
	switch {
	case id == 1:
		h.values = r.int32(t)
	case id == 2:
		h.encoding = Encoding(r.int32(t))
	case id == 3 && t == thriftI32:
		h.defs = Encoding(r.int32(t))
	case id == 4:
		h.reps = Encoding(r.int32(t))
	default:
		r.skip(t)
	}
}

func (r *thriftReader) dataFieldV2(h *pageHeader, id int16, t thriftType) {
	switch id {
	case 1:
		h.values = r.int32(t)
	case 4:
		h.encoding = Encoding(r.int32(t))
	case 5:
		h.defBytes = r.int32(t)
	case 6:
		h.repBytes = r.int32(t)
	case 7:
		h.raw = !r.bool(t)
	default:
		r.skip(t)
	}
}

// check holds a header against itself.
func (h *pageHeader) check(body pageType) error {
	readable := h.kind == dataPage || h.kind == dictionaryPage || h.kind == dataPageV2
	switch {
	case readable && body != h.kind:
		return fmt.Errorf("the header of a page of type %d is one of another type", h.kind)
	case h.size < 0 || h.compressed < 0 || h.values < 0:
		return fmt.Errorf("a page claims %d bytes, %d compressed, and %d values", h.size, h.compressed, h.values)
	case h.defBytes < 0 || h.repBytes < 0 ||
		int64(h.defBytes)+int64(h.repBytes) > int64(min(h.size, h.compressed)):
		return fmt.Errorf("a page of %d bytes claims %d and %d bytes of levels", h.size, h.repBytes, h.defBytes)
	}
	return nil
}
