package main

import (
	"fmt"

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
// compared for eight of them.
func windowsAVX2() {
	for _, end := range []bool{false, true} {
		name, place := "windowsBeginAVX2", "behind their beginnings"
		if end {
			name, place = "windowsEndAVX2", "from their ends"
		}
		TEXT(name, NOSPLIT, "func(dst *uint64, text *byte, offsets *uint32, words int, first, at, last, least, width, or, and, want uint64)")
		Pragma("noescape")
		Doc(fmt.Sprintf("%s is Windows at places %s, for 64 texts a word. text is where the first of them", name, place),
			"begins, which its offset says, at is added to the places, and last is the greatest that is read. Numbers of 32",
			"bits are there twice.")
		dst, text, offsets, words := argument("dst"), argument("text"), argument("offsets"), argument("words")
		constant := func(name string) reg.VecVirtual {
			v := YMM()
			VPBROADCASTQ(param(name), v)
			return v
		}
		first, at, last, least, width := constant("first"), constant("at"), constant("last"), constant("least"), constant("width")
		or, and, want := constant("or"), constant("and"), constant("want")
		VPSUBD(first, at, at) // to be added to an offset
		loop("word")
		for i := range 8 {
			from, to, places := YMM(), YMM(), YMM()
			VMOVDQU(operand.Mem{Base: offsets, Disp: 32 * i}, from)
			VMOVDQU(operand.Mem{Base: offsets, Disp: 32*i + 4}, to)
			if end {
				VPADDD(at, to, places)
			} else {
				VPADDD(at, from, places)
			}
			VPMINUD(last, places, places)
			VPSUBD(from, to, to)
			VPSUBD(least, to, to)
			VPMINUD(width, to, from)
			VPCMPEQD(to, from, from)
			long, found := GP32(), GP32()
			VMOVMSKPS(from, long)
			upper := XMM()
			VEXTRACTI128(operand.U8(1), places, upper)
			for half, index := range []reg.VecVirtual{places.AsX().(reg.VecVirtual), upper} {
				all, bytes, k := YMM(), YMM(), GP32()
				VPCMPEQD(all, all, all)
				VPXOR(bytes, bytes, bytes)
				VPGATHERDQ(all, operand.Mem{Base: text, Index: index, Scale: 1}, bytes)
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
			ANDL(long, found)
			MOVB(found.As8(), operand.Mem{Base: dst, Disp: i})
		}
		ADDQ(operand.U32(256), offsets)
		ADDQ(operand.U32(8), dst)
		DECQ(words)
		JNZ(operand.LabelRef("word"))
		VZEROUPPER()
		RET()
	}
}
