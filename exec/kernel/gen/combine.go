package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The combine kernels run down the operands of one connective with the running
// result of several tiles in registers: an operand costs one load per vector.

const combineSignature = "func(dst, base *uint64, operands *uint32, and, andNot, or, tiles int) int"

// combination is what both versions keep in general registers.
type combination struct {
	dst, base, operands, and, andNot, or, tiles reg.GPVirtual
	at                                          reg.GPVirtual // byte offset of the tile
}

func newCombination() *combination {
	c := &combination{GP64(), GP64(), GP64(), GP64(), GP64(), GP64(), GP64(), GP64()}
	Load(Param("dst"), c.dst)
	Load(Param("base"), c.base)
	Load(Param("operands"), c.operands)
	Load(Param("and"), c.and)
	Load(Param("andNot"), c.andNot)
	Load(Param("or"), c.or)
	Load(Param("tiles"), c.tiles)
	XORQ(c.at, c.at)
	return c
}

// groups runs body for so many tiles at a time, while there are as many.
func (c *combination) groups(name string, tiles int, body func()) {
	Label(name)
	CMPQ(c.tiles, operand.U32(tiles))
	JLT(operand.LabelRef(name + "End"))
	body()
	ADDQ(operand.U32(tiles*tileBytes), c.at)
	SUBQ(operand.U32(tiles), c.tiles)
	JMP(operand.LabelRef(name))
	Label(name + "End")
}

// operand gives the address of the next operand's part of the group.
func (c *combination) operand(next reg.GPVirtual) operand.Mem {
	p := GP64()
	MOVL(operand.Mem{Base: next}, p.As32())
	LEAQ(operand.Mem{Base: c.base, Index: p, Scale: 8}, p)
	ADDQ(operand.U32(4), next)
	return operand.Mem{Base: p, Index: c.at, Scale: 1}
}

// each runs body for count operands from next on; less is how many to leave out.
func (c *combination) each(name string, count reg.GPVirtual, less int, next reg.GPVirtual, body func(operand.Mem)) {
	left := GP64()
	MOVQ(count, left)
	if less > 0 {
		SUBQ(operand.U32(less), left)
	} else {
		TESTQ(left, left)
	}
	JLE(operand.LabelRef(name + "End"))
	Label(name)
	body(c.operand(next))
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
	next := GP64()
	MOVQ(c.operands, next)
	all(vs.load)(c.operand(next))
	c.each(name+"And", c.and, 1, next, all(vs.and))
	c.each(name+"Not", c.andNot, 0, next, all(vs.not))
	c.each(name+"Or", c.or, 0, next, all(vs.or))
	TESTQ(c.dst, c.dst)
	JZ(operand.LabelRef(name + "Count"))
	for i, v := range vs.v {
		vs.store(v, operand.Mem{Base: c.dst, Index: c.at, Scale: 1, Disp: i * vs.width})
	}
	Label(name + "Count")
	for _, v := range vs.v {
		vs.count(v)
	}
}

func combineAVX512() {
	TEXT("combineAVX512", NOSPLIT, combineSignature)
	Pragma("noescape")
	Doc("combineAVX512 is Combine.")
	c := newCombination()
	sum := ZMM()
	VPXORQ(sum, sum, sum)
	make512 := func(n int) *vectors {
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
	c.groups("eight", 8, func() { c.group("eight", make512(8)) })
	c.groups("one", 1, func() { c.group("one", make512(1)) })
	half := YMM()
	VEXTRACTI64X4(operand.U8(1), sum, half)
	VPADDQ(half, sum.AsY(), half)
	returnSum(half)
}

// returnSum adds the four lanes of sum and returns them.
func returnSum(sum reg.VecVirtual) {
	quarter, lane := XMM(), XMM()
	VEXTRACTI128(operand.U8(1), sum, quarter)
	VPADDQ(quarter, sum.AsX(), quarter)
	VPSHUFD(operand.U8(0xee), quarter, lane)
	VPADDQ(lane, quarter, quarter)
	n := GP64()
	VMOVQ(quarter, n)
	VZEROUPPER()
	Store(n, ReturnIndex(0))
	RET()
}

// combineAVX2 counts by looking up the number of bits of every half byte (Muła,
// Kurz, Lemire: Faster Population Counts Using AVX2 Instructions, 2018).
func combineAVX2() {
	TEXT("combineAVX2", NOSPLIT, combineSignature)
	Pragma("noescape")
	Doc("combineAVX2 is Combine.")
	c := newCombination()
	sum, zero, low, counts := YMM(), YMM(), YMM(), YMM()
	VPXOR(sum, sum, sum)
	VPXOR(zero, zero, zero)
	broadcastByte(low, 15)
	VBROADCASTI128(nibbleCounts(), counts)
	make256 := func(n int) *vectors {
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
				upper := YMM()
				VPSRLW(operand.U8(4), v, upper)
				VPAND(low, v, v)
				VPAND(low, upper, upper)
				VPSHUFB(v, counts, v)
				VPSHUFB(upper, counts, upper)
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
	c.groups("four", 4, func() { c.group("four", make256(8)) })
	c.groups("one", 1, func() { c.group("one", make256(2)) })
	returnSum(sum)
}

func nibbleCounts() operand.Mem {
	m := GLOBL("nibbleCounts", attr.RODATA|attr.NOPTR)
	for i := range 16 {
		n := i&1 + i>>1&1 + i>>2&1 + i>>3&1
		DATA(i, operand.U8(n))
	}
	return m
}
