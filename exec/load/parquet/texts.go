package parquet

import (
	"encoding/binary"
	"errors"
	"iter"
	"math"
	"slices"
)

var errTexts = errors.New("more bytes of texts than can be numbered")

// TextSize returns how many bytes [Encoded.AppendTexts] appends at most.
func (p *Encoded) TextSize(n int) (int, error) {
	if n == 0 || p.inPlace() {
		return p.size, nil
	}
	size := 0
	if p.named() {
		all, err := p.names(n)
		if err != nil {
			return 0, p.chunk.asDamage(err)
		}
		for first, last := range runsOfNames(all) {
			size += int(p.chunk.texts.end(last) - p.chunk.texts.begin(first))
		}
		return size, nil
	}
	page, err := p.Decode(n)
	if err != nil {
		return 0, err
	}
	for i := range n {
		size += len(page.Values.bytesAt(page, i))
	}
	return size, nil
}

// textRun has the texts of a dictionary one after another.
type textRun struct {
	bytes []byte
	ends  []uint32
	done  bool // they are there
}

func (t *textRun) begin(i uint32) uint32 {
	if i == 0 {
		return 0
	}
	return t.ends[i-1]
}

func (t *textRun) end(i uint32) uint32 { return t.ends[i] }

// named says whether the texts are those of the dictionary.
func (p *Encoded) named() bool { return p.Indexed() && p.chunk.decoder.leaf.Type == ByteArray }

// names returns the indexes of the texts in the dictionary, which it reads once.
func (p *Encoded) names(n int) ([]uint32, error) {
	c := p.chunk
	if p.hasNames && len(c.page.Indexes) == n {
		return c.page.Indexes, nil
	}
	const perText = 8
	body, err := p.values()
	if err == nil {
		err = c.hold(&c.values, int64(max(n, c.dictionarySize))*perText+int64(c.dictionaryBytesSize))
	}
	if err == nil {
		err = c.decodeValues(p.encoding, body, n)
	}
	if err == nil && !c.texts.done {
		c.texts.bytes, c.texts.ends, err = c.appendDictionary(c.texts.bytes[:0], c.texts.ends[:0])
		c.texts.done = err == nil
	}
	p.hasNames, p.decoded = err == nil, false
	return c.page.Indexes, err
}

// runsOfNames returns the first and the last of indexes that follow one another, as they do where
// most texts differ.
func runsOfNames(all []uint32) iter.Seq2[uint32, uint32] {
	return func(yield func(uint32, uint32) bool) {
		for i := 0; i < len(all); {
			first, last := all[i], all[i]
			for i++; i < len(all) && all[i] == last+1; i++ {
				last++
			}
			if !yield(first, last) {
				return
			}
		}
	}
}

// appendNames appends texts of the dictionary.
func (t *textRun) appendNames(to []byte, ends, all []uint32) ([]byte, []uint32, error) {
	for first, last := range runsOfNames(all) {
		from, end := t.begin(first), t.end(last)
		if int(end-from) > math.MaxUint32-len(to) {
			return to, ends, errTexts
		}
		shift := uint32(len(to)) - from
		to = append(to, t.bytes[from:end]...)
		for _, end := range t.ends[first : last+1] {
			ends = append(ends, end+shift)
		}
	}
	return to, ends, nil
}

// inPlace says whether the texts are in the page, each once.
func (p *Encoded) inPlace() bool {
	return p.chunk.decoder.leaf.Type == ByteArray && (p.encoding == Plain || p.encoding == DeltaLengthByteArray)
}

// AppendTexts appends the n byte arrays that are not null to others, one after another,
// and where each of them ends. They have at most as many bytes as a number of 32 bits can
// count.
func (p *Encoded) AppendTexts(to []byte, ends []uint32, n int) ([]byte, []uint32, error) {
	if n == 0 {
		return to, ends, nil
	}
	to, ends, err := p.appendTexts(to, ends, n)
	return to, ends, p.chunk.asDamage(err)
}

func (p *Encoded) appendTexts(to []byte, ends []uint32, n int) ([]byte, []uint32, error) {
	if p.inPlace() {
		const perLength = 8
		if err := p.chunk.hold(&p.chunk.values, int64(n)*perLength); err != nil {
			return to, ends, err
		}
		body, err := p.values()
		if err != nil {
			return to, ends, err
		}
		if p.encoding == Plain {
			return appendPlain(to, ends, body, n)
		}
		return p.chunk.decoder.appendLengths(to, ends, body, n)
	}
	if p.named() {
		all, err := p.names(n)
		if err != nil {
			return to, ends, err
		}
		return p.chunk.texts.appendNames(to, slices.Grow(ends, n), all)
	}
	page, err := p.Decode(n)
	if err != nil {
		return to, ends, err
	}
	for i := range n {
		b := page.Values.bytesAt(page, i)
		if len(b) > math.MaxUint32-len(to) {
			return to, ends, errTexts
		}
		to = append(to, b...)
		ends = append(ends, uint32(len(to)))
	}
	return to, ends, nil
}

// AppendDictionary appends the texts of the dictionary as AppendTexts those of a page.
func (p *Encoded) AppendDictionary(to []byte, ends []uint32) ([]byte, []uint32, error) {
	if p.chunk.dictionary == nil {
		return to, ends, nil
	}
	to, ends, err := p.chunk.appendDictionary(to, ends)
	return to, ends, p.chunk.asDamage(err)
}

// bytesAt returns a value of a page.
func (v *Values) bytesAt(p *Page, i int) []byte {
	if p.Indexes != nil {
		return p.Dictionary.Bytes[p.Indexes[i]]
	}
	return v.Bytes[i]
}

// appendPlain appends texts that stand behind their lengths.
func appendPlain(to []byte, ends []uint32, src []byte, n int) ([]byte, []uint32, error) {
	if n > len(src)/4 {
		return to, ends, errValues
	}
	size := len(src) - 4*n // if the texts fill the bytes
	if size > math.MaxUint32-len(to) {
		return to, ends, errTexts
	}
	to, ends = slices.Grow(to, size), slices.Grow(ends, n)
	for range n {
		if len(src) < 4 {
			return to, ends, errValues
		}
		length := binary.LittleEndian.Uint32(src)
		if src = src[4:]; uint64(length) > uint64(len(src)) {
			return to, ends, errValues
		}
		to = append(to, src[:length]...)
		ends, src = append(ends, uint32(len(to))), src[length:]
	}
	return to, ends, nil
}

// appendLengths appends texts of DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes.
func (d *decoder) appendLengths(to []byte, ends []uint32, src []byte, n int) ([]byte, []uint32, error) {
	var err error
	if d.lengths, src, err = deltas(d.lengths, n, src); err != nil {
		return to, ends, err
	}
	from := len(to)
	ends = slices.Grow(ends, n)
	end := int64(from)
	for _, length := range d.lengths {
		length = int64(int32(length))
		if length < 0 || length > int64(len(src))-(end-int64(from)) {
			return to, ends, errDelta
		}
		if end += length; end > math.MaxUint32 {
			return to, ends, errTexts
		}
		ends = append(ends, uint32(end))
	}
	return append(to, src[:end-int64(from)]...), ends, nil
}
