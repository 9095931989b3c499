package memberships

import (
	"archive/tar"
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// RoaringFormat is the name of the format of bitmaps, RoaringExtension the extension of its files.
const (
	RoaringFormat    = "roaring"
	RoaringExtension = ".tar"
)

// Bitmaps writes a Roaring bitmap for each audience, of the numbers of the rows of its profiles, into an archive
// (tar): audiences.csv says which file is whose, and ids.csv which profile each row is, in their order. Containers
// are kept in a file for temporary ones until all rows are known, so that those of 65,536 rows are in memory.
type Bitmaps struct {
	w       io.Writer
	id      *check.Type
	names   []string
	words   [][containerWords]uint64 // by code: of the rows from begin on
	begin   int
	rows    int
	of      [][]container // by code
	kept    *keptFile
	ids     *keptFile
	lines   *csv.Writer
	scratch []byte
}

// keptFile is a file for temporary ones, which has no name any more.
type keptFile struct {
	*os.File
	out  *bufio.Writer
	size int64
}

func newKept() (*keptFile, error) {
	f, err := os.CreateTemp("", "segq-bitmaps-*")
	if err != nil {
		return nil, err
	}
	return &keptFile{File: f, out: bufio.NewWriterSize(f, 1<<20)}, nil
}

// Write writes through a buffer.
func (k *keptFile) Write(b []byte) (int, error) {
	k.size += int64(len(b))
	return k.out.Write(b)
}

// remove takes the file away.
func (k *keptFile) remove() error { return errors.Join(k.Close(), os.Remove(k.Name())) }

// NewBitmaps returns a writer to w of audiences of these names. It is to be given all rows of the data.
func NewBitmaps(w io.Writer, names []string, id *check.Field) (*Bitmaps, error) {
	b := &Bitmaps{w: w, id: id.Type, names: slices.Sorted(slices.Values(names)), words: make([][containerWords]uint64, len(names)), of: make([][]container, len(names))}
	var err error
	if b.kept, err = newKept(); err != nil {
		return nil, err
	}
	if b.ids, err = newKept(); err != nil {
		return nil, errors.Join(err, b.kept.remove())
	}
	b.lines = csv.NewWriter(b.ids)
	return b, b.lines.Write([]string{id.Name})
}

// Begin begins rows that follow each other.
func (b *Bitmaps) Begin() resident.Stretch { return &bitmapRows{to: b} }

// bitmapRows is the rows of a stretch.
type bitmapRows struct {
	to    *Bitmaps
	ids   []string
	ends  []uint32 // of the codes of each row
	codes []uint16
	wide  []uint32
}

// Add notes the lists of n profiles.
func (r *bitmapRows) Add(n int, columns []column.Column) error {
	lists := columns[1].(*column.List)
	codes := lists.Elem.(*column.Strings).Codes
	before := uint32(len(r.codes) + len(r.wide))
	r.codes, r.wide = append(r.codes, codes.U16...), append(r.wide, codes.U32...)
	for i := range n {
		r.ends = append(r.ends, before+lists.Offsets[i+1])
		id, _ := idOf(columns[0], i, r.to.id)
		r.ids = append(r.ids, string([]byte(id))) // the column's memory is used again
	}
	return nil
}

// End ends the rows.
func (r *bitmapRows) End() error { return nil }

// Emit sets their bits.
func (r *bitmapRows) Emit() error {
	b, at := r.to, uint32(0)
	for i, end := range r.ends {
		if b.rows == b.begin+containerRows {
			if err := b.flush(); err != nil {
				return err
			}
		}
		row := b.rows - b.begin
		for ; at < end; at++ {
			code := uint32(0)
			if r.wide != nil {
				code = r.wide[at]
			} else {
				code = uint32(r.codes[at])
			}
			b.words[code][row>>6] |= 1 << (row & 63)
		}
		b.rows++
		if err := b.line(r.ids[i]); err != nil {
			return err
		}
	}
	return nil
}

// line writes the id of a row, which is "" for none: an empty line would be none.
func (b *Bitmaps) line(id string) error {
	if id != "" {
		return b.lines.Write([]string{id})
	}
	b.lines.Flush()
	_, err := b.ids.Write([]byte(`""` + "\n"))
	return err
}

// flush keeps the containers of the rows from begin on.
func (b *Bitmaps) flush() error {
	for code := range b.words {
		c := container{key: b.begin / containerRows, at: b.kept.size}
		b.scratch, c.count, c.runs = appendContainer(b.scratch[:0], &b.words[code])
		if c.count == 0 {
			continue
		}
		if _, err := b.kept.Write(b.scratch); err != nil {
			return err
		}
		c.size = int64(len(b.scratch))
		b.of[code] = append(b.of[code], c)
		clear(b.words[code][:])
	}
	b.begin = b.rows
	return nil
}

// Close writes the archive.
func (b *Bitmaps) Close() error {
	if err := b.flush(); err != nil {
		return err
	}
	b.lines.Flush()
	if err := errors.Join(b.lines.Error(), b.ids.out.Flush(), b.kept.out.Flush()); err != nil {
		return err
	}
	t := tar.NewWriter(b.w)
	if err := b.index(t); err != nil {
		return err
	}
	if err := begun(t, "ids.csv", b.ids.size); err != nil {
		return err
	}
	if _, err := io.Copy(t, io.NewSectionReader(b.ids, 0, b.ids.size)); err != nil {
		return err
	}
	for code, containers := range b.of {
		if err := begun(t, bitmapName(code), bitmapSize(containers)); err != nil {
			return err
		}
		if err := writeBitmap(t, containers, b.kept); err != nil {
			return err
		}
	}
	return t.Close()
}

// Discard takes away what was kept. It is called at last, whether all went well or not.
func (b *Bitmaps) Discard() error { return errors.Join(b.kept.remove(), b.ids.remove()) }

// index writes which bitmap is whose.
func (b *Bitmaps) index(t *tar.Writer) error {
	var text sliceWriter
	lines := csv.NewWriter(&text)
	err := lines.Write([]string{"file", Single, "profiles"})
	for code, name := range b.names {
		count := 0
		for _, c := range b.of[code] {
			count += c.count
		}
		err = errors.Join(err, lines.Write([]string{bitmapName(code), name, strconv.Itoa(count)}))
	}
	lines.Flush()
	if err := errors.Join(err, lines.Error(), begun(t, "audiences.csv", int64(len(text)))); err != nil {
		return err
	}
	_, err = t.Write(text)
	return err
}

// sliceWriter is what was written to it.
type sliceWriter []byte

// Write appends.
func (s *sliceWriter) Write(b []byte) (int, error) {
	*s = append(*s, b...)
	return len(b), nil
}

func bitmapName(code int) string { return fmt.Sprintf("%06d.roaring", code+1) }

// begun begins a file of the archive. They have no time, so that equal memberships are equal archives.
func begun(t *tar.Writer, name string, size int64) error {
	return t.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o644, ModTime: time.Unix(0, 0)})
}
