package pack

import (
	"math"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// kind is the kind of a column. The numbers are part of the format.
type kind uint8

const (
	nulls kind = iota
	bools
	ints
	floats
	timestamps
	texts // by a dictionary: column.Strings
	structs
	lists
	maps
	rowTexts // in the order of the rows: column.Texts
	kinds    // their number
)

// What a file may hold at most, so that no number in it is too large to reckon with.
const (
	maxRows    = 1 << 40
	maxElems   = math.MaxUint32 // of all lists of a column: its offsets have 32 bits
	maxEmpty   = 1 << 24        // of rows or elements in a file of no bytes
	maxColumns = 1 << 20
	maxBuckets = 1 << 16 // of a column.Order
	maxLevels  = 1 << 9  // of lists, maps and objects in each other
)

// shape is what the index says of a column: all but the contents of its vectors. Their
// lengths follow from it.
type shape struct {
	kind kind
	rows int
	t    *check.Type
	// name is that of a field, or says what of its parent a column is.
	name     string
	parent   *shape
	children []*shape // the fields of a struct; the elements of a list; keys and values of a map

	valid bool // it has a bitmap of validity
	// sparse and constant say that it is a column.Sparse, of so many values, or a column.Constant.
	sparse, constant bool
	values           int
	// width is the bytes of an integer or a code, low and high are as in column.Ints.
	width     int
	low, high int64
	// offsets and bytes are those of a dictionary.
	offsets, bytes int
	// buckets is 0 where there is no order; greatest is that of column.Order.
	buckets  int
	greatest int64
	// elems is the number of elements of all lists, of entries of all maps, or of bytes of all
	// texts in the order of the rows; ends says that the
	// last of each list is known.
	elems int
	ends  bool

	// at is where in the file the first vector begins, sum the number of its first checksum.
	at  int64
	sum int
	// column is what stands for it in snapshots: nil before it was verified.
	column column.Column
	// unloaded stands for each of the columns below that was not: they have equally many rows.
	unloaded *column.Unloaded
	// stale says that the columns below are not those in column any more.
	stale bool
}

// lengths has room for the lengths of the vectors of a column, in bytes.
type lengths [8]int64

// vectors returns the lengths of the vectors in the order in which they stand in the file. They
// are in room.
func (s *shape) vectors(room *lengths) []int64 {
	v := room[:0]
	if s.valid {
		v = append(v, bitmapBytes(int64(s.rows)))
	}
	if s.sparse {
		v = append(v, int64(s.blocks())*4)
	}
	rows := int64(s.stored())
	switch s.kind {
	case bools:
		v = append(v, bitmapBytes(rows))
	case ints:
		v = append(v, rows*int64(s.width))
	case floats, timestamps:
		v = append(v, rows*8)
	case texts:
		v = append(v, rows*int64(s.width), int64(s.offsets)*4, int64(s.bytes))
	case lists, maps, rowTexts:
		v = append(v, (rows+1)*4)
		if s.kind == rowTexts {
			v = append(v, int64(s.elems))
		}
		if s.ends {
			v = append(v, bitmapBytes(int64(s.elems)))
		}
	}
	if s.buckets > 0 {
		v = append(v, rows*2, int64(s.buckets)*8, bitmapBytes(int64(s.buckets)))
	}
	return v
}

// stored is the number of rows that have a slot for their value.
func (s *shape) stored() int {
	switch {
	case s.sparse:
		return s.values
	case s.constant:
		return 1
	}
	return s.rows
}

// blocks is the number of blocks of rows of a sparse column.
func (s *shape) blocks() int { return (s.rows + column.SparseBlock - 1) / column.SparseBlock }

// many says that a file of so many bytes is not to have so many rows or elements. Nulls take no
// room, so that a few bytes could claim any number of them.
func many(rows int, size int64) bool { return int64(rows) > maxEmpty+64*size }

// strings is the number of strings in the dictionary.
func (s *shape) strings() int { return max(s.offsets-1, 0) }

func bitmapBytes(bits int64) int64 { return (bits + 63) / 64 * 8 }

// path is the column as queries name it; {} stands for the values of a map, {key} for its
// keys.
func (s *shape) path() string {
	switch {
	case s.parent == nil:
		return "the profile"
	case s.parent.parent == nil:
		return s.name
	case s.parent.kind == structs:
		return s.parent.path() + "." + s.name
	}
	return s.parent.path() + s.name
}

// alignment is what vectors begin at a multiple of: a line of the processor's cache.
const alignment = 64

// aligned returns n or the next multiple of the alignment.
func aligned(n int64) int64 { return (n + alignment - 1) &^ (alignment - 1) }

// each calls f for s and all below it, parents first, in the order of the file.
func (s *shape) each(f func(*shape)) {
	f(s)
	for _, c := range s.children {
		c.each(f)
	}
}
