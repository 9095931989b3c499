package main

import (
	"fmt"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The kernels here turn a tile of classes into one bitmap for each of eight
// predicates. Byte c of the table holds the answers of all eight for class c, a
// bit each; looking up 64 classes gives 64 such bytes. Eight vectors of them,
// which hold rows 8i+0, 8i+1, ... 8i+7 by the order in which classes are staged,
// are then transposed as 8x8 bits in three rounds of exchanges between pairs of
// vectors: vector p ends with predicate p for all rows, in row order.

// rounds are the distances of the exchanges, with the bits that stay.
var rounds = []struct {
	distance int
	mask     uint64
}{{4, 0x0f0f0f0f0f0f0f0f}, {2, 0x3333333333333333}, {1, 0x5555555555555555}}

// masks returns the three masks as constants in memory.
func masks() operand.Mem {
	m := GLOBL("masks", attr.RODATA|attr.NOPTR)
	for i, r := range rounds {
		DATA(8*i, operand.U64(r.mask))
	}
	return m
}

var maskData *operand.Mem

func mask(round int) operand.Mem {
	if maskData == nil {
		m := masks()
		maskData = &m
	}
	return maskData.Offset(8 * round)
}

// select8Args loads the arguments that both versions have.
func select8Args() (dst, stride, staged, tiles, table reg.GPVirtual) {
	dst, stride, staged, tiles, table = GP64(), GP64(), GP64(), GP64(), GP64()
	Load(Param("dst"), dst)
	Load(Param("stride"), stride)
	Load(Param("staged"), staged)
	Load(Param("tiles"), tiles)
	Load(Param("table"), table)
	SHLQ(operand.U8(3), stride) // words to bytes
	return
}

// store8 stores vector p at dst + p*stride, of which step has the byte offset.
func store8(dst, stride reg.GPVirtual, store func(m operand.Mem, p int), offset int) {
	p := GP64()
	MOVQ(dst, p)
	for i := range 8 {
		store(operand.Mem{Base: p, Disp: offset}, i)
		if i < 7 {
			ADDQ(stride, p)
		}
	}
}

func select8AVX512() {
	for _, classes := range []int{64, 128, 256} {
		select8AVX512For(classes)
	}
}

func select8AVX512For(classes int) {
	name := fmt.Sprintf("select8x%dAVX512", classes)
	TEXT(name, NOSPLIT, "func(dst *uint64, stride int, staged *uint8, tiles int, table *uint8)")
	Pragma("noescape")
	Doc(name + " is Select8 for classes below " + fmt.Sprint(classes) + ".")
	dst, stride, staged, tiles, table := select8Args()
	var tables []reg.VecVirtual
	for i := range classes / 64 {
		t := ZMM()
		VMOVDQU64(operand.Mem{Base: table, Disp: 64 * i}, t)
		tables = append(tables, t)
	}
	var m [3]reg.VecVirtual
	for i := range m {
		m[i] = ZMM()
		VPBROADCASTQ(mask(i), m[i])
	}
	loop("tile")
	var v [8]reg.VecVirtual
	for c := range v {
		v[c] = lookup512(operand.Mem{Base: staged, Disp: 64 * c}, tables)
	}
	for round, r := range rounds {
		for c := range 8 {
			if c&r.distance == 0 {
				exchange512(v[c], v[c+r.distance], r.distance, m[round])
			}
		}
	}
	store8(dst, stride, func(at operand.Mem, p int) { VMOVDQU64(v[p], at) }, 0)
	ADDQ(operand.U32(tileBytes), dst)
	ADDQ(operand.U32(512), staged)
	DECQ(tiles)
	JNZ(operand.LabelRef("tile"))
	VZEROUPPER()
	RET()
}

// lookup512 returns the table's bytes for 64 classes.
func lookup512(classes operand.Mem, tables []reg.VecVirtual) reg.VecVirtual {
	v := ZMM()
	switch len(tables) {
	case 1:
		VMOVDQU64(classes, v)
		VPERMB(tables[0], v, v)
	case 2:
		VMOVDQU64(classes, v)
		VPERMI2B(tables[1], tables[0], v)
	default:
		high, k := ZMM(), K()
		VMOVDQU64(classes, v)
		VMOVDQA64(v, high)
		VPMOVB2M(v, k)
		VPERMI2B(tables[1], tables[0], v)
		VPERMI2B(tables[3], tables[2], high)
		VPBLENDMB(high, v, k, v)
	}
	return v
}

// exchange512 swaps the bits of a that the mask does not have with those of b
// that it has, distance places lower.
func exchange512(a, b reg.VecVirtual, distance int, mask reg.VecVirtual) {
	up, down := ZMM(), ZMM()
	VPSLLW(operand.U8(distance), b, up)
	VPSRLW(operand.U8(distance), a, down)
	VPTERNLOGQ(operand.U8(0xe4), mask, up, a)   // mask ? a : up
	VPTERNLOGQ(operand.U8(0xd8), mask, down, b) // mask ? down : b
}

// select8AVX2 takes half a tile at a time: 32 rows of each of the eight vectors.
// The table is looked up sixteen classes at a time.
func select8AVX2() {
	TEXT("select8AVX2", NOSPLIT, "func(dst *uint64, stride int, staged *uint8, tiles int, table *uint8, sixteens int)")
	Pragma("noescape")
	Doc("select8AVX2 is Select8 for classes below 16 times sixteens.")
	dst, stride, staged, tiles, table := select8Args()
	sixteens := GP64()
	Load(Param("sixteens"), sixteens)
	halves, scratch := GP64(), AllocLocal(8*32)
	MOVQ(tiles, halves)
	SHLQ(operand.U8(1), halves)
	limit, sixteen := YMM(), YMM()
	broadcastByte(limit, 0x70)
	broadcastByte(sixteen, 16)
	loop("half")
	c := GP64()
	XORQ(c, c)
	Label("vector")
	{
		at := GP64()
		MOVQ(c, at)
		SHLQ(operand.U8(6), at)
		ADDQ(staged, at)
		classes, out := YMM(), YMM()
		VMOVDQU(operand.Mem{Base: at}, classes)
		VPXOR(out, out, out)
		t, left := GP64(), GP64()
		MOVQ(table, t)
		MOVQ(sixteens, left)
		Label("sixteen")
		part, index := YMM(), YMM()
		VBROADCASTI128(operand.Mem{Base: t}, part)
		VPADDUSB(limit, classes, index) // the high bit is set above 15
		VPSHUFB(index, part, part)
		VPOR(part, out, out)
		VPSUBB(sixteen, classes, classes) // below 0 wraps to far above
		ADDQ(operand.U32(16), t)
		DECQ(left)
		JNZ(operand.LabelRef("sixteen"))
		slot := GP64()
		MOVQ(c, slot)
		SHLQ(operand.U8(5), slot)
		VMOVDQU(out, scratch.Idx(slot, 1))
	}
	INCQ(c)
	CMPQ(c, operand.U32(8))
	JNE(operand.LabelRef("vector"))
	var v [8]reg.VecVirtual
	for i := range v {
		v[i] = YMM()
		VMOVDQU(scratch.Offset(32*i), v[i])
	}
	for round, r := range rounds {
		m := YMM()
		VPBROADCASTQ(mask(round), m)
		for i := range 8 {
			if i&r.distance == 0 {
				exchange256(v[i], v[i+r.distance], r.distance, m)
			}
		}
	}
	store8(dst, stride, func(at operand.Mem, p int) { VMOVDQU(v[p], at) }, 0)
	ADDQ(operand.U32(32), dst)
	// Two halves of 32 make one tile: the vectors are 64 rows apart.
	ADDQ(operand.U32(32), staged)
	DECQ(halves)
	TESTQ(operand.U32(1), halves)
	JNZ(operand.LabelRef("half"))
	ADDQ(operand.U32(512-64), staged)
	TESTQ(halves, halves)
	JNZ(operand.LabelRef("half"))
	VZEROUPPER()
	RET()
}

// exchange256 is exchange512 without the ternary operation: the bits of both
// that change places are found by exclusive or.
func exchange256(a, b reg.VecVirtual, distance int, mask reg.VecVirtual) {
	t := YMM()
	VPSRLW(operand.U8(distance), a, t)
	VPXOR(b, t, t)
	VPAND(mask, t, t)
	VPXOR(t, b, b)
	VPSLLW(operand.U8(distance), t, t)
	VPXOR(t, a, a)
}

func broadcastByte(v reg.VecVirtual, b uint8) {
	g := GP32()
	MOVL(operand.U32(b), g)
	VMOVD(g, v.AsX())
	VPBROADCASTB(v.AsX(), v)
}
