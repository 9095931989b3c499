package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// foldBMI2 writes the passage between the bits of elements and those of rows,
// which BMI2 has an instruction for in each direction.
func foldBMI2() {
	listsBMI2()
	unpackBMI2()
}

// expandAVX2 moves values of so many bytes to the places that a mask has, eight at a time, by
// a table that has where each of the eight comes from for each eight bits of the mask. The
// instruction that deposits bits would need no table, but is slow on some processors.
func expandAVX2(size int) {
	name := fmt.Sprintf("expand%dAVX2", 8*size)
	TEXT(name, NOSPLIT, fmt.Sprintf("func(dst, src *uint%d, mask *uint64, words int, table *[%d]uint64)", 8*size, 256*size))
	Pragma("noescape")
	Doc(name + " is Expand; it reads eight values of src at any, and behind the last.")
	dst, src, mask, words, table := argument("dst"), argument("src"), argument("mask"), argument("words"), argument("table")
	move := VMOVQ
	if size == 2 {
		move = VMOVDQU
	}
	loop("word")
	m := GP64()
	MOVQ(operand.Mem{Base: mask}, m)
	for i := range 8 {
		n, at, values, from := GP64(), GP64(), XMM(), XMM()
		MOVBQZX(m.As8(), n)
		MOVQ(n, at)
		SHLQ(operand.U8(2+size), at)
		move(operand.Mem{Base: table, Index: at, Scale: 1}, from)
		move(operand.Mem{Base: src}, values)
		VPSHUFB(from, values, values)
		move(values, operand.Mem{Base: dst, Disp: 8 * size * i})
		POPCNTQ(n, n)
		LEAQ(operand.Mem{Base: src, Index: n, Scale: uint8(size)}, src)
		SHRQ(operand.U8(8), m)
	}
	ADDQ(operand.U32(uint32(64*size)), dst)
	ADDQ(operand.U32(8), mask)
	DECQ(words)
	JNZ(operand.LabelRef("word"))
	RET()
}

func unpackBMI2() {
	TEXT("unpackBMI2", NOSPLIT, "func(dst, src, mask *uint64, words int)")
	Pragma("noescape")
	Doc("unpackBMI2 is Unpack; it reads one word of src past the bits that it needs.")
	dst, src, mask, words := GP64(), GP64(), GP64(), GP64()
	Load(Param("dst"), dst)
	Load(Param("src"), src)
	Load(Param("mask"), mask)
	Load(Param("words"), words)
	at := GP64() // the next bit of src
	XORQ(at, at)
	loop("word")
	m, n, index, bits, next, shift := GP64(), GP64(), GP64(), GP64(), GP64(), GP64()
	MOVQ(operand.Mem{Base: mask}, m)
	POPCNTQ(m, n)
	MOVQ(at, index)
	SHRQ(operand.U8(6), index)
	MOVQ(operand.Mem{Base: src, Index: index, Scale: 8}, bits)
	MOVQ(operand.Mem{Base: src, Index: index, Scale: 8, Disp: 8}, next)
	SHRXQ(at, bits, bits)
	MOVQ(at, shift)
	NOTQ(shift) // modulo 64: 63 - at
	SHLXQ(shift, next, next)
	SHLQ(operand.U8(1), next)
	ORQ(next, bits)
	PDEPQ(m, bits, bits)
	MOVQ(bits, operand.Mem{Base: dst})
	ADDQ(n, at)
	ADDQ(operand.U32(8), mask)
	ADDQ(operand.U32(8), dst)
	DECQ(words)
	JNZ(operand.LabelRef("word"))
	RET()
}

// mostDrops is the number of matches that one pass over the elements can drop.
const mostDrops = 3

func listsBMI2() {
	for drops := range mostDrops + 1 {
		listsBMI2For(drops)
	}
}

// listsBMI2For finds the lists with more than drops elements in m, and packs their
// bits. The lowest bit of each list is found by subtracting its first: see the
// portable functions. The borrow of each round goes from word to word in a register
// that is zero or all ones.
func listsBMI2For(drops int) {
	name := fmt.Sprintf("lists%dBMI2", drops)
	TEXT(name, NOSPLIT, "func(dst, rest, m, ends *uint64, words int)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s is Lists with so many drops: %d.", name, drops))
	dst, rest, src, ends := GP64(), GP64(), GP64(), GP64()
	Load(Param("dst"), dst)
	Load(Param("rest"), rest)
	Load(Param("m"), src)
	Load(Param("ends"), ends)
	var borrows []reg.GPVirtual
	for range drops + 1 {
		b := GP64()
		XORQ(b, b)
		borrows = append(borrows, b)
	}
	out, used, before := GP64(), GP64(), GP64()
	XORQ(out, out)
	XORQ(used, used)
	MOVQ(operand.I32(-1), before) // a list begins with the first element
	loop("word")
	m, starts, t := GP64(), GP64(), GP64()
	MOVQ(operand.Mem{Base: src}, m)
	MOVQ(operand.Mem{Base: ends}, starts)
	SHLQ(operand.U8(1), before, starts)
	MOVQ(operand.Mem{Base: ends}, before)
	e := before
	subtract := func(borrow reg.GPVirtual) {
		MOVQ(m, t)
		ORQ(e, t)
		NEGQ(borrow) // the carry flag
		SBBQ(starts, t)
		SBBQ(borrow, borrow)
	}
	for _, borrow := range borrows[:drops] {
		subtract(borrow)
		ANDQ(t, m)
	}
	MOVQ(m, operand.Mem{Base: rest})
	ADDQ(operand.U32(8), rest)
	subtract(borrows[drops])
	ORQ(m, t)
	appendBits(dst, out, used, t, e)
	ADDQ(operand.U32(8), src)
	ADDQ(operand.U32(8), ends)
	DECQ(param("words")) // there is no register left for it
	JNZ(operand.LabelRef("word"))
	TESTQ(used, used)
	JZ(operand.LabelRef("end"))
	MOVQ(out, operand.Mem{Base: dst})
	Label("end")
	RET()
}

// appendBits appends the bits of src that mask selects to those in out, of which
// there are used, and stores whole words. It leaves nothing in src.
func appendBits(dst, out, used, src, mask reg.GPVirtual) {
	n, low := GP64(), GP64()
	bits := src
	PEXTQ(mask, src, bits)
	POPCNTQ(mask, n)
	SHLXQ(used, bits, low)
	ORQ(low, out)
	ADDQ(used, n)
	CMPQ(n, operand.U32(64))
	JLT(operand.LabelRef("fits"))
	MOVQ(out, operand.Mem{Base: dst})
	ADDQ(operand.U32(8), dst)
	// What did not fit begins the next word: bits shifted down by 64 - used, in
	// two steps, for used may be 0.
	NOTQ(used) // modulo 64: 63 - used
	SHRXQ(used, bits, out)
	SHRQ(operand.U8(1), out)
	SUBQ(operand.U32(64), n)
	Label("fits")
	MOVQ(n, used)
}
