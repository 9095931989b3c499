package pack_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/pack"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// small is a file with every kind of column.
func small(t testing.TB) []byte {
	t.Helper()
	s, r := people(t, 70)
	return bytesOf(t, packed(t, s, r))
}

// compactQueries ask what is in compact.
var compactQueries = []string{
	`few.i > 100 and few.j > 0`, `few.s = "s1" or few.u.contains("9")`, `few.b and few.f < 300.0`, `few.u.like("%5%")`, `few.i = few.j`,
	`one = "x" and yes`, `seven > 5 and half < 1`, `day occurs < 400 days before now`, `age.isNull()`, `xEvent.exists(type = "t")`,
}

// compact is a file with sparse and constant columns of every kind that these may have.
func compact(t testing.TB) []byte {
	t.Helper()
	var b strings.Builder
	for i := range 700 {
		fmt.Fprintf(&b, `{"_id":"p%d","one":"x","yes":true,"seven":7,"half":0.5,"day":"2026-01-01","home":{"city":"c%d"},"xEvent":[{"type":"t","timestamp":"2026-02-01T00:00:00Z"}]`, i, i%9)
		if i%90 == 5 {
			fmt.Fprintf(&b, `,"few":{"b":%t,"i":%d,"j":%d,"f":%d.5,"t":"2026-01-%02d","s":"s%d","u":"u%d"},"age":3`, i%2 == 0, i, i<<40, i, i%27+1, i%3, i)
		}
		b.WriteString("}\n")
	}
	s, r := read(t, b.String())
	s = exectest.AsCompact(s)
	few := s.Root.Fields[s.Schema.Field("few").Index].(*column.Struct)
	at := s.Schema.Field("few").Type.Field("u").Index
	u := few.Fields[at].(*column.Sparse)
	few.Fields[at] = column.Restored(u, exectest.Texts(u.Values.(*column.Strings)))
	return bytesOf(t, packed(t, s, r))
}

func bytesOf(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// wrong is the error of opening a file and loading all of it.
func wrong(t testing.TB, name string) error {
	t.Helper()
	table, err := pack.Open(name)
	if err != nil {
		return err
	}
	defer table.Close()
	_, release, err := table.Load(t.Context(), all, nil)
	if err == nil {
		release()
	}
	return err
}

// There is no byte that may be another.
func TestEveryByteCounts(t *testing.T) {
	t.Run("dense", func(t *testing.T) { everyByteCounts(t, small(t)) })
	t.Run("compact", func(t *testing.T) { everyByteCounts(t, compact(t)) })
}

func everyByteCounts(t *testing.T, b []byte) {
	name := file(t, b)
	if err := wrong(t, name); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i := range b {
		for _, flip := range []byte{1 << (i % 8), 0xff} {
			if _, err := f.WriteAt([]byte{b[i] ^ flip}, int64(i)); err != nil {
				t.Fatal(err)
			}
			if err := wrong(t, name); err == nil || strings.Contains(err.Error(), "as segq packs it") {
				t.Errorf("byte %d may be %#x instead of %#x: %v", i, b[i]^flip, b[i], err)
			}
		}
		if _, err := f.WriteAt(b[i:i+1], int64(i)); err != nil {
			t.Fatal(err)
		}
	}
}

// A file that is cut short is said to be.
func TestEveryLengthCounts(t *testing.T) {
	b := small(t)
	for n := range len(b) {
		err := wrong(t, file(t, b[:n]))
		want := "cut short"
		switch {
		case n == 0:
			want = "empty"
		case n < 8:
			want = "no packed file"
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Fatalf("%d bytes of %d: %v", n, len(b), err)
		}
	}
	if err := wrong(t, file(t, append(b, 0))); err == nil || !strings.Contains(err.Error(), "says that it has") {
		t.Error(err)
	}
}

// reheaded is a file with something else in its header, and the checksum of that.
func reheaded(b []byte, at int, value uint32) []byte {
	b = bytes.Clone(b)
	binary.LittleEndian.PutUint32(b[at:], value)
	binary.LittleEndian.PutUint32(b[60:], crc32.Checksum(b[:60], crc32.MakeTable(crc32.Castagnoli)))
	return b
}

func TestOtherFiles(t *testing.T) {
	b := small(t)
	for _, test := range []struct {
		name string
		file []byte
		want string
	}{
		{"of a later version", reheaded(b, 12, 1), "version 1 of the format, and this segq reads version 2"},
		{"of another byte order", reheaded(b, 8, 0x04030201), "big-endian"},
		{"of no byte order", reheaded(b, 8, 7), "byte order"},
		{"with more in its header", reheaded(b, 40, 1), "where nothing is"},
		{"with an index larger than the file", reheaded(b, 24, 1<<30), "an index of 1073741824 bytes"},
		{"of another format", []byte("PAR1" + strings.Repeat("x", 100)), "no packed file"},
		{"whose line ends were changed", bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")), "no packed file"},
		{"with a damaged index", flipped(b, 70), "its index is damaged"},
		{"with a damaged column", flipped(b, len(b)-65), "the column xEvent.total is damaged"},
	} {
		if err := wrong(t, file(t, test.file)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("a file %s: %v", test.name, err)
		}
	}
	if err := wrong(t, t.TempDir()); err == nil || !strings.Contains(err.Error(), "pipe or device") {
		t.Error(err)
	}
	if err := wrong(t, "nowhere.segq"); !os.IsNotExist(err) {
		t.Error(err)
	}
}

func flipped(b []byte, at int) []byte {
	b = bytes.Clone(b)
	b[at] ^= 0x10
	return b
}

// What somebody has made on purpose, with the right checksums, is an error, or a table that
// can be read to its ends.
func TestHostileFiles(t *testing.T) {
	t.Run("dense", func(t *testing.T) { hostileFiles(t, small(t), 50) })
	t.Run("compact", func(t *testing.T) { hostileFiles(t, compact(t), 50) })
}

func hostileFiles(t *testing.T, b []byte, least int) {
	rng := rand.New(rand.NewPCG(3, 4))
	opened := 0
	for range 1000 {
		bad := bytes.Clone(b)
		for range 1 + rng.IntN(4) {
			at := 64 + rng.IntN(len(bad)-64)
			if rng.IntN(2) == 0 {
				at = 64 + rng.IntN(700) // the index
			}
			bad[at] = []byte{0, 1, 0xff, 0x80, byte(rng.Uint32()), bad[at] + 1}[rng.IntN(6)]
		}
		if survives(t, bad) {
			opened++
		}
	}
	if opened < least {
		t.Errorf("only %d of them were more than an error", opened)
	}
}

// survives reads all there is of a file, and says whether there was something.
func survives(t testing.TB, b []byte) bool {
	pack.Reseal(b)
	table, err := pack.Open(file(t, b))
	if err != nil {
		return false
	}
	defer table.Close()
	s, release, err := table.Load(t.Context(), all, nil)
	if err != nil {
		return false
	}
	defer release()
	if most(s.Root) > 1<<16 {
		return false // nulls: it takes too long to look at
	}
	_ = column.Verify(s)
	for i := range s.Rows() {
		column.AppendJSON(nil, s.Root, i, s.Schema)
	}
	e := resident.New(s, resident.Options{Threads: 1})
	defer e.Close()
	asked := exec.Batch{Now: now}
	for _, text := range append(compactQueries, queries...) {
		if q, ds := lang.Compile(text, column.Catalog{Snapshot: s}, check.Options{}); !ds.Failed() {
			asked.Queries = append(asked.Queries, exec.Query{ID: text, Typed: q, Sample: 3})
		}
	}
	if len(asked.Queries) == 0 {
		return true
	}
	results, err := e.Run(t.Context(), asked)
	if err != nil {
		t.Error(err)
	}
	for _, r := range results {
		if r.Err != nil {
			t.Errorf("%s: %v", r.ID, r.Err)
		}
	}
	return true
}

// most is the greatest number of rows of a column and those below.
func most(c column.Column) int {
	n := c.Len()
	switch c := c.(type) {
	case *column.Struct:
		for _, f := range c.Fields {
			n = max(n, most(f))
		}
	case *column.List:
		n = max(n, most(c.Elem))
	case *column.Map:
		n = max(n, most(c.Values))
	}
	return n
}

// FuzzOpen is TestHostileFiles by a fuzzer, over the index and what it describes.
func FuzzOpen(f *testing.F) {
	s, r := read(f, `{"a":1,"b":[{"c":[true]}],"d":"x"}`+"\n")
	for _, b := range [][]byte{small(f), compact(f), bytesOf(f, packed(f, s, r))} {
		end := 64 + binary.LittleEndian.Uint64(b[24:])
		f.Add(b[64:end], b[end:])
	}
	f.Fuzz(func(t *testing.T, index, data []byte) {
		index = append(bytes.Clone(index), make([]byte, 63-(len(index)+63)%64)...)
		survives(t, slices.Concat(pack.Header(len(index)), index, data))
	})
}

// A few bytes do not make a table of any number of nulls.
func TestNullsHaveALimit(t *testing.T) {
	schema := check.ObjectOf(&check.Field{Name: "n", Type: check.AnyType})
	table := func(rows int) *column.Snapshot {
		return &column.Snapshot{Schema: schema, Root: &column.Struct{N: rows, Fields: []column.Column{&column.Nulls{N: rows}}}}
	}
	if err := wrong(t, packed(t, table(1<<24), nil)); err != nil {
		t.Error(err)
	}
	if _, err := pack.Write(t.Context(), &bytes.Buffer{}, table(1<<25), nil, nil); err == nil || !strings.Contains(err.Error(), "only be nulls") {
		t.Error(err)
	}
}
