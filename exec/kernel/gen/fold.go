package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
)

// foldBMI2 writes the passage between the bits of elements and those of rows,
// which BMI2 has an instruction for in each direction.
func foldBMI2() {
	packBMI2()
	unpackBMI2()
}

func packBMI2() {
	TEXT("packBMI2", NOSPLIT, "func(dst, src, mask *uint64, words int)")
	Pragma("noescape")
	Doc("packBMI2 is Pack; it writes the last word only when it has bits.")
	dst, src, mask, words := GP64(), GP64(), GP64(), GP64()
	Load(Param("dst"), dst)
	Load(Param("src"), src)
	Load(Param("mask"), mask)
	Load(Param("words"), words)
	out, used := GP64(), GP64()
	XORQ(out, out)
	XORQ(used, used)
	Label("word")
	m, bits, n, low := GP64(), GP64(), GP64(), GP64()
	MOVQ(operand.Mem{Base: mask}, m)
	MOVQ(operand.Mem{Base: src}, bits)
	PEXTQ(m, bits, bits)
	POPCNTQ(m, n)
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
	ADDQ(operand.U32(8), src)
	ADDQ(operand.U32(8), mask)
	DECQ(words)
	JNZ(operand.LabelRef("word"))
	TESTQ(used, used)
	JZ(operand.LabelRef("end"))
	MOVQ(out, operand.Mem{Base: dst})
	Label("end")
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
	Label("word")
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
