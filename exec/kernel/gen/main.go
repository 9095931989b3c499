// Command gen writes the assembly of package kernel:
//
//	go run . -out ../kernel_amd64.s -stubs ../stubs_amd64.go -pkg kernel
//	go run . -neon ../kernel_arm64.s -neonstubs ../stubs_arm64.go
//
// It is a module of its own, so that the product does not depend on avo
// (github.com/mmcloughlin/avo), which turns the Go here into Go assembly. Its
// output is committed; a test in this module checks that the two agree.
//
// The tour: select.go has the heart of the engine, eight predicates over a byte
// column in one pass, and stage.go feeds it; combine.go combines bitmaps and counts
// them; compare.go and pair.go have the tests of single columns and of pairs; fold.go
// the step from the elements of lists to the rows that own them; text.go the search
// in texts; neon.go what arm64
// has. Each kernel has a version for AVX-512 (with VBMI and VPOPCNTDQ) and, where it
// pays, one for AVX2. Their contracts are those of the portable functions in package
// kernel, with which tests compare them.
package main

import (
	"fmt"
	"os"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
)

// tileWords is the number of bitmap words of a tile, the 512 rows that the
// kernels for bitmaps take at a time; tileBytes is their size.
const (
	tileWords = 8
	tileBytes = 8 * tileWords
)

func main() {
	// avo has the flags of its own file; these are for the other.
	if len(os.Args) == 5 && os.Args[1] == "-neon" && os.Args[3] == "-neonstubs" {
		if err := writeNEON(os.Args[2], os.Args[4]); err != nil {
			fmt.Fprintln(os.Stderr, "gen:", err)
			os.Exit(1)
		}
		return
	}
	ConstraintExpr("amd64,!purego")
	stageAVX512()
	select8AVX512()
	select8AVX2()
	combineAVX512()
	combineAVX2()
	compareAVX512()
	compareAVX2()
	compareWideAVX2()
	memberAVX512()
	memberCodesAVX512()
	pairAVX512()
	foldBMI2()
	lookupAVX2()
	expandAVX2(1)
	expandAVX2(2)
	bytePairsAVX2()
	windowsAVX2()
	Generate()
}

// loop begins the outermost loop of a kernel, which is jumped back to by its name, on a
// line of the instruction cache, so that what is in it lies the same in every binary. How
// fast the 31 bytes of the loop in select8AVX2 run depends on whether they are in one line:
// a whole batch of rules took 8 % longer where the linker happened to part them.
func loop(name string) {
	Instruction(&ir.Instruction{Opcode: "PCALIGN", Operands: []operand.Op{operand.Imm(lineBytes)}})
	Label(name)
}

// lineBytes is the size of a line of the instruction cache.
const lineBytes = 64
