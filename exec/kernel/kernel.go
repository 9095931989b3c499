// Package kernel holds the inner loops of the engine: plain functions from
// slices of column values to bitmaps, and from bitmaps to bitmaps and counts.
//
// A kernel knows no query, no null and no error. It takes one block, writes
// one result and allocates nothing; the caller owns all the slices. Nulls
// are the caller's business: the slot of a null holds zero, and what a kernel says
// about it is masked out with the column's validity bitmap ([And]).
//
// Bitmaps are []uint64, the lowest bit of the first word first. A kernel over
// n values writes (n+63)/64 words, the destination must have that many, and the
// bits past n are set to zero. The destination may be one of the sources where the
// comment says so.
//
// Start with [Select8], in which a batch of rules spends its time: eight
// predicates over a column in one pass. [Stage] and [Translate] prepare a column for
// it, [Program] combines its bitmaps into rules and counts them. [Range] and
// [MemberUint8] test one column once. [Lists] and [Unpack] bring the bits of list
// elements back to the rows that own them.
//
// Every function has a portable form, without branches on the data, against which the
// tests check its assembly. Which assembly runs is decided once, by the features of
// the processor: see [Tier]. The assembly is written by the module in gen;
// simd_amd64.go and simd_arm64.go are the only places that call it.
package kernel

// Integer is what [Range] compares: the physical integers of a column and the
// codes of a dictionary.
type Integer interface {
	int8 | int16 | int32 | int64 | uint8 | uint16 | uint32
}

// Code is the code of a dictionary value in the widths that are looked up in
// a set of arbitrary length.
type Code interface {
	uint8 | uint16 | uint32
}
