// Command gen writes the assembly of package kernel for amd64:
//
//	go run . -out ../kernel_amd64.s -stubs ../stubs_amd64.go -pkg kernel
//
// It is a module of its own, so that the product does not depend on avo
// (github.com/mmcloughlin/avo), which turns the Go here into Go assembly. What
// it writes is committed; a test in this module holds the two together.
//
// The tour: select.go has the heart of the engine, eight predicates over a byte
// column in one pass, and stage.go how it is fed; combine.go joins bitmaps and counts them; compare.go and pair.go have
// the tests of single columns and of pairs; fold.go the passage from the elements of
// lists to the rows that own them. Each kernel has a version for AVX-512 (with
// VBMI and VPOPCNTDQ) and, where it pays, one for AVX2. Their contracts are those
// of the portable functions in package kernel, which their tests compare
// them with.
package main

import (
	. "github.com/mmcloughlin/avo/build"
)

// tileWords is the number of bitmap words of a tile, the 512 rows that the
// kernels for bitmaps take at a time; tileBytes is their size.
const (
	tileWords = 8
	tileBytes = 8 * tileWords
)

func main() {
	ConstraintExpr("amd64,!purego")
	stageAVX512()
	select8AVX512()
	select8AVX2()
	combineAVX512()
	combineAVX2()
	compareAVX512()
	memberAVX512()
	pairAVX512()
	foldBMI2()
	Generate()
}
