package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The combine kernels run a whole program of connectives. They go down the operands
// of each with the running result of several tiles in registers, so that an operand
// costs one load per vector.

const combineSignature = "func(base *uint64, code *uint32, ones *int, count, tiles int)"

// combination is what both versions keep in general registers.
type combination struct {
	base, code, ones, count, tiles reg.GPVirtual
	// Of one connective:
	dst, and, andNot, or, left, next reg.GPVirtual
	at                               reg.GPVirtual // byte offset of the tile
}

// program runs body for every connective of the program, with the numbers of its
// operands loaded; end leaves the sum of the ones.
func program(name string, body func(c *combination), end func() reg.GPVirtual) {
	TEXT(name, NOSPLIT, combineSignature)
	Pragma("noescape")
	Doc(name + " is Program.Run.")
	c := &combination{}
	for _, r := range []*reg.GPVirtual{&c.base, &c.code, &c.ones, &c.count, &c.tiles, &c.dst, &c.and, &c.andNot, &c.or, &c.left, &c.next, &c.at} {
		*r = GP64()
	}
	Load(Param("base"), c.base)
	Load(Param("code"), c.code)
	Load(Param("ones"), c.ones)
	Load(Param("count"), c.count)
	Load(Param("tiles"), c.tiles)
	loop("connective")
	for i, r := range []reg.GPVirtual{c.dst, c.and, c.andNot, c.or} {
		MOVL(operand.Mem{Base: c.code, Disp: 4 * i}, r.As32())
	}
	ADDQ(operand.U32(16), c.code)
	MOVQ(c.tiles, c.left)
	XORQ(c.at, c.at)
	body(c)
	// The next one begins after the operands.
	ADDQ(c.and, c.andNot)
	ADDQ(c.andNot, c.or)
	LEAQ(operand.Mem{Base: c.code, Index: c.or, Scale: 4}, c.code)
	MOVQ(end(), operand.Mem{Base: c.ones})
	ADDQ(operand.U32(8), c.ones)
	DECQ(c.count)
	JNZ(operand.LabelRef("connective"))
	VZEROUPPER()
	RET()
}

// groups runs body for so many tiles at a time, while there are as many.
func (c *combination) groups(name string, tiles int, body func()) {
	Label(name)
	CMPQ(c.left, operand.U32(tiles))
	JLT(operand.LabelRef(name + "End"))
	body()
	ADDQ(operand.U32(tiles*tileBytes), c.at)
	SUBQ(operand.U32(tiles), c.left)
	JMP(operand.LabelRef(name))
	Label(name + "End")
}

// operand returns the address of the next operand's part of the group.
func (c *combination) operand() operand.Mem {
	p := GP64()
	MOVL(operand.Mem{Base: c.next}, p.As32())
	LEAQ(operand.Mem{Base: c.base, Index: p, Scale: 8}, p)
	ADDQ(operand.U32(4), c.next)
	return operand.Mem{Base: p, Index: c.at, Scale: 1}
}

// each runs body for the next count operands; less is how many to leave out.
func (c *combination) each(name string, count reg.GPVirtual, less int, body func(operand.Mem)) {
	left := GP64()
	MOVQ(count, left)
	if less > 0 {
		SUBQ(operand.U32(less), left)
	} else {
		TESTQ(left, left)
	}
	JLE(operand.LabelRef(name + "End"))
	Label(name)
	body(c.operand())
	DECQ(left)
	JNZ(operand.LabelRef(name))
	Label(name + "End")
}

// vectors is the running result of one group.
type vectors struct {
	v     []reg.VecVirtual
	width int // bytes
	load  func(m operand.Mem, v reg.VecVirtual)
	store func(v reg.VecVirtual, m operand.Mem)
	and   func(m operand.Mem, v reg.VecVirtual)
	not   func(m operand.Mem, v reg.VecVirtual)
	or    func(m operand.Mem, v reg.VecVirtual)
	count func(v reg.VecVirtual)
}

// group combines the operands over the vectors.
func (c *combination) group(name string, vs *vectors) {
	all := func(f func(operand.Mem, reg.VecVirtual)) func(operand.Mem) {
		return func(m operand.Mem) {
			for i, v := range vs.v {
				f(m.Offset(i*vs.width), v)
			}
		}
	}
	MOVQ(c.code, c.next)
	all(vs.load)(c.operand())
	c.each(name+"And", c.and, 1, all(vs.and))
	c.each(name+"Not", c.andNot, 0, all(vs.not))
	c.each(name+"Or", c.or, 0, all(vs.or))
	TESTQ(c.dst, c.dst)
	JZ(operand.LabelRef(name + "Count"))
	dst := GP64()
	LEAQ(operand.Mem{Base: c.base, Index: c.dst, Scale: 8}, dst)
	for i, v := range vs.v {
		vs.store(v, operand.Mem{Base: dst, Index: c.at, Scale: 1, Disp: i * vs.width})
	}
	Label(name + "Count")
	for _, v := range vs.v {
		vs.count(v)
	}
}

func combineAVX512() {
	sum := ZMM()
	program("combineAVX512", func(c *combination) {
		VPXORQ(sum, sum, sum)
		c.groups("eight", 8, func() { c.group("eight", vectors512(8, sum)) })
		c.groups("one", 1, func() { c.group("one", vectors512(1, sum)) })
	}, func() reg.GPVirtual {
		half := YMM()
		VEXTRACTI64X4(operand.U8(1), sum, half)
		VPADDQ(half, sum.AsY(), half)
		return total(half)
	})
}

func vectors512(n int, sum reg.VecVirtual) *vectors {
	vs := &vectors{
		width: 64,
		load:  func(m operand.Mem, v reg.VecVirtual) { VMOVDQU64(m, v) },
		store: func(v reg.VecVirtual, m operand.Mem) { VMOVDQU64(v, m) },
		and:   func(m operand.Mem, v reg.VecVirtual) { VPANDQ(m, v, v) },
		not:   func(m operand.Mem, v reg.VecVirtual) { VPTERNLOGQ(operand.U8(0x50), m, v, v) },
		or:    func(m operand.Mem, v reg.VecVirtual) { VPORQ(m, v, v) },
		count: func(v reg.VecVirtual) { VPOPCNTQ(v, v); VPADDQ(v, sum, sum) },
	}
	for range n {
		vs.v = append(vs.v, ZMM())
	}
	return vs
}

// total adds the four lanes of sum.
func total(sum reg.VecVirtual) reg.GPVirtual {
	quarter, lane := XMM(), XMM()
	VEXTRACTI128(operand.U8(1), sum, quarter)
	VPADDQ(quarter, sum.AsX(), quarter)
	VPSHUFD(operand.U8(0xee), quarter, lane)
	VPADDQ(lane, quarter, quarter)
	n := GP64()
	VMOVQ(quarter, n)
	return n
}

// combineAVX2 counts by looking up the number of bits of every half byte (Muła,
// Kurz, Lemire: Faster Population Counts Using AVX2 Instructions, 2018).
func combineAVX2() {
	sum := YMM()
	program("combineAVX2", func(c *combination) {
		VPXOR(sum, sum, sum)
		c.groups("four", 4, func() { c.group("four", vectors256(8, sum)) })
		c.groups("one", 1, func() { c.group("one", vectors256(2, sum)) })
	}, func() reg.GPVirtual { return total(sum) })
}

func vectors256(n int, sum reg.VecVirtual) *vectors {
	vs := &vectors{
		width: 32,
		load:  func(m operand.Mem, v reg.VecVirtual) { VMOVDQU(m, v) },
		store: func(v reg.VecVirtual, m operand.Mem) { VMOVDQU(v, m) },
		and:   func(m operand.Mem, v reg.VecVirtual) { VPAND(m, v, v) },
		not: func(m operand.Mem, v reg.VecVirtual) {
			x := YMM()
			VMOVDQU(m, x)
			VPANDN(v, x, v)
		},
		or: func(m operand.Mem, v reg.VecVirtual) { VPOR(m, v, v) },
		count: func(v reg.VecVirtual) {
			upper, low, zero := YMM(), YMM(), YMM()
			VPSRLW(operand.U8(4), v, upper)
			broadcastByte(low, 15)
			VPXOR(zero, zero, zero)
			VPAND(low, v, v)
			VPAND(low, upper, upper)
			VBROADCASTI128(nibbleCounts(), low)
			VPSHUFB(v, low, v)
			VPSHUFB(upper, low, upper)
			VPADDB(upper, v, v)
			VPSADBW(zero, v, v)
			VPADDQ(v, sum, sum)
		},
	}
	for range n {
		vs.v = append(vs.v, YMM())
	}
	return vs
}

var nibbleData *operand.Mem

// nibbleCounts holds the number of bits of each half byte.
func nibbleCounts() operand.Mem {
	if nibbleData != nil {
		return *nibbleData
	}
	m := GLOBL("nibbleCounts", attr.RODATA|attr.NOPTR)
	for i := range 16 {
		n := i&1 + i>>1&1 + i>>2&1 + i>>3&1
		DATA(i, operand.U8(n))
	}
	nibbleData = &m
	return m
}
