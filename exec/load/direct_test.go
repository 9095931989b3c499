package load_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// bothWays loads files twice: straight into columns, and by lanes. It fails where there
// is any difference, and gives the table, or nil for an error of both.
func bothWays(t failer, o load.Options, read func(load.Options) (*column.Snapshot, *load.Report, error)) (*column.Snapshot, *load.Report) {
	t.Helper()
	got, report, err := read(o)
	end := load.ReadByLanes()
	want, expected, errWant := read(o)
	end()
	if (err == nil) != (errWant == nil) {
		t.Fatalf("directly: %v; by lanes: %v", err, errWant)
	}
	if err != nil {
		return nil, nil
	}
	if err := column.Verify(got); err != nil {
		t.Fatalf("%v", err)
	}
	if a, b := typeText(got.Schema), typeText(want.Schema); a != b {
		t.Fatalf("the schema is\n%s, not\n%s", a, b)
	}
	report.Peak, report.Elapsed, expected.Peak, expected.Elapsed = 0, 0, 0, 0
	if diff := cmp.Diff(expected, report); diff != "" {
		t.Fatalf("report (-lanes +directly)\n%s", diff)
	}
	if place := difference("", got.Root, want.Root); place != "" {
		t.Fatalf("the columns differ at %s", place)
	}
	if got.Fingerprint != want.Fingerprint {
		t.Fatalf("fingerprint %s, not %s", got.Fingerprint, want.Fingerprint)
	}
	return got, report
}

// difference returns the path of a leaf that is not the same in both columns.
func difference(path string, a, b column.Column) string {
	if reflect.TypeOf(a) != reflect.TypeOf(b) {
		return fmt.Sprintf("%s: %T and %T", path, a, b)
	}
	switch a := a.(type) {
	case *column.Struct:
		b := b.(*column.Struct)
		for i := range a.Fields {
			if d := difference(fmt.Sprint(path, ".", i), a.Fields[i], b.Fields[i]); d != "" {
				return d
			}
		}
		return ""
	case *column.List:
		if d := difference(path+"[]", a.Elem, b.(*column.List).Elem); d != "" {
			return d
		}
	}
	if m, ok := a.(*column.Map); ok && reflect.DeepEqual(m.Offsets, b.(*column.Map).Offsets) {
		for _, d := range []string{difference(path+"{key}", m.Keys, b.(*column.Map).Keys), difference(path+"{}", m.Values, b.(*column.Map).Values)} {
			if d != "" {
				return d
			}
		}
	}
	if !reflect.DeepEqual(a, b) {
		return fmt.Sprintf("%s: %+v and %+v", path, a, b)
	}
	return ""
}

func readerOf(data []byte) func(load.Options) (*column.Snapshot, *load.Report, error) {
	return func(o load.Options) (*column.Snapshot, *load.Report, error) {
		return load.Reader(context.Background(), bytes.NewReader(data), "parquet", "in", o)
	}
}

// TestDirectMatrix loads the files of the matrix both ways.
func TestDirectMatrix(t *testing.T) {
	eachOfMatrix(t, func(name string, data, _ []byte) {
		t.Run(name, func(t *testing.T) {
			for threads := range 3 {
				bothWays(t, load.Options{Threads: threads + 1}, readerOf(data))
			}
		})
	})
}

// TestDirectDamage loads damaged files both ways: what is an error one way is one the
// other way.
func TestDirectDamage(t *testing.T) {
	var files [][]byte
	eachOfMatrix(t, func(_ string, data, _ []byte) {
		if len(data) < 60_000 {
			files = append(files, bytes.Clone(data))
		}
	})
	seed := uint64(time.Now().UnixNano())
	rnd := rand.New(rand.NewPCG(seed, 1))
	good := 0
	for i := range damages() / 4 {
		data := damage(rnd, files[rnd.IntN(len(files))])
		t.Run(fmt.Sprintf("seed %d, case %d", seed, i), func(t *testing.T) {
			if s, _ := bothWays(t, load.Options{Threads: 2}, readerOf(data)); s != nil {
				good++
			}
		})
	}
	t.Logf("%d of %d damaged files were read", good, damages()/4)
}

// TestDirectLies loads numbers of whose bounds the statistics do not tell the truth.
func TestDirectLies(t *testing.T) {
	type row struct {
		N int64 `parquet:"n"`
		D int64 `parquet:"d,dict"`
	}
	var rows []row
	for i := range int64(300) {
		rows = append(rows, row{77_777 - i*100, 77_777 - i%7})
	}
	data := writeParquet(t, rows, groupsOf(100))
	footer := len(data) - 8 - int(binary.LittleEndian.Uint32(data[len(data)-8:]))
	truth := binary.LittleEndian.AppendUint64(nil, 77_777)
	if !bytes.Contains(data[footer:], truth) {
		t.Fatal("there are no statistics")
	}
	for _, lie := range []uint64{0, 1000, 77_778, 1 << 40} {
		lying := bytes.ReplaceAll(data[footer:], truth, binary.LittleEndian.AppendUint64(nil, lie))
		s, _ := bothWays(t, load.Options{Threads: 2}, readerOf(slices.Concat(data[:footer], lying)))
		if n := s.Root.Fields[0].(*column.Ints); len(n.I32) != 300 || n.At(0) != 77_777 || n.High != 77_777 {
			t.Errorf("the greatest is said to be %d: %+v", lie, n)
		}
	}
}

// TestDirectManyTexts loads so many texts of dictionaries that codes are of all widths, and
// texts that are in order, equal across row groups, or nearly in order.
func TestDirectManyTexts(t *testing.T) {
	type row struct {
		Dict    string `parquet:"dict,dict"`
		Mid     string `parquet:"mid,dict"`
		Ordered string `parquet:"ordered"`
		Twice   string `parquet:"twice"`
		Mixed   string `parquet:"mixed"`
		Empty   string `parquet:"empty"`
	}
	rows := make([]row, 70_000)
	for i := range rows {
		rows[i] = row{
			Dict: fmt.Sprint("text ", i*7919%70_000), Mid: fmt.Sprint(i % 1000), Ordered: fmt.Sprintf("%06d", i), Twice: fmt.Sprintf("%06d", (i+1)/2),
			Mixed: fmt.Sprintf("%d@a.com", i*7919%70_000),
		}
	}
	for _, size := range []int{1000, 20_001, 100_000} {
		data := writeParquet(t, rows, groupsOf(size))
		s, _ := bothWays(t, load.Options{Threads: 2}, readerOf(data))
		for i, want := range map[int]bool{0: true, 1: false, 2: true, 3: false, 4: true, 5: false} {
			if _, got := s.Root.Fields[i].(*column.Texts); got != want {
				t.Errorf("field %s is in the order of the rows: %t", s.Schema.Fields[i].Name, got)
			}
		}
		end := load.KeepRowsFrom(len(rows) + 1)
		s, _ = bothWays(t, load.Options{Threads: 2}, readerOf(data))
		if n := s.Root.Fields[0].(*column.Strings); len(n.Codes.U32) != len(rows) || n.Dict.Len() != len(rows) {
			t.Errorf("%d texts", n.Dict.Len())
		}
		end()
	}
}

// TestDirectFiles loads columns of several files, of which one has no rows, one no row in
// some row groups, and one not all columns.
func TestDirectFiles(t *testing.T) {
	type part struct {
		Dict string `parquet:"dict,dict"`
		At   string `parquet:"at"`
		N    int64  `parquet:"n"`
	}
	type less struct {
		N int64 `parquet:"n"`
	}
	rows := make([]part, 500)
	for i := range rows {
		rows[i] = part{fmt.Sprint(i % 7), fmt.Sprintf("2026-01-%02d", 1+i%28), int64(i * 100)}
	}
	dir := t.TempDir()
	files := []string{
		writeFile(t, dir, "1.parquet", writeParquet(t, []part{})),
		writeFile(t, dir, "2.parquet", writeParquet(t, rows, groupsOf(100))),
		writeFile(t, dir, "3.parquet", writeParquet(t, []less{{1}, {-1 << 40}})),
		writeFile(t, dir, "4.parquet", writeParquet(t, rows[:50])),
	}
	for _, files := range [][]string{files, files[:2], files[1:], {files[3], files[0], files[1]}} {
		s, _ := bothWays(t, load.Options{Threads: 2}, func(o load.Options) (*column.Snapshot, *load.Report, error) {
			return load.Open(context.Background(), files, o)
		})
		if at := s.Schema.Field("at").Type; at.Kind != check.String {
			t.Errorf("texts that look like dates are %s", at)
		}
	}
}

// TestDirectCancel ends a load while columns are read.
func TestDirectCancel(t *testing.T) {
	data := writeParquet(t, profiles(5000), groupsOf(100))
	ctx, cancel := context.WithCancel(context.Background())
	o := load.Options{Threads: 2, Progress: func(read, _ int64) {
		if read > int64(len(data))/3 {
			cancel()
		}
	}}
	if _, _, err := load.Reader(ctx, bytes.NewReader(data), "parquet", "in", o); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// TestDirectMemory bounds what a load may hold at several places: it ends with an error
// that says what it needs, or it is done, and then it held no more.
func TestDirectMemory(t *testing.T) {
	t.Run("sorted", directMemory)
	defer load.KeepRowsFrom(1)()
	t.Run("rows", directMemory)
}

func directMemory(t *testing.T) {
	data := writeParquet(t, profiles(5000), groupsOf(500))
	_, report := mustRead(t, data, "parquet", load.Options{Threads: 2})
	for part := range 10 {
		memory := report.Peak * int64(part+1) / 8
		_, r, err := load.Reader(t.Context(), bytes.NewReader(data), "parquet", "in", load.Options{Threads: 2, Memory: memory})
		var full *load.MemoryError
		switch {
		case err != nil && (!errors.As(err, &full) || full.Limit != memory || full.Needs <= memory || full.Needs > 3*report.Peak):
			t.Errorf("%d bytes: %v", memory, err)
		case err == nil && r.Peak > memory, err != nil && part == 9, err == nil && part == 0:
			t.Errorf("%d bytes, and it takes %d: %v", memory, report.Peak, err)
		}
	}
}
