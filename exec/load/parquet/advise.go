package parquet

import (
	"io"
	"slices"
)

// Distant is a file that lies elsewhere: what will be read of it should be known before, in the
// order in which it will be.
type Distant interface {
	io.ReaderAt
	WillNeed(ranges []Range)
}

// Range is bytes of a file: so many from an offset on.
type Range struct{ At, N int64 }

// Distant says whether what is read of the file comes from far away.
func (f *File) Distant() bool {
	_, ok := f.r.(Distant)
	return ok
}

// From returns the file as it is read by another reader of the same bytes.
func (f *File) From(r io.ReaderAt) *File {
	own := *f
	own.r = r
	return &own
}

// WillNeed says that column chunks will be read soon, so that the system can begin to read
// those that it does not hold. It is advice.
func (f *File) WillNeed(chunks []*Column) {
	if d, ok := f.r.(Distant); ok {
		var ranges []Range
		for _, c := range chunks {
			if at := c.begin(); at >= 0 && c.Size > 0 && at < f.size {
				ranges = append(ranges, Range{at, min(c.Size+slack, f.size-at)})
			}
		}
		d.WillNeed(ranges)
		return
	}
	type part struct{ at, end int64 }
	var parts []part
	for _, c := range chunks {
		if at := c.begin(); at >= 0 && c.Size > 0 && at < f.size {
			parts = append(parts, part{at, at + min(c.Size, f.size-at)})
		}
	}
	slices.SortFunc(parts, func(a, b part) int { return int(a.at - b.at) })
	for i := 0; i < len(parts); {
		p := parts[i]
		for i++; i < len(parts) && parts[i].at <= p.end+gap; i++ {
			p.end = max(p.end, parts[i].end)
		}
		adviseWillNeed(f.r, p.at, p.end-p.at)
	}
}

// gap is how many bytes between two parts are read with them.
const gap = 16 << 10

// begin returns where the first page is.
func (c *Column) begin() int64 {
	if c.dictionary > 0 && c.dictionary < c.data {
		return c.dictionary
	}
	return c.data
}
