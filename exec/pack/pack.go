// Package pack keeps a table in a file of segq's own, which is opened by mapping it into
// memory: nothing is decoded, and what no query reads is never looked at. FORMAT.md
// describes the file byte by byte.
//
// The tour: a file is a header (header.go), an index, and the vectors of all columns, as
// they are in memory. The index (index.go) has a shape (shape.go) for each column, from which
// the place and length of every vector follow. [Write] finds the shapes of the columns of a
// snapshot (describe.go), and writes all that. [Open] reads the header and the index, and
// returns a [Table]: it verifies a column when it is first asked for (verify.go, sound.go),
// and makes one whose slices lie in the map (rebuild.go).
//
// Nothing that is read from a file is trusted: what the index says has to agree with itself
// and with the size of the file before it is used, and what is in a vector is looked through
// before it is in a snapshot, so that nobody reads beyond its end. A file that is cut short
// or written to while it is mapped is noticed (mapping.go).
package pack
