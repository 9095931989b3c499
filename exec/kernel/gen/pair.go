package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pairAVX512 writes the comparisons of two columns, value by value.
func pairAVX512() {
	type comparison struct {
		name        string
		float, word uint8 // the predicates of VCMPPD and VPCMPQ
	}
	for _, c := range []comparison{{"less", 17, 1}, {"lessEqual", 18, 2}, {"equal", 0, 0}} {
		pair(c.name+"FloatAVX512", "float64", func(x reg.VecVirtual, y operand.Mem, k reg.OpmaskVirtual) {
			VCMPPD(operand.U8(c.float), y, x, k)
		})
		pair(c.name+"IntAVX512", "int64", func(x reg.VecVirtual, y operand.Mem, k reg.OpmaskVirtual) {
			VPCMPQ(operand.U8(c.word), y, x, k)
		})
	}
}

func pair(name, kind string, compare func(x reg.VecVirtual, y operand.Mem, k reg.OpmaskVirtual)) {
	TEXT(name, NOSPLIT, "func(dst *uint64, x, y *"+kind+", words int)")
	Pragma("noescape")
	Doc(name + " compares 64 pairs a word.")
	dst, x, y, words := GP64(), GP64(), GP64(), GP64()
	Load(Param("dst"), dst)
	Load(Param("x"), x)
	Load(Param("y"), y)
	Load(Param("words"), words)
	loop("word")
	for i := range 8 {
		values, k := ZMM(), K()
		VMOVDQU64(operand.Mem{Base: x, Disp: 64 * i}, values)
		compare(values, operand.Mem{Base: y, Disp: 64 * i}, k)
		KMOVB(k, operand.Mem{Base: dst, Disp: i})
	}
	ADDQ(operand.U32(512), x)
	ADDQ(operand.U32(512), y)
	ADDQ(operand.U32(8), dst)
	DECQ(words)
	JNZ(operand.LabelRef("word"))
	VZEROUPPER()
	RET()
}
