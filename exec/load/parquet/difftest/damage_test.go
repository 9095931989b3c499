package difftest_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"github.com/apache/arrow-go/v18/parquet/compress"
)

// place is a column chunk of a file that both readers have open, with the bytes
// of its pages.
type place struct {
	name          string
	ours          *ours
	theirs        *arrow
	group, column int
	pages         []byte // of the file as the readers see it
	plain         bool   // not compressed
}

// places lists the column chunks that both readers read.
func places(t *testing.T) (all []place) {
	eachFile(t, func(name string, data []byte) {
		o, err := guarded(func() (*ours, error) { return openOurs(data) })
		a, errTheirs := guarded(func() (*arrow, error) { return openArrow(data, 1<<20) })
		if err != nil || errTheirs != nil || len(data) > 1<<20 {
			return
		}
		o.file.Charge = limit(16 << 20)
		for g := range o.groups() {
			for c := range min(o.columns(), a.columns()) {
				p := place{name: name, ours: o, theirs: a, group: g, column: c}
				m, err := a.file.RowGroup(g).MetaData().ColumnChunk(c)
				if err != nil {
					continue
				}
				at := m.DataPageOffset()
				if m.HasDictionaryPage() && m.DictionaryPageOffset() > 0 {
					at = min(at, m.DictionaryPageOffset())
				}
				size := m.TotalCompressedSize()
				if at < 4 || size < 1 || at+size > int64(len(data)) {
					continue
				}
				p.pages, p.plain = data[at:at+size], m.Compression() == compress.Codecs.Uncompressed
				if _, _, err := p.read(); err == nil {
					all = append(all, p)
				}
			}
		}
	})
	return all
}

// limit returns a charge that refuses more than so many bytes.
func limit(most int64) func(int64) error {
	held := int64(0)
	return func(n int64) error {
		if held += n; held > most {
			return errors.New("there is no room")
		}
		return nil
	}
}

// read reads the column chunk by both readers. The error is of either, ours first.
func (p place) read() (ours, theirs *column, err error) {
	ours, err = guarded(func() (*column, error) { return p.ours.read(p.group, p.column) })
	if err != nil {
		return nil, nil, err
	}
	theirs, err = guarded(func() (*column, error) { return p.theirs.read(p.group, p.column) })
	return ours, theirs, err
}

// bitPacked says whether the column chunk has levels that arrow-go reads wrong.
func (p place) bitPacked() bool {
	is, err := guarded(func() (bool, error) { return p.theirs.bitPacked(p.group, p.column), nil })
	return err == nil && is
}

// damage changes one to three bytes of b, every other time at its beginning,
// where the header and the levels are.
func damage(r *rand.Rand, b []byte) {
	for range 1 + r.IntN(3) {
		i := r.IntN(len(b))
		if r.IntN(2) == 0 {
			i = r.IntN(min(len(b), 64))
		}
		switch r.IntN(4) {
		case 0:
			b[i] ^= 1 << r.IntN(8)
		case 1:
			b[i] = byte(r.Uint32())
		case 2:
			b[i] = []byte{0, 1, 0x7f, 0x80, 0xfe, 0xff}[r.IntN(6)]
		case 3:
			b[i]++
		}
	}
}

// damages is how many column chunks are damaged.
func damages(t *testing.T) int {
	s := os.Getenv("SEGQ_PARQUET_DAMAGES")
	if s == "" {
		return 100_000
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestDamagedFooter changes bytes of the footers of small files. Where both readers
// still read a column of the same levels, they read the same.
func TestDamagedFooter(t *testing.T) {
	var files [][]byte
	eachFile(t, func(_ string, data []byte) {
		if len(data) < 64<<10 {
			files = append(files, data)
		}
	})
	r := rand.New(rand.NewPCG(11, 2))
	both, refused := 0, 0
	for i := range damages(t) / 50 {
		data := bytes.Clone(files[r.IntN(len(files))])
		end := len(data) - 8
		damage(r, data[end-int(binary.LittleEndian.Uint32(data[end:])):end])
		n, err := compareAny(r, data)
		switch both += n; {
		case errors.Is(err, errDiffer), errors.Is(err, errPanic):
			t.Errorf("damage %d: %v", i, err)
		case err != nil:
			refused++
		}
	}
	t.Logf("%d column chunks read by both; %d files that are refused", both, refused)
}

var errDiffer = errors.New("the readers differ")

// compareAny compares a few column chunks of a file, and says how many. The error
// is that of our reader, or that they differ.
func compareAny(r *rand.Rand, data []byte) (n int, err error) {
	o, err := guarded(func() (*ours, error) { return openOurs(data) })
	if err != nil {
		return 0, err
	}
	a, err := guarded(func() (*arrow, error) { return openArrow(data, 1<<20) })
	if err != nil {
		return 0, fmt.Errorf("arrow-go: %v", err)
	}
	o.file.Charge = limit(16 << 20)
	if o.groups() == 0 || o.columns() != a.columns() || o.groups() != a.groups() {
		return 0, errors.New("the readers see other columns")
	}
	for range 5 {
		p := place{ours: o, theirs: a, group: r.IntN(o.groups()), column: r.IntN(o.columns())}
		ours, theirs, err := p.read()
		if ours == nil {
			return n, err
		}
		if err != nil {
			continue
		}
		n++
		if s := difference(ours, theirs); s != "" && !p.bitPacked() {
			return n, fmt.Errorf("%w: %s of row group %d: %s", errDiffer, o.name(p.column), p.group, s)
		}
	}
	return n, nil
}

// TestDamage changes bytes of column chunks. Ours never panics, and where both
// readers still read a column, they read the same.
func TestDamage(t *testing.T) {
	all := places(t)
	plain := slices.DeleteFunc(slices.Clone(all), func(p place) bool { return !p.plain })
	r := rand.New(rand.NewPCG(11, 1))
	both, refused, alone := 0, 0, 0
	for i := range damages(t) {
		from := all
		if i%4 > 0 && len(plain) > 0 {
			from = plain
		}
		p := from[r.IntN(len(from))]
		before := bytes.Clone(p.pages)
		damage(r, p.pages)
		ours, theirs, err := p.read()
		switch {
		case ours == nil && errors.Is(err, errPanic):
			t.Errorf("%s, %s of row group %d: ours: %v", p.name, p.ours.name(p.column), p.group, err)
		case ours == nil:
			refused++
		case err != nil:
			alone++
		default:
			both++
			if s := difference(ours, theirs); s != "" && !p.bitPacked() {
				t.Errorf("damage %d, %s, %s of row group %d: %s", i, p.name, p.ours.name(p.column), p.group, s)
			}
		}
		copy(p.pages, before)
	}
	t.Logf("%d column chunks: %d read by both, %d refused by ours, %d by arrow-go alone", both+refused+alone, both, refused, alone)
}
