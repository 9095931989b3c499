package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The compare kernels test values against one range, 64 rows to a word. Being in
// a range of integers is one comparison without signs: the distance from its
// lower end is at most its width.

// Comparison predicates of the processor.
const (
	lessOrEqual  = 2  // VPCMPU*: unsigned <=
	floatAtLeast = 13 // VCMPPD: >=, false for not-a-number
	floatAtMost  = 2  // VCMPPD: <=, false for not-a-number
)

// lane is a width of values.
type lane struct {
	bits      int
	broadcast func(r reg.GPVirtual, v reg.VecVirtual)
	sub       func(b, a, v reg.VecVirtual)
	compare   func(b, a reg.VecVirtual, k reg.OpmaskVirtual)
	store     func(k reg.OpmaskVirtual, m operand.Mem)
}

func lanes() []lane {
	return []lane{
		{
			8, func(r reg.GPVirtual, v reg.VecVirtual) { VPBROADCASTB(r.As32(), v) },
			func(b, a, v reg.VecVirtual) { VPSUBB(b, a, v) },
			func(b, a reg.VecVirtual, k reg.OpmaskVirtual) { VPCMPUB(operand.U8(lessOrEqual), b, a, k) },
			func(k reg.OpmaskVirtual, m operand.Mem) { KMOVQ(k, m) },
		},
		{
			16, func(r reg.GPVirtual, v reg.VecVirtual) { VPBROADCASTW(r.As32(), v) },
			func(b, a, v reg.VecVirtual) { VPSUBW(b, a, v) },
			func(b, a reg.VecVirtual, k reg.OpmaskVirtual) { VPCMPUW(operand.U8(lessOrEqual), b, a, k) },
			func(k reg.OpmaskVirtual, m operand.Mem) { KMOVD(k, m) },
		},
		{
			32, func(r reg.GPVirtual, v reg.VecVirtual) { VPBROADCASTD(r.As32(), v) },
			func(b, a, v reg.VecVirtual) { VPSUBD(b, a, v) },
			func(b, a reg.VecVirtual, k reg.OpmaskVirtual) { VPCMPUD(operand.U8(lessOrEqual), b, a, k) },
			func(k reg.OpmaskVirtual, m operand.Mem) { KMOVW(k, m) },
		},
		{
			64, func(r reg.GPVirtual, v reg.VecVirtual) { VPBROADCASTQ(r, v) },
			func(b, a, v reg.VecVirtual) { VPSUBQ(b, a, v) },
			func(b, a reg.VecVirtual, k reg.OpmaskVirtual) { VPCMPUQ(operand.U8(lessOrEqual), b, a, k) },
			func(k reg.OpmaskVirtual, m operand.Mem) { KMOVB(k, m) },
		},
	}
}

func compareAVX512() {
	for _, l := range lanes() {
		name := fmt.Sprintf("range%dAVX512", l.bits)
		TEXT(name, NOSPLIT, fmt.Sprintf("func(dst *uint64, src *uint%d, words int, lo, width uint64)", l.bits))
		Pragma("noescape")
		Doc(name + " is Range over 64 values a word, with the width of the range.")
		lo, width := ZMM(), ZMM()
		l.broadcast(argument("lo"), lo)
		l.broadcast(argument("width"), width)
		compareLoop(l.bits, func(values reg.VecVirtual, k reg.OpmaskVirtual) {
			l.sub(lo, values, values)
			l.compare(width, values, k)
		}, l.store)
	}
	TEXT("rangeFloatAVX512", NOSPLIT, "func(dst *uint64, src *float64, words int, lo, hi float64)")
	Pragma("noescape")
	Doc("rangeFloatAVX512 is RangeFloat over 64 values a word.")
	lo, hi := ZMM(), ZMM()
	VPBROADCASTQ(param("lo"), lo)
	VPBROADCASTQ(param("hi"), hi)
	compareLoop(64, func(values reg.VecVirtual, k reg.OpmaskVirtual) {
		least := K()
		VCMPPD(operand.U8(floatAtLeast), lo, values, least)
		VCMPPD(operand.U8(floatAtMost), hi, values, least, k)
	}, func(k reg.OpmaskVirtual, m operand.Mem) { KMOVB(k, m) })
}

// compareLoop stores one bit for each value of words times 64.
func compareLoop(bits int, test func(reg.VecVirtual, reg.OpmaskVirtual), store func(reg.OpmaskVirtual, operand.Mem)) {
	dst, src, words := GP64(), GP64(), GP64()
	Load(Param("dst"), dst)
	Load(Param("src"), src)
	Load(Param("words"), words)
	loop("word")
	per := 512 / bits
	for i := range bits / 8 {
		values, k := ZMM(), K()
		VMOVDQU64(operand.Mem{Base: src, Disp: 64 * i}, values)
		test(values, k)
		store(k, operand.Mem{Base: dst, Disp: i * per / 8})
	}
	ADDQ(operand.U32(8*bits), src)
	ADDQ(operand.U32(8), dst)
	DECQ(words)
	JNZ(operand.LabelRef("word"))
	VZEROUPPER()
	RET()
}

// compareAVX2 has no masks and no comparison without signs: what is not above the width
// is what is the lesser of itself and the width.
func compareAVX2() {
	for _, l := range []struct {
		bits                          int
		broadcast, sub, least, equals func(...operand.Op)
		// store stores the bits of as many vectors.
		vectors int
		store   func(found []reg.VecVirtual, m operand.Mem)
	}{
		{8, VPBROADCASTB, VPSUBB, VPMINUB, VPCMPEQB, 1, func(found []reg.VecVirtual, m operand.Mem) { storeBytes(found[0], m) }},
		{16, VPBROADCASTW, VPSUBW, VPMINUW, VPCMPEQW, 2, func(found []reg.VecVirtual, m operand.Mem) {
			// The halves of both are packed side by side.
			VPACKSSWB(found[1], found[0], found[0])
			VPERMQ(operand.U8(0b11_01_10_00), found[0], found[0])
			storeBytes(found[0], m)
		}},
		{32, VPBROADCASTD, VPSUBD, VPMINUD, VPCMPEQD, 1, func(found []reg.VecVirtual, m operand.Mem) {
			r := GP32()
			VMOVMSKPS(found[0], r)
			MOVB(r.As8(), m)
		}},
	} {
		name := fmt.Sprintf("range%dAVX2", l.bits)
		TEXT(name, NOSPLIT, fmt.Sprintf("func(dst *uint64, src *uint%d, words int, lo, width uint64)", l.bits))
		Pragma("noescape")
		Doc(name + " is Range over 64 values a word, with the width of the range.")
		lo, width := YMM(), YMM()
		first := XMM()
		VMOVQ(param("lo"), first)
		l.broadcast(first, lo)
		VMOVQ(param("width"), first)
		l.broadcast(first, width)
		dst, src, words := argument("dst"), argument("src"), argument("words")
		loop("word")
		const vector = 32 // bytes
		for i := 0; i < l.bits*8/vector; i += l.vectors {
			var found []reg.VecVirtual
			for k := range l.vectors {
				v, least := YMM(), YMM()
				VMOVDQU(operand.Mem{Base: src, Disp: vector * (i + k)}, v)
				l.sub(lo, v, v)
				l.least(width, v, least)
				l.equals(v, least, least)
				found = append(found, least)
			}
			l.store(found, operand.Mem{Base: dst, Disp: i * vector / l.bits})
		}
		ADDQ(operand.U32(8*l.bits), src)
		ADDQ(operand.U32(8), dst)
		DECQ(words)
		JNZ(operand.LabelRef("word"))
		VZEROUPPER()
		RET()
	}
}

// compareWideAVX2 tests values of eight bytes, four to a vector. There is no comparison of
// such without signs either: with the sign bit of both turned round, there is one.
func compareWideAVX2() {
	TEXT("range64AVX2", NOSPLIT, "func(dst *uint64, src *uint64, words int, lo, width uint64)")
	Pragma("noescape")
	Doc("range64AVX2 is Range over 64 values a word, with the width of the range.")
	lo, width, sign := YMM(), YMM(), YMM()
	VPBROADCASTQ(param("lo"), lo)
	VPBROADCASTQ(param("width"), width)
	VPCMPEQQ(sign, sign, sign)
	VPSLLQ(operand.U8(63), sign, sign)
	VPXOR(sign, width, width)
	compareWideLoop(func(v reg.VecVirtual) {
		VPSUBQ(lo, v, v)
		VPXOR(sign, v, v)
		VPCMPGTQ(width, v, v)
	}, func(r reg.GPVirtual) { NOTL(r.As32()) })

	TEXT("rangeFloatAVX2", NOSPLIT, "func(dst *uint64, src *float64, words int, lo, hi float64)")
	Pragma("noescape")
	Doc("rangeFloatAVX2 is RangeFloat over 64 values a word.")
	least, most, found := YMM(), YMM(), YMM()
	VBROADCASTSD(param("lo"), least)
	VBROADCASTSD(param("hi"), most)
	compareWideLoop(func(v reg.VecVirtual) {
		VCMPPD(operand.U8(floatAtLeast), least, v, found)
		VCMPPD(operand.U8(floatAtMost), most, v, v)
		VANDPD(found, v, v)
	}, func(reg.GPVirtual) {})
}

// compareWideLoop stores one bit for each value of words times 64: test leaves it in the sign
// of the value, and finish has a last look at those of eight.
func compareWideLoop(test func(reg.VecVirtual), finish func(reg.GPVirtual)) {
	dst, src, words := argument("dst"), argument("src"), argument("words")
	loop("word")
	for i := range 8 {
		four := [2]reg.GPVirtual{GP64(), GP64()}
		for k, r := range four {
			v := YMM()
			VMOVDQU(operand.Mem{Base: src, Disp: 32 * (2*i + k)}, v)
			test(v)
			VMOVMSKPD(v, r.As32())
		}
		SHLL(operand.U8(4), four[1].As32())
		ORL(four[1].As32(), four[0].As32())
		finish(four[0])
		MOVB(four[0].As8(), operand.Mem{Base: dst, Disp: i})
	}
	ADDQ(operand.U32(8*64), src)
	ADDQ(operand.U32(8), dst)
	DECQ(words)
	JNZ(operand.LabelRef("word"))
	VZEROUPPER()
	RET()
}

// storeBytes stores a bit for each of 32 bytes.
func storeBytes(v reg.VecVirtual, m operand.Mem) {
	r := GP32()
	VPMOVMSKB(v, r)
	MOVL(r, m)
}

// memberCodesAVX512 looks codes of 32 bits up in a bitmap of any size, sixteen words
// of it at a time.
func memberCodesAVX512() {
	TEXT("memberCodesAVX512", NOSPLIT, "func(dst *uint64, src *uint32, words int, set *uint64)")
	Pragma("noescape")
	Doc("memberCodesAVX512 is Member for codes of 32 bits, 64 a word.")
	dst, src, words, set := GP64(), GP64(), GP64(), GP64()
	Load(Param("dst"), dst)
	Load(Param("src"), src)
	Load(Param("words"), words)
	Load(Param("set"), set)
	one, low := ZMM(), ZMM()
	r := GP32()
	MOVL(operand.U32(1), r)
	VPBROADCASTD(r, one)
	MOVL(operand.U32(31), r)
	VPBROADCASTD(r, low)
	loop("word")
	for i := range 4 {
		codes, index, found, all, k := ZMM(), ZMM(), ZMM(), K(), K()
		VMOVDQU64(operand.Mem{Base: src, Disp: 64 * i}, codes)
		VPSRLD(operand.U8(5), codes, index)
		KXNORW(all, all, all)
		VPXORD(found, found, found)
		VPGATHERDD(operand.Mem{Base: set, Index: index, Scale: 4}, all, found)
		VPANDD(low, codes, codes)
		VPSRLVD(codes, found, found)
		VPTESTMD(one, found, k)
		KMOVW(k, operand.Mem{Base: dst, Disp: 2 * i})
	}
	ADDQ(operand.U32(256), src)
	ADDQ(operand.U32(8), dst)
	DECQ(words)
	JNZ(operand.LabelRef("word"))
	VZEROUPPER()
	RET()
}

// memberAVX512 looks bytes up in a table of 256 that has the high bit set for
// the members.
func memberAVX512() {
	TEXT("memberAVX512", NOSPLIT, "func(dst *uint64, src *uint8, words int, set *uint64)")
	Pragma("noescape")
	Doc("memberAVX512 is MemberUint8 over 64 values a word.")
	dst, src, words, set := GP64(), GP64(), GP64(), GP64()
	Load(Param("dst"), dst)
	Load(Param("src"), src)
	Load(Param("words"), words)
	Load(Param("set"), set)
	var tables []reg.VecVirtual
	for i := range 4 {
		t, k := ZMM(), K()
		KMOVQ(operand.Mem{Base: set, Disp: 8 * i}, k)
		VPMOVM2B(k, t)
		tables = append(tables, t)
	}
	loop("word")
	k := K()
	v := lookup512(operand.Mem{Base: src}, tables)
	VPMOVB2M(v, k)
	KMOVQ(k, operand.Mem{Base: dst})
	ADDQ(operand.U32(64), src)
	ADDQ(operand.U32(8), dst)
	DECQ(words)
	JNZ(operand.LabelRef("word"))
	VZEROUPPER()
	RET()
}

// argument loads an argument of 64 bits.
func argument(name string) reg.GPVirtual {
	r := GP64()
	Load(Param(name), r)
	return r
}

// param returns the place of an argument in memory.
func param(name string) operand.Mem {
	c, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	return c.Addr
}
