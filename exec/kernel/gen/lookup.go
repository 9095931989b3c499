package main

import (
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// lookupAVX2 unpacks values of at most eight bits, and looks them up in a table of bytes,
// sixteen of its bytes at a time, as many as there are. A value lies in two bytes: they are
// brought to a place of sixteen bits, and moved up by a multiplication so that it begins with
// the upper one.
func lookupAVX2() {
	TEXT("lookupAVX2", NOSPLIT, "func(dst, src, table *uint8, words int, width, blocks uint64, places *[32]uint8, most *[32]uint8)")
	Pragma("noescape")
	Doc("lookupAVX2 is Lookup of 32 values a word. It reads eight bytes of src for each eight values.")
	dst, src, table, words := argument("dst"), argument("src"), argument("table"), argument("words")
	width, blocks, places := argument("width"), argument("blocks"), argument("places")
	bring, up, mask, sixteen, far, greatest := YMM(), YMM(), YMM(), YMM(), YMM(), YMM()
	VBROADCASTI128(operand.Mem{Base: places}, bring)
	VBROADCASTI128(operand.Mem{Base: places, Disp: 16}, up)
	broadcastBytes(0x10, sixteen)
	broadcastBytes(0x70, far)
	VPXOR(greatest, greatest, greatest)
	lowMask(width, mask)
	loop("word")
	values := unpackTwo(src, width, bring, up, mask)
	upper := unpackTwo(src, width, bring, up, mask)
	VPACKUSWB(upper, values, values)
	VPERMQ(operand.U8(0b11_01_10_00), values, values) // the halves of both are side by side
	VPMAXUB(values, greatest, greatest)
	found, at, left := YMM(), GP64(), GP64()
	VPXOR(found, found, found)
	MOVQ(table, at)
	MOVQ(blocks, left)
	Label("block")
	sixteenOf, which := YMM(), YMM()
	VBROADCASTI128(operand.Mem{Base: at}, sixteenOf)
	VPADDUSB(far, values, which) // what is not below sixteen has the highest bit, which is for zero
	VPSHUFB(which, sixteenOf, which)
	VPOR(which, found, found)
	VPSUBB(sixteen, values, values)
	ADDQ(operand.U32(16), at)
	DECQ(left)
	JNZ(operand.LabelRef("block"))
	VMOVDQU(found, operand.Mem{Base: dst})
	ADDQ(operand.U32(32), dst)
	DECQ(words)
	JNZ(operand.LabelRef("word"))
	most := argument("most")
	VMOVDQU(greatest, operand.Mem{Base: most})
	VZEROUPPER()
	RET()
}

// unpackTwo unpacks eight values twice, to sixteen bits each.
func unpackTwo(src, width reg.GPVirtual, bring, up, mask reg.VecVirtual) reg.VecVirtual {
	low, high := YMM(), XMM()
	VMOVQ(operand.Mem{Base: src}, low.AsX())
	VMOVQ(operand.Mem{Base: src, Index: width, Scale: 1}, high)
	VINSERTI128(operand.U8(1), high, low, low)
	LEAQ(operand.Mem{Base: src, Index: width, Scale: 2}, src)
	VPSHUFB(bring, low, low)
	VPMULLW(up, low, low)
	VPSRLW(operand.U8(8), low, low)
	VPAND(mask, low, low)
	return low
}

// broadcastBytes fills a vector with a byte.
func broadcastBytes(b uint32, v reg.VecVirtual) {
	r, x := GP32(), XMM()
	MOVL(operand.U32(b), r)
	VMOVD(r, x)
	VPBROADCASTB(x, v)
}

// lowMask sets so many low bits of every sixteen.
func lowMask(width reg.GPVirtual, v reg.VecVirtual) {
	count, x := XMM(), YMM()
	VMOVQ(width, count)
	VPCMPEQW(x, x, x)
	VPSLLW(count, x, v)
	VPXOR(x, v, v)
}
