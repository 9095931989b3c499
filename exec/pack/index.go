package pack

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// index is what is read when a file is opened.
type index struct {
	root   *shape
	snap   column.Snapshot // without Root
	report load.Report     // of the rows and values that were left out, and the notes
	sums   []byte          // the checksums of the vectors, of four bytes each
	digest string          // of all that
	size   int64           // where they end, which is the size of the file
}

// place gives the vectors their places in the file, one after another, from data on, and
// finds out where they end and how many checksums they have.
func (x *index) place(data int64) (checksums int, err error) {
	x.size = data
	most, room := 0, lengths{}
	x.root.each(func(s *shape) {
		s.at, s.sum = x.size, checksums
		most = max(most, s.rows)
		for _, length := range s.vectors(&room) {
			x.size += aligned(length)
			checksums += chunks(length)
			if x.size > 1<<56 {
				err = errors.New("its columns are larger than any file")
				return
			}
		}
	})
	if err == nil && many(most, x.size) {
		err = fmt.Errorf("it has %d rows or elements of a list in %d bytes, which can only be nulls", most, x.size)
	}
	return checksums, err
}

// encode returns the index with so many checksums, all zero, and where they are in it.
func (x *index) encode(checksums int) (b []byte, sums []byte, err error) {
	w := &writer{}
	w.number(x.root.rows)
	w.text(x.snap.Fingerprint)
	w.fields(x.snap.Schema)
	w.role(x.snap.ID)
	w.role(x.snap.EventsField)
	w.mixtures(x.snap.Schema, x.snap.Mixtures)
	w.report(&x.report)
	w.cost(x.snap.CostPoints())
	w.below(x.root)
	end := len(w.b) + 4*checksums
	b = make([]byte, aligned(int64(end)))
	copy(b, w.b)
	if len(b) > maxIndex {
		return nil, nil, fmt.Errorf("the index would have %d bytes, and may have %d", len(b), maxIndex)
	}
	return b, b[len(w.b):end], nil
}

// decodeIndex reads an index that agrees with itself, and with the size of the file.
func decodeIndex(b []byte, size int64) (*index, error) {
	r := &reader{b: b, s: string(b)}
	x := &index{}
	rows := r.number(maxRows)
	x.snap.Fingerprint = r.text()
	x.snap.Schema = r.object(0)
	x.snap.ID = r.role(x.snap.Schema)
	x.snap.EventsField = r.role(x.snap.Schema)
	x.snap.Mixtures = r.mixtures(x.snap.Schema)
	x.report = r.report()
	x.snap.Cost = r.cost(rows)
	if r.err != nil {
		return nil, r.err
	}
	x.root = &shape{kind: structs, rows: rows, t: x.snap.Schema}
	r.fieldsOf(x.root)
	x.report.Rows = rows
	if r.err != nil {
		return nil, r.err
	}
	checksums, err := x.place(headerSize + int64(len(b)))
	if err != nil {
		return nil, err
	}
	x.sums = r.checksums(checksums)
	for _, zero := range r.b {
		if zero != 0 || len(r.b) >= alignment {
			r.fail("there is more in it than columns")
			break
		}
	}
	if r.err == nil && x.size != size {
		r.fail("its columns end at byte %d, and the file has %d", x.size, size)
	}
	return x, r.err
}

// flags of a column.
const (
	hasValidity = 1 << iota
	hasOrder
	hasEnds
	isSparse
	isConstant
	allFlags = hasValidity | hasOrder | hasEnds | isSparse | isConstant
)

// below writes the columns below s, parents first.
func (w *writer) below(s *shape) {
	for _, c := range s.children {
		w.shape(c)
		w.below(c)
	}
}

func (w *writer) shape(s *shape) {
	flags := byte(0)
	if s.valid {
		flags |= hasValidity
	}
	if s.buckets > 0 {
		flags |= hasOrder
	}
	if s.ends {
		flags |= hasEnds
	}
	if s.sparse {
		flags |= isSparse
	}
	if s.constant {
		flags |= isConstant
	}
	w.b = append(w.b, byte(s.kind), flags)
	if s.sparse {
		w.number(s.values)
	}
	switch s.kind {
	case ints:
		w.b = append(w.b, byte(s.width))
		w.signed(s.low)
		w.signed(s.high)
	case texts:
		w.b = append(w.b, byte(s.width))
		w.number(s.offsets)
		w.number(s.bytes)
	case lists, maps, rowTexts:
		w.number(s.elems)
	}
	if s.buckets > 0 {
		w.number(s.buckets)
		w.signed(s.greatest)
	}
}

// writer appends to the index.
type writer struct{ b []byte }

func (w *writer) number(n int)   { w.b = binary.AppendUvarint(w.b, uint64(n)) }
func (w *writer) signed(n int64) { w.b = binary.AppendVarint(w.b, n) }

func (w *writer) text(s string) {
	w.number(len(s))
	w.b = append(w.b, s...)
}

func (w *writer) yes(b bool) {
	if b {
		w.b = append(w.b, 1)
		return
	}
	w.b = append(w.b, 0)
}

// role writes which field of the profile has a role, counted from one; none is zero.
func (w *writer) role(f *check.Field) {
	if f == nil {
		w.number(0)
		return
	}
	w.number(f.Index + 1)
}
