package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// bytePairsAVX2 looks for two bytes at a distance, 32 places at a time.
func bytePairsAVX2() {
	TEXT("bytePairsAVX2", NOSPLIT, "func(dst *uint64, first, second *byte, words int, a, aOr, b, bOr uint64)")
	Pragma("noescape")
	Doc("bytePairsAVX2 is BytePairs over 64 places a word; each byte of the pair is there eight times.")
	dst, first, second, words := argument("dst"), argument("first"), argument("second"), argument("words")
	var bytes [4]reg.VecVirtual
	for i, name := range []string{"a", "aOr", "b", "bOr"} {
		bytes[i] = YMM()
		VPBROADCASTQ(param(name), bytes[i])
	}
	loop("word")
	for i := range 2 {
		x, y := YMM(), YMM()
		VPOR(operand.Mem{Base: first, Disp: 32 * i}, bytes[1], x)
		VPCMPEQB(bytes[0], x, x)
		VPOR(operand.Mem{Base: second, Disp: 32 * i}, bytes[3], y)
		VPCMPEQB(bytes[2], y, y)
		VPAND(x, y, x)
		storeBytes(x, operand.Mem{Base: dst, Disp: 4 * i})
	}
	ADDQ(operand.U32(64), first)
	ADDQ(operand.U32(64), second)
	ADDQ(operand.U32(8), dst)
	DECQ(words)
	JNZ(operand.LabelRef("word"))
	VZEROUPPER()
	RET()
}
