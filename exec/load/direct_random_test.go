package load_test

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/load"
	"pgregory.net/rapid"
)

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
	Attrs   *[]randomAttr `parquet:"attrs,optional,map"`
	Owned   []randomOwned `parquet:"owned,map"`
}

type randomAttr struct {
	Key   string `parquet:"key,dict"`
	Value *int64 `parquet:"value,optional"`
}

// randomOwned has keys that the file says may be null, and maps in a map.
type randomOwned struct {
	Key   *string       `parquet:"key,optional"`
	Value *randomThings `parquet:"value,optional"`
}

type randomThings struct {
	Names []string      `parquet:"names,list"`
	Of    *[]randomAttr `parquet:"of,optional,map"`
	Order *randomOrder  `parquet:"order,optional"`
	At    *time.Time    `parquet:"at,optional,timestamp(microsecond)"`
	OK    bool          `parquet:"ok"`
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
	twice   int   // of a hundred keys that a map has already: how many it gets again
	keyless bool  // some entries of maps have no key
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
	r.Attrs = some(f, f.attrs)
	f.entries(func(key string) {
		e := randomOwned{&key, some(f, f.things)}
		if f.keyless && f.IntN(50) == 0 {
			e.Key = nil
		}
		r.Owned = append(r.Owned, e)
	})
	return r
}

// entries calls add with the keys of a map.
func (f *randomFile) entries(add func(key string)) {
	had := map[string]bool{}
	for range [...]int{0, 1, 2, 4, 30}[f.IntN(5)] {
		key := f.text()
		if !had[key] || f.IntN(100) < f.twice {
			had[key] = true
			add(key)
		}
	}
}

func (f *randomFile) attrs() []randomAttr {
	all := []randomAttr{}
	f.entries(func(key string) { all = append(all, randomAttr{key, some(f, f.number)}) })
	return all
}

func (f *randomFile) things() randomThings {
	t := randomThings{Of: some(f, f.attrs), Order: some(f, func() randomOrder { return randomOrder{f.float()} }), At: some(f, f.time), OK: f.IntN(2) == 0}
	for range f.IntN(3) {
		t.Names = append(t.Names, f.text())
	}
	return t
}

// drawFile draws a file, of several row groups and pages, with or without rows.
func drawFile(r *rapid.T, t testing.TB) []byte {
	f := &randomFile{
		Rand: rand.New(rand.NewPCG(rapid.Uint64().Draw(r, "seed"), 7)), nulls: rapid.SampledFrom([]int{0, 1, 30, 100}).Draw(r, "nulls"),
		numbers: rapid.SampledFrom([]int64{2, 100, 30000, 1 << 30, 1 << 61}).Draw(r, "numbers"),
		texts:   rapid.SampledFrom([]int{1, 3, 300, 100000}).Draw(r, "texts"),
		dates:   rapid.SampledFrom([]int{0, 0, 0, 50, 100}).Draw(r, "dates"), odd: rapid.IntRange(0, 5).Draw(r, "odd") == 0,
		twice: rapid.SampledFrom([]int{0, 0, 1, 100}).Draw(r, "twice"), keyless: rapid.IntRange(0, 19).Draw(r, "keyless") == 0,
	}
	rows := make([]randomRow, rapid.SampledFrom([]int{0, 1, 20, 700}).Draw(r, "rows"))
	for i := range rows {
		rows[i] = f.row()
	}
	codecs := []compress.Compression{compress.Codecs.Snappy, compress.Codecs.Zstd, compress.Codecs.Uncompressed}
	versions := []parquet.DataPageVersion{parquet.DataPageV1, parquet.DataPageV2}
	options := []any{
		groupsOf(rapid.SampledFrom([]int{1, 7, 64, 300, 1000}).Draw(r, "rows of group") + len(rows)/50),
		parquet.WithDataPageSize(rapid.SampledFrom([]int64{64, 1000, 1 << 20}).Draw(r, "page")), parquet.WithBatchSize(16),
		parquet.WithDataPageVersion(rapid.SampledFrom(versions).Draw(r, "version")),
		parquet.WithCompression(rapid.SampledFrom(codecs).Draw(r, "codec")),
		parquet.WithDictionaryPageSizeLimit(rapid.SampledFrom([]int64{1 << 30, 1 << 30, 50, 2000}).Draw(r, "dictionary")),
	}
	if rapid.IntRange(0, 3).Draw(r, "without bounds") == 0 {
		options = append(options, parquet.WithStatsFor("small", false), parquet.WithStatsFor("delta", false))
	}
	return writeParquet(t, rows, options...)
}

// TestDirectRandom loads random files both ways, one and several as one table, by a
// random number of threads.
func TestDirectRandom(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		files, o := drawFiles(r, t, dir)
		bothWays(r, o, func(o load.Options) (*column.Snapshot, *load.Report, error) {
			return load.Open(context.Background(), files, o)
		})
	})
}

// TestDirectRandomRows loads any files with texts in the order of the rows, whichever seem
// to differ: the values are those of a load that sorts all.
func TestDirectRandomRows(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(r *rapid.T) {
		files, o := drawFiles(r, t, dir)
		want, expected, errWant := load.Open(context.Background(), files, o)
		for _, end := range []func() func(){func() func() { return func() {} }, load.ReadByLanes} {
			sorts, lanes := load.KeepRowsFrom(1), end()
			got, report, err := load.Open(context.Background(), files, o)
			lanes()
			sorts()
			if (err == nil) != (errWant == nil) {
				r.Fatalf("in rows: %v; sorted: %v", err, errWant)
			}
			if err != nil {
				continue
			}
			if err := column.Verify(got); err != nil {
				r.Fatal(err)
			}
			if a, b := typeText(got.Schema), typeText(want.Schema); a != b {
				r.Fatalf("the schema is\n%s, not\n%s", a, b)
			}
			for _, x := range []*load.Report{report, expected} {
				x.Peak, x.Elapsed, x.Columns = 0, 0, 0
			}
			if diff := cmp.Diff(expected, report); diff != "" {
				r.Fatalf("report (-sorted +rows)\n%s", diff)
			}
			if place := difference("", exectest.AsStrings(got).Root, want.Root); place != "" {
				r.Fatalf("the columns differ at %s", place)
			}
		}
	})
}

// drawFiles writes some files, and returns their names and how to load them.
func drawFiles(r *rapid.T, t *testing.T, dir string) ([]string, load.Options) {
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
	for _, field := range []string{"small", "score", "state", "home", "home.city", "tags", "events", "events.items", "date", "attrs", "owned", "owned{}.of"} {
		if rapid.IntRange(0, 19).Draw(r, "typed") == 0 {
			o.Types[field] = rapid.SampledFrom([]string{"text", "number", "timestamp", "boolean", "map", "object"}).Draw(r, field)
		}
	}
	return files, o
}
