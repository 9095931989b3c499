package plan

import (
	"errors"
	"math/bits"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/kernel"
)

// read computes a leaf over rows of its column. The slot of a null holds zero, so
// that validity has to be looked at only where zero is an answer.
func (e *Evaluator) read(n *node, dst []uint64, rows column.Range) {
	a, b := rows.Start, rows.End
	masked := false
	switch col := n.col.(type) {
	case *column.Ints:
		masked = readInts(n, dst, col, a, b)
	case *column.Timestamps:
		masked = readWide(n, dst, col.V[a:b])
	case *column.Floats:
		if n.op == opFloats {
			kernel.RangeFloat(dst, col.V[a:b], n.flo, n.fhi)
			masked = n.flo <= 0 && 0 <= n.fhi
		}
	case *column.Strings:
		masked = readCodes(n, dst, col.Codes, a, b)
	case *column.Bools:
		if n.op == opBits {
			kernel.Extract(dst, col.Bits, a, b-a)
		}
	}
	valid := validity(n.col)
	switch {
	case n.op == opValid:
		kernel.Extract(dst, valid, a, b-a)
	case masked && valid != nil:
		mask := sized(e.scratch(), len(dst))
		kernel.Extract(mask, valid, a, b-a)
		kernel.And(dst, mask)
		e.release(mask)
	}
}

// scratch gives any free bitmap.
func (e *Evaluator) scratch() []uint64 { return e.borrow(0) }

// readInts computes a range or a search over integers, and says whether nulls may
// have met it.
func readInts(n *node, dst []uint64, col *column.Ints, a, b int) bool {
	if n.op == opValid {
		return false
	}
	if n.op == opSorted {
		switch {
		case col.I8 != nil:
			kernel.MemberSorted(dst, col.I8[a:b], n.sorted)
		case col.I16 != nil:
			kernel.MemberSorted(dst, col.I16[a:b], n.sorted)
		case col.I32 != nil:
			kernel.MemberSorted(dst, col.I32[a:b], n.sorted)
		default:
			kernel.MemberSorted(dst, col.I64[a:b], n.sorted)
		}
		return true
	}
	switch {
	case col.I8 != nil:
		kernel.RangeInt8(dst, col.I8[a:b], int8(n.lo), int8(n.hi))
	case col.I16 != nil:
		kernel.Range(dst, col.I16[a:b], int16(n.lo), int16(n.hi))
	case col.I32 != nil:
		kernel.Range(dst, col.I32[a:b], int32(n.lo), int32(n.hi))
	default:
		kernel.Range(dst, col.I64[a:b], n.lo, n.hi)
	}
	return n.lo <= 0 && 0 <= n.hi
}

// readWide is readInts for timestamps.
func readWide(n *node, dst []uint64, v []int64) bool {
	switch n.op {
	case opValid:
		return false
	case opSorted:
		kernel.MemberSorted(dst, v, n.sorted)
		return true
	}
	kernel.Range(dst, v, n.lo, n.hi)
	return n.lo <= 0 && 0 <= n.hi
}

// readCodes computes a range or a set of codes, and says whether nulls, whose code
// is 0, may have met it.
func readCodes(n *node, dst []uint64, col column.Codes, a, b int) bool {
	switch n.op {
	case opMember:
		switch {
		case col.U8 != nil:
			kernel.MemberUint8(dst, col.U8[a:b], (*[4]uint64)(n.bits))
		case col.U16 != nil:
			kernel.Member(dst, col.U16[a:b], n.bits)
		default:
			kernel.Member(dst, col.U32[a:b], n.bits)
		}
		return n.bits[0]&1 != 0
	case opCodes:
		switch {
		case col.U8 != nil:
			kernel.RangeUint8(dst, col.U8[a:b], uint8(n.lo), uint8(n.hi))
		case col.U16 != nil:
			kernel.Range(dst, col.U16[a:b], uint16(n.lo), uint16(n.hi))
		default:
			kernel.Range(dst, col.U32[a:b], uint32(n.lo), uint32(n.hi))
		}
		return n.lo == 0
	}
	return false
}

// ask has the reference evaluator answer a fallback for the rows in need that it
// was not asked about in this block.
func (e *Evaluator) ask(i id, need []uint64) error {
	s := &e.nodes[i]
	if s.err != nil {
		return s.err
	}
	if s.cond == nil {
		s.cond = e.plan.nodes[i].cond.Evaluator()
		s.cond.Stop = func() bool { return e.Stop != nil && e.Stop() }
	}
	dst := e.bits(i, 0)
	if s.asked != e.block {
		s.known = sized(s.known, len(dst))
		clear(s.known)
		clear(dst)
		s.asked = e.block
	}
	for w, open := range need {
		for open &^= s.known[w]; open != 0; open &= open - 1 {
			bit := open & -open
			is, err := s.cond.Cond(e.spans[0].Start + w<<6 + bits.TrailingZeros64(open))
			if err != nil {
				if !errors.Is(err, eval.ErrStopped) {
					s.err = err
				}
				return err
			}
			s.known[w] |= bit
			if is {
				dst[w] |= bit
			}
		}
	}
	return nil
}
