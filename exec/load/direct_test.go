package load_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
	"pgregory.net/rapid"
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

// difference gives the path of a leaf that is not the same in both columns.
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

// randomRow has leaves of all types that are read directly, and some that are not.
type randomRow struct {
	Small   int64         `parquet:"small"`
	Dict    *int64        `parquet:"dict,optional,dict"`
	Delta   int32         `parquet:"delta,delta"`
	U64     uint64        `parquet:"u64"`
	Score   *float64      `parquet:"score,optional"`
	Ratio   float32       `parquet:"ratio,dict"`
	OK      *bool         `parquet:"ok,optional"`
	At      *time.Time    `parquet:"at,optional,timestamp(microsecond)"`
	Day     int32         `parquet:"day,date"`
	ID      string        `parquet:"id"`
	Email   string        `parquet:"email,delta"`
	State   *string       `parquet:"state,optional,dict"`
	Plain   string        `parquet:"plain"`
	Date    *string       `parquet:"date,optional,dict"`
	Raw     []byte        `parquet:"raw"`
	Home    *randomHome   `parquet:"home,optional"`
	Tags    []string      `parquet:"tags,list"`
	Events  []randomEvent `parquet:"events,list"`
	Nothing *string       `parquet:"nothing,optional,dict"`
	Place   randomOrder   `parquet:"place"`
}

type randomHome struct {
	City *string  `parquet:"city,optional,dict"`
	Lat  *float64 `parquet:"lat,optional"`
}

type randomEvent struct {
	Type  *string      `parquet:"type,optional,dict"`
	At    time.Time    `parquet:"at,timestamp(millisecond)"`
	Order *randomOrder `parquet:"order,optional"`
	Items []randomItem `parquet:"items,list"`
}

type randomOrder struct {
	Total float64 `parquet:"total"`
}

type randomItem struct {
	SKU   string   `parquet:"sku,dict"`
	Count *int64   `parquet:"count,optional"`
	Price *float64 `parquet:"price,optional,dict"`
}

// randomFile says what the values of a file are like.
type randomFile struct {
	*rand.Rand
	nulls   int   // of a hundred
	numbers int64 // below which numbers are
	texts   int   // how many texts there are
	dates   int   // of a hundred texts
	odd     bool  // some texts are not UTF-8, and some numbers none
}

func some[T any](f *randomFile, value func() T) *T {
	if f.IntN(100) < f.nulls {
		return nil
	}
	v := value()
	return &v
}

func (f *randomFile) text() string {
	if f.odd && f.IntN(50) == 0 {
		return "\xff"
	}
	if f.IntN(100) < f.dates {
		return fmt.Sprintf("2026-01-%02d", 1+f.IntN(28))
	}
	return [...]string{"", "ü", "a\x00", "x"}[f.IntN(4)] + fmt.Sprint(f.IntN(f.texts))
}

func (f *randomFile) number() int64 { return f.Int64N(2*f.numbers) - f.numbers }

func (f *randomFile) float() float64 {
	if f.odd && f.IntN(20) == 0 {
		return math.NaN()
	}
	return float64(f.number()) / 4
}

func (f *randomFile) time() time.Time { return time.UnixMicro(f.Int64N(4e15) - 2e15).UTC() }

func (f *randomFile) row() randomRow {
	r := randomRow{
		Small: f.number(), Dict: some(f, f.number), Delta: int32(f.number()),
		Score: some(f, f.float), Ratio: float32(f.float()), OK: some(f, func() bool { return f.IntN(2) == 0 }),
		At: some(f, f.time), Day: f.Int32N(40000), ID: fmt.Sprint("p", f.Uint32()), Email: f.text() + "@",
		State: some(f, f.text), Place: randomOrder{f.float()}, Plain: f.text(), Date: some(f, func() string { return "2026-01-02" }), Raw: []byte(f.text()),
		Home: some(f, func() randomHome { return randomHome{some(f, f.text), some(f, f.float)} }), Tags: []string{}, Events: []randomEvent{},
	}
	if f.odd {
		r.U64 = f.Uint64()
	}
	for range f.IntN(3) {
		r.Tags = append(r.Tags, f.text())
	}
	for range f.IntN(4) {
		e := randomEvent{Type: some(f, f.text), At: f.time(), Order: some(f, func() randomOrder { return randomOrder{f.float()} }), Items: []randomItem{}}
		for range f.IntN(3) {
			e.Items = append(e.Items, randomItem{f.text(), some(f, f.number), some(f, f.float)})
		}
		r.Events = append(r.Events, e)
	}
	return r
}

// drawFile draws a file, of several row groups and pages, with or without rows.
func drawFile(r *rapid.T, t testing.TB) []byte {
	f := &randomFile{
		Rand: rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 7)), nulls: rapid.SampledFrom([]int{0, 1, 30, 100}).Draw(r, "nulls"),
		numbers: rapid.SampledFrom([]int64{2, 100, 30000, 1 << 30, 1 << 61}).Draw(r, "numbers"),
		texts:   rapid.SampledFrom([]int{1, 3, 300, 100000}).Draw(r, "texts"),
		dates:   rapid.SampledFrom([]int{0, 0, 0, 50, 100}).Draw(r, "dates"), odd: rapid.IntRange(0, 5).Draw(r, "odd") == 0,
	}
	rows := make([]randomRow, rapid.SampledFrom([]int{0, 1, 20, 700}).Draw(r, "rows"))
	for i := range rows {
		rows[i] = f.row()
	}
	options := []parquet.WriterOption{
		parquet.MaxRowsPerRowGroup(rapid.SampledFrom([]int64{1, 7, 64, 300, 1000}).Draw(r, "rows of group") + int64(len(rows)/50)),
		parquet.PageBufferSize(rapid.SampledFrom([]int{64, 1000, 1 << 20}).Draw(r, "page")),
		parquet.DataPageVersion(rapid.IntRange(1, 2).Draw(r, "version")),
		parquet.Compression(rapid.SampledFrom([]compress.Codec{&parquet.Snappy, &parquet.Zstd, &parquet.Uncompressed}).Draw(r, "codec")),
		parquet.DataPageStatistics(true), parquet.DictionaryMaxBytes(rapid.SampledFrom([]int64{0, 0, 50, 2000}).Draw(r, "dictionary")),
	}
	if rapid.IntRange(0, 3).Draw(r, "without bounds") == 0 {
		options = append(options, parquet.SkipPageBounds("small"), parquet.SkipPageBounds("delta"))
	}
	return writeParquet(t, rows, options...)
}

// TestDirectRandom loads random files both ways, one and several as one table, by a
// random number of threads.
func TestDirectRandom(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		var files []string
		for i := range rapid.SampledFrom([]int{1, 1, 2, 3}).Draw(r, "files") {
			files = append(files, writeFile(t, dir, fmt.Sprint(i, ".parquet"), drawFile(r, t)))
		}
		if rapid.IntRange(0, 4).Draw(r, "beside") == 0 {
			row := rapid.SampledFrom([]string{
				`{"small":1.5,"state":["x"],"home":[],"tags":"one","events":{"at":7},"date":"no","ok":1}`, `{"other":1,"home":{"city":2},"place":[{"total":1},{"x":2}]}`,
				`{"events":[{"type":null,"items":[{"sku":false}]}],"at":"2026-01-02","id":[["a"]]}`,
			}).Draw(r, "row")
			files = append(files, writeFile(t, dir, "beside.ndjson", []byte(row)))
		}
		o := load.Options{Threads: rapid.IntRange(1, 4).Draw(r, "threads"), Types: map[string]string{}}
		for _, field := range []string{"small", "score", "state", "home", "home.city", "tags", "events", "events.items", "date"} {
			if rapid.IntRange(0, 19).Draw(r, "typed") == 0 {
				o.Types[field] = rapid.SampledFrom([]string{"text", "number", "timestamp", "boolean", "map", "object"}).Draw(r, field)
			}
		}
		bothWays(r, o, func(o load.Options) (*column.Snapshot, *load.Report, error) {
			return load.Open(context.Background(), files, o)
		})
	})
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
	data := writeParquet(t, rows, parquet.MaxRowsPerRowGroup(100))
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
	for _, size := range []int64{1000, 20_001, 100_000} {
		data := writeParquet(t, rows, parquet.MaxRowsPerRowGroup(size))
		s, _ := bothWays(t, load.Options{Threads: 2}, readerOf(data))
		if n := s.Root.Fields[0].(*column.Strings); len(n.Codes.U32) != len(rows) || n.Dict.Len() != len(rows) {
			t.Errorf("%d texts", n.Dict.Len())
		}
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
		writeFile(t, dir, "2.parquet", writeParquet(t, rows, parquet.MaxRowsPerRowGroup(100))),
		writeFile(t, dir, "3.parquet", writeParquet(t, []less{{1}, {-1 << 40}})),
		writeFile(t, dir, "4.parquet", writeParquet(t, rows[:50])),
	}
	for _, files := range [][]string{files, files[:2], files[1:], {files[3], files[0], files[1]}} {
		s, _ := bothWays(t, load.Options{Threads: 2}, func(o load.Options) (*column.Snapshot, *load.Report, error) {
			return load.Open(context.Background(), files, o)
		})
		if at := s.Schema.Field("at").Type; at.Kind != check.Timestamp {
			t.Errorf("dates are %s", at)
		}
	}
}

// TestDirectCancel ends a load while columns are read.
func TestDirectCancel(t *testing.T) {
	data := writeParquet(t, profiles(5000), parquet.MaxRowsPerRowGroup(100))
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
	data := writeParquet(t, profiles(5000), parquet.MaxRowsPerRowGroup(500))
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
