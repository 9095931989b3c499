package parquet

import (
	"encoding/binary"
	"slices"
)

// DefPlanes writes the definition levels as planes of bits: of each level, the first plane has
// the lowest bit, and so on. There are as many planes as the highest level has bits; what
// they have room for is used.
func (p *Encoded) DefPlanes(planes [][]uint64) error {
	c := p.chunk
	return c.asDamage(p.defs.planes(&c.page.Defs, planes, p.Count, c.maxDef))
}

// RepPlanes writes the repetition levels as DefPlanes does the definition levels.
func (p *Encoded) RepPlanes(planes [][]uint64) error {
	c := p.chunk
	return c.asDamage(p.reps.planes(&c.page.Reps, planes, p.Count, c.maxRep))
}

// Planes is how many planes levels have of which that is the highest.
func Planes(most byte) int { return int(widthOf(most)) }

// AtLeast writes where levels are at least so high, which is more than 0.
func AtLeast(to []uint64, planes [][]uint64, least byte) {
	for i := range to {
		to[i] = atLeast(planes, i, least)
	}
}

// atLeast compares 64 levels, bit by bit from the lowest one on.
func atLeast(planes [][]uint64, i int, least byte) uint64 {
	is := ^uint64(0)
	for k, plane := range planes {
		if least>>k&1 != 0 {
			is &= plane[i]
		} else {
			is |= plane[i]
		}
	}
	return is
}

// planes decodes n levels of which that is the highest.
func (l levels) planes(buf *[]byte, planes [][]uint64, n int, most byte) (err error) {
	if l.encoding == RLE {
		if !enough(n, l.src, widthOf(most)) {
			return errRun
		}
	} else if *buf, err = l.decode(*buf, n, most); err != nil {
		return err
	}
	words := (n + 63) / 64
	for k := range planes {
		planes[k] = slices.Grow(planes[k][:0], words+1)[:words+1] // what is put may reach into the next word
		clear(planes[k])
	}
	if l.encoding == RLE {
		err = planeRuns(planes, n, l.src)
	} else {
		for i, level := range *buf {
			putLevel(planes, i, uint64(level))
		}
	}
	beyond := uint64(0)
	for i := range words {
		if int(most)+1 < 1<<len(planes) {
			beyond |= atLeast(planes, i, most+1)
		}
	}
	if err == nil && beyond != 0 {
		err = errBeyond(most)
	}
	for k := range planes {
		planes[k] = planes[k][:words]
	}
	return err
}

// planeRuns reads n levels from runs, as [fillRuns] does.
func planeRuns(planes [][]uint64, n int, src []byte) error {
	width := uint(len(planes))
	for at := 0; at < n; {
		head, size := binary.Uvarint(src)
		if size <= 0 {
			return errRun
		}
		if src = src[size:]; head&1 == 0 {
			level, size := runValue(src, width)
			if size > len(src) {
				return errRun
			}
			run := int(min(head>>1, uint64(n-at)))
			if run > 0 && level>>width != 0 {
				return errBeyond(byte(1<<width - 1))
			}
			for k := range planes {
				if level>>k&1 != 0 {
					setBits(planes[k], at, run)
				}
			}
			at, src = at+run, src[size:]
			continue
		}
		groups := min(head>>1, uint64(n-at+7)/8)
		run := int(min(groups*8, uint64(n-at)))
		if (uint64(run)*uint64(width)+7)/8 > uint64(len(src)) {
			return errRun
		}
		planePacked(planes, at, run, src)
		at, src = at+run, src[min(groups*uint64(width), uint64(len(src))):]
	}
	return nil
}

// planePacked reads n bit-packed levels, as many at a time as eight bytes have.
func planePacked(planes [][]uint64, at, n int, src []byte) {
	width := uint(len(planes))
	if width == 1 {
		copyBits(planes[0], at, src, n)
		return
	}
	if width > 4 {
		for i := range n {
			bit := uint(i) * width
			putLevel(planes, at+i, load(src[bit>>3:])>>(bit&7)&(1<<width-1))
		}
		return
	}
	step := 16
	if width == 2 {
		step = 32
	}
	for ; n > 0; n -= step {
		v := load(src)
		if n < step {
			v &= 1<<(uint(n)*width) - 1
		}
		switch width {
		case 2:
			put(planes[0], at, halves(v))
			put(planes[1], at, halves(v>>1))
		case 3:
			put(planes[0], at, thirds(v))
			put(planes[1], at, thirds(v>>1))
			put(planes[2], at, thirds(v>>2))
		default:
			put(planes[0], at, fourths(v))
			put(planes[1], at, fourths(v>>1))
			put(planes[2], at, fourths(v>>2))
			put(planes[3], at, fourths(v>>3))
		}
		at, src = at+step, src[min(uint(step)*width/8, uint(len(src))):]
	}
}

// put sets bits from one on, of which there are 32 at most, and which are zero.
func put(plane []uint64, at int, bits uint64) {
	shift := uint(at & 63)
	plane[at>>6] |= bits << shift
	if shift > 32 {
		plane[at>>6+1] |= bits >> (64 - shift)
	}
}

func putLevel(planes [][]uint64, at int, level uint64) {
	for k := range planes {
		planes[k][at>>6] |= level >> k & 1 << (at & 63)
	}
}

// halves moves every second bit to the lower half, as in Warren, Hacker's Delight, 7-2; thirds
// and fourths move every third and fourth bit of as many bits as 16 of these are.
func halves(v uint64) uint64 {
	v &= 0x5555555555555555
	v = (v | v>>1) & 0x3333333333333333
	v = (v | v>>2) & 0x0f0f0f0f0f0f0f0f
	v = (v | v>>4) & 0x00ff00ff00ff00ff
	v = (v | v>>8) & 0x0000ffff0000ffff
	return (v | v>>16) & 0xffffffff
}

func thirds(v uint64) uint64 {
	v &= 0x0000249249249249
	v = (v | v>>2) & 0x00000c30c30c30c3
	v = (v | v>>4) & 0x0000f00f00f00f
	v = (v | v>>8) & 0x0000ff0000ff
	return (v | v>>16) & 0xffff
}

func fourths(v uint64) uint64 {
	v &= 0x1111111111111111
	v = (v | v>>3) & 0x0303030303030303
	v = (v | v>>6) & 0x000f000f000f000f
	v = (v | v>>12) & 0x000000ff000000ff
	return (v | v>>24) & 0xffff
}
