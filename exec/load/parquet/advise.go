package parquet

import "slices"

// WillNeed says that column chunks will be read soon, so that the system can begin to read
// those that it does not hold. It is advice.
func (f *File) WillNeed(chunks []*Column) {
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
