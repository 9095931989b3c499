package main

import (
	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// stageAVX512 puts the rows of a tile in the order in which Select8 wants them:
// vector c holds rows c, 8+c, 16+c and so on. Eight vectors of 64 rows are
// permuted so that their words are the c, and then transposed as 8x8 words.
func stageAVX512() {
	TEXT("stageAVX512", NOSPLIT, "func(dst, src *uint8, tiles int, valid *uint64, null uint8)")
	Pragma("noescape")
	Doc("stageAVX512 is Stage for whole tiles; valid may be nil.")
	dst, src, tiles, valid := GP64(), GP64(), GP64(), GP64()
	Load(Param("dst"), dst)
	Load(Param("src"), src)
	Load(Param("tiles"), tiles)
	Load(Param("valid"), valid)
	null, order := ZMM(), ZMM()
	VPBROADCASTB(param("null"), null)
	VMOVDQU64(stageOrder(), order)
	loop("tile")
	var v [8]reg.VecVirtual
	for i := range v {
		v[i] = ZMM()
		VMOVDQU64(operand.Mem{Base: src, Disp: 64 * i}, v[i])
	}
	TESTQ(valid, valid)
	JZ(operand.LabelRef("valid"))
	for i := range v {
		k := K()
		KMOVQ(operand.Mem{Base: valid, Disp: 8 * i}, k)
		VPBLENDMB(v[i], null, k, v[i])
	}
	ADDQ(operand.U32(tileBytes), valid)
	Label("valid")
	for i := range v {
		VPERMB(v[i], order, v[i])
	}
	for i, out := range transpose(v) {
		VMOVDQU64(out, operand.Mem{Base: dst, Disp: 64 * i})
	}
	ADDQ(operand.U32(512), src)
	ADDQ(operand.U32(512), dst)
	DECQ(tiles)
	JNZ(operand.LabelRef("tile"))
	VZEROUPPER()
	RET()
}

// transpose returns the 8x8 words of v with rows and columns exchanged.
func transpose(v [8]reg.VecVirtual) (out [8]reg.VecVirtual) {
	var pairs [8]reg.VecVirtual // of words 0 and 1 of a lane, from vectors 2k and 2k+1
	for k := 0; k < 8; k += 2 {
		lo, hi := ZMM(), ZMM()
		VPUNPCKLQDQ(v[k+1], v[k], lo)
		VPUNPCKHQDQ(v[k+1], v[k], hi)
		pairs[k], pairs[k+1] = lo, hi
	}
	for odd := range 2 {
		a, b, c, d := ZMM(), ZMM(), ZMM(), ZMM()
		VSHUFI64X2(operand.U8(0x44), pairs[2+odd], pairs[0+odd], a)
		VSHUFI64X2(operand.U8(0xee), pairs[2+odd], pairs[0+odd], b)
		VSHUFI64X2(operand.U8(0x44), pairs[6+odd], pairs[4+odd], c)
		VSHUFI64X2(operand.U8(0xee), pairs[6+odd], pairs[4+odd], d)
		for lane, from := range [][2]reg.VecVirtual{{a, c}, {a, c}, {b, d}, {b, d}} {
			select2 := operand.U8(0x88)
			if lane%2 == 1 {
				select2 = 0xdd
			}
			w := ZMM()
			VSHUFI64X2(select2, from[1], from[0], w)
			out[2*lane+odd] = w
		}
	}
	return out
}

// stageOrder gathers byte c of every eight into word c.
func stageOrder() operand.Mem {
	m := GLOBL("stageOrder", attr.RODATA|attr.NOPTR)
	for i := range 64 {
		DATA(i, operand.U8(8*(i%8)+i/8))
	}
	return m
}
