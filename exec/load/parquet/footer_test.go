package parquet_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec/load/parquet"
)

func small(t testing.TB) []byte {
	t.Helper()
	data, err := os.ReadFile("../testdata/parquet/types.parquet")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func open(data []byte) (*parquet.File, error) {
	return parquet.Open(bytes.NewReader(data), int64(len(data)))
}

// TestStatistics reads what types.parquet says of its columns: the values stand in
// testdata/parquet/small.py.
func TestStatistics(t *testing.T) {
	f, err := open(small(t))
	if err != nil {
		t.Fatal(err)
	}
	number := func(n uint32) []byte { return binary.LittleEndian.AppendUint32(nil, n) }
	for name, want := range map[string]parquet.Statistics{
		"_id":    {Least: []byte("a"), Greatest: []byte("c"), Ordered: true, Distinct: -1},
		"paid":   {Least: []byte{0}, Greatest: []byte{1}, Ordered: true, Distinct: -1},
		"serial": {Nulls: 1, Least: binary.LittleEndian.AppendUint64(nil, 7), Greatest: binary.LittleEndian.AppendUint64(nil, 1<<63+1), Ordered: true, Distinct: -1},
		"hash":   {Nulls: 1, Least: []byte("abc"), Greatest: []byte("\xff\x00"), Ordered: true, Distinct: -1},
		"day":    {Nulls: 1, Least: number(19000), Greatest: number(19001), Ordered: true, Distinct: -1},
	} {
		column := -1
		for i := range f.Meta.Schema {
			if f.Meta.Schema[i].Leaf {
				column++
			}
			if f.Meta.Schema[i].Name == name {
				break
			}
		}
		chunks, err := f.Meta.Column(column)
		if err != nil || len(chunks) != 1 {
			t.Fatalf("%s: %d chunks, %v", name, len(chunks), err)
		}
		if diff := cmp.Diff(want, chunks[0].Statistics); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

// TestPassing damages footers. What is passed over when a file is opened is the same as
// what is read when a column is wanted, as long as both can be.
func TestPassing(t *testing.T) {
	data := small(t)
	end := len(data) - 8
	footer := data[end-int(binary.LittleEndian.Uint32(data[end:])) : end]
	before := bytes.Clone(footer)
	r := rand.New(rand.NewPCG(1, 9))
	opened, read := 0, 0
	for range 30_000 {
		copy(footer, before)
		for range 1 + r.IntN(3) {
			at := r.IntN(len(footer))
			switch r.IntN(3) {
			case 0:
				footer[at] ^= 1 << r.IntN(8)
			case 1:
				footer[at] = byte(r.Uint32())
			default:
				copy(footer[at:], before[r.IntN(len(before)):])
			}
		}
		f, err := open(data)
		if err != nil {
			continue
		}
		opened++
		for i, leaf := range f.Meta.Leaves {
			chunks, err := f.Meta.Column(i)
			if err != nil {
				continue
			}
			var want parquet.Leaf
			for _, c := range chunks {
				want.External, want.Encrypted = want.External || c.External, want.Encrypted || c.Encrypted
				want.Size += max(c.Size, 0)
				want.Codec = c.Codec
			}
			want.Encoding = leaf.Encoding
			if len(chunks) > 1 {
				want.Codec = leaf.Codec
			}
			if read++; want != leaf {
				t.Fatalf("column %d: passed over as %+v, read as %+v", i, leaf, want)
			}
		}
	}
	if opened == 0 || read == 0 {
		t.Errorf("%d files opened, %d columns read", opened, read)
	}
}

// TestUnwanted opens a file of which the footer says nonsense of a column that nobody
// wants: the others are read.
func TestUnwanted(t *testing.T) {
	data := small(t)
	f, err := open(data)
	if err != nil {
		t.Fatal(err)
	}
	chunks, err := f.Meta.Column(0)
	if err != nil {
		t.Fatal(err)
	}
	// The number of values of the first column, a field behind the codec, gets another type.
	field := []byte{0x15, byte(chunks[0].Codec << 1), 0x16, byte(chunks[0].Values << 1)}
	at := bytes.Index(data, field)
	if at < 0 {
		t.Fatal("the number of values is not found")
	}
	data[at+2] = 0x15
	if f, err = open(data); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Meta.Column(0); err == nil {
		t.Error("the column is read")
	}
	if _, err := f.Meta.Column(1); err != nil {
		t.Error(err)
	}
}

// TestRequiredFields leaves out what the format says is always there, as damage does that
// makes one field another.
func TestRequiredFields(t *testing.T) {
	fields := []struct{ kind, bytes string }{
		{"\x05", "\x02"},                             // the version
		{"\x09", "\x1c\x48\x01r\x15\x00\x00"},        // the schema: a root without fields
		{"\x06", "\x00"},                             // the rows
		{"\x09", "\x1c\x19\x0c\x16\x00\x16\x00\x00"}, // row groups: one without columns, bytes and rows
	}
	footer := func(without int) []byte {
		var b []byte
		last := 0
		for i, f := range fields {
			if i == without {
				continue
			}
			b = append(b, byte((i+1-last)<<4)|f.kind[0])
			b, last = append(b, f.bytes...), i+1
		}
		return append(b, 0)
	}
	for without := range len(fields) + 1 {
		b := footer(without)
		data := append([]byte("PAR1"), b...)
		data = binary.LittleEndian.AppendUint32(data, uint32(len(b)))
		_, err := open(append(data, "PAR1"...))
		if whole := without == len(fields); whole != (err == nil) {
			t.Errorf("without field %d: %v", without+1, err)
		}
	}
}
