package load

import "github.com/segq/segq/exec/column"

// textColumn builds a column of texts: in the order of the rows, or by a dictionary.
func textColumn(parts []part, n int, valid column.Bitmap) (column.Column, error) {
	hexadecimal(parts)
	if size, ok := rowBytes(parts, n); ok {
		return rowTexts(parts, n, size, valid), nil
	}
	return texts(parts, n, valid)
}

// rowBytes returns the bytes of all texts of a column of n slots that is to be in the order
// of the rows, and says whether it is.
func rowBytes(parts []part, n int) (size int, ok bool) {
	for _, p := range parts {
		if small := p.node.small; small != nil && small.kind == kindText {
			continue
		}
		if p.node.len() > len(p.node.texts.values) {
			return 0, false // not all are texts yet
		}
	}
	if n < leastTexts || !partsDiffer(parts, n) {
		return 0, false
	}
	for _, p := range parts {
		for _, code := range p.node.codes() {
			size += len(p.node.dict.at(code))
		}
	}
	return size, size <= column.MaxTextBytes
}

// partsDiffer says whether most of the texts of some parts differ.
func partsDiffer(parts []part, total int) bool {
	s := newTextSample()
	for _, p := range parts {
		for _, code := range p.node.codes() {
			if s.add(p.node.dict.at(code)) {
				return s.mostDiffer(total)
			}
		}
	}
	return s.mostDiffer(total)
}

// rowTexts builds a column of so many bytes of texts in the order of the rows.
func rowTexts(parts []part, n, size int, valid column.Bitmap) *column.Texts {
	c := &column.Texts{Valid: valid, Offsets: makeRoom[uint32](n + 1), Bytes: makeRoom[byte](size)}
	for _, p := range parts {
		for slot, code := range p.node.texts.all() {
			c.Offsets[p.base+int(slot)+1] = uint32(len(p.node.dict.at(code)))
		}
	}
	for i := range n {
		c.Offsets[i+1] += c.Offsets[i]
	}
	for _, p := range parts {
		for slot, code := range p.node.texts.all() {
			copy(c.Bytes[c.Offsets[p.base+int(slot)]:], p.node.dict.at(code))
		}
	}
	return c
}
