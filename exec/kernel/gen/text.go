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

// windowsAVX2 reads eight bytes of each text, four texts at a time; their lengths are
// compared for eight of them. Loads one by one are quicker than those of VPGATHERDQ, on
// some processors much.
func windowsAVX2() {
	TEXT("windowsAVX2", NOSPLIT, "func(dst *uint64, text *byte, at int, places, offsets *uint32, words int, least, width, or, and, want uint64)")
	Pragma("noescape")
	Doc("windowsAVX2 is Windows for 64 texts a word: at bytes behind places, which are the offsets of where the texts",
		"begin, or end. least and width, of 32 bits, are there twice.")
	dst, text, places, offsets, words := argument("dst"), argument("text"), argument("places"), argument("offsets"), argument("words")
	ADDQ(param("at"), text)
	constant := func(name string) reg.VecVirtual {
		v := YMM()
		VPBROADCASTQ(param(name), v)
		return v
	}
	least, width, or, and, want := constant("least"), constant("width"), constant("or"), constant("and"), constant("want")
	loop("word")
	for i := range 8 {
		to, long := YMM(), YMM()
		VMOVDQU(operand.Mem{Base: offsets, Disp: 32*i + 4}, to)
		VPSUBD(operand.Mem{Base: offsets, Disp: 32 * i}, to, to)
		VPSUBD(least, to, to)
		VPMINUD(width, to, long)
		VPCMPEQD(to, long, long)
		are, found := GP32(), GP32()
		VMOVMSKPS(long, are)
		for half := range 2 {
			bytes, k := fourWindows(text, places, 32*i+16*half), GP32()
			VPOR(or, bytes, bytes)
			VPAND(and, bytes, bytes)
			VPCMPEQQ(want, bytes, bytes)
			VMOVMSKPD(bytes, k)
			if half == 0 {
				MOVL(k, found)
			} else {
				SHLL(operand.U8(4), k)
				ORL(k, found)
			}
		}
		ANDL(are, found)
		MOVB(found.As8(), operand.Mem{Base: dst, Disp: i})
	}
	ADDQ(operand.U32(256), places)
	ADDQ(operand.U32(256), offsets)
	ADDQ(operand.U32(8), dst)
	DECQ(words)
	JNZ(operand.LabelRef("word"))
	VZEROUPPER()
	RET()
}

// fourWindows loads eight bytes of text at each of four places.
func fourWindows(text, places reg.GPVirtual, disp int) reg.VecVirtual {
	y := YMM()
	low, high := y.AsX(), XMM()
	VPXOR(y, y, y) // tells avo that nothing of it is older
	for i, x := range []reg.Register{low, low, high, high} {
		place := GP64()
		MOVL(operand.Mem{Base: places, Disp: disp + 4*i}, place.As32())
		at := operand.Mem{Base: text, Index: place, Scale: 1}
		if i%2 == 0 {
			VMOVQ(at, x)
		} else {
			VPINSRQ(operand.U8(1), at, x, x)
		}
	}
	VINSERTI128(operand.U8(1), high, y, y)
	return y
}
