package load_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/compress"
	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
)

type parquetItem struct {
	SKU      string   `parquet:"SKU,dict" json:"SKU"`
	Price    *float64 `parquet:"price,optional" json:"price,omitempty"`
	Category []string `parquet:"category,list" json:"category"`
}

type parquetEvent struct {
	Timestamp time.Time      `parquet:"timestamp,timestamp(millisecond)" json:"timestamp"`
	Type      string         `parquet:"eventType,dict" json:"eventType"`
	Items     []parquetItem  `parquet:"items" json:"items"`
	Order     *parquetOrder  `parquet:"order,optional" json:"order,omitempty"`
	Views     map[string]int `parquet:"identityMap" json:"identityMap"`
}

type parquetOrder struct {
	Total float64 `parquet:"total" json:"total"`
	Paid  bool    `parquet:"paid" json:"paid"`
}

type parquetProfile struct {
	ID     string         `parquet:"_id" json:"_id"`
	Age    *int32         `parquet:"age,optional" json:"age,omitempty"`
	Joined string         `parquet:"joined" json:"joined"`
	Home   *parquetHome   `parquet:"home,optional" json:"home,omitempty"`
	Tags   []string       `parquet:"tags" json:"tags"`
	Events []parquetEvent `parquet:"xEvent" json:"xEvent"`
	Never  *string        `parquet:"never,optional" json:"never,omitempty"`
}

type parquetHome struct {
	City *string `parquet:"city,optional" json:"city,omitempty"`
}

func profiles(n int) []parquetProfile {
	out := make([]parquetProfile, n)
	for i := range out {
		p := &out[i]
		p.ID = fmt.Sprintf("p-%05d", i)
		p.Joined = time.UnixMilli(int64(i) * 86_400_000).UTC().Format("2006-01-02")
		p.Tags = []string{}
		p.Events = []parquetEvent{}
		if i%3 == 0 {
			age := int32(i % 90)
			p.Age = &age
			p.Tags = []string{"a", fmt.Sprint(i % 7)}
		}
		if i%4 != 0 {
			p.Home = &parquetHome{}
			if i%4 == 1 {
				city := "Köln"
				p.Home.City = &city
			}
		}
		for k := range i % 5 {
			e := parquetEvent{
				Timestamp: time.UnixMilli(1_700_000_000_000 + int64(i*1000+k)).UTC(),
				Type:      []string{"view", "buy"}[k%2], Items: []parquetItem{}, Views: map[string]int{},
			}
			if k%2 == 1 {
				e.Order = &parquetOrder{Total: float64(i) + 0.5, Paid: i%2 == 0}
				e.Views["ns"] = i
			}
			for j := range k {
				item := parquetItem{SKU: fmt.Sprint("sku", j), Category: []string{}}
				if j > 0 {
					price := float64(j) + 0.25
					item.Price = &price
					item.Category = []string{"x", "y"}
				}
				e.Items = append(e.Items, item)
			}
			p.Events = append(p.Events, e)
		}
	}
	return out
}

func writeNDJSON[T any](t testing.TB, rows []T) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	for _, r := range rows {
		if err := e.Encode(r); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// decoded returns a profile as encoding/json reads what is written of it, where
// the order of fields does not count.
func decoded(t testing.TB, s *column.Snapshot, row int) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(column.AppendJSON(nil, s.Root, row, s.Schema), &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func mustRead(t testing.TB, data []byte, format string, o load.Options) (*column.Snapshot, *load.Report) {
	t.Helper()
	s, r := mustLoad(t, data, format, o)
	if err := column.Verify(s); err != nil {
		t.Fatal(err)
	}
	return s, r
}

func mustLoad(t testing.TB, data []byte, format string, o load.Options) (*column.Snapshot, *load.Report) {
	t.Helper()
	s, r, err := load.Reader(context.Background(), bytes.NewReader(data), format, "in."+format, o)
	if err != nil {
		t.Fatal(err)
	}
	return s, r
}

// TestParquetEqualsNDJSON loads the same rows from both formats, with pages and
// row groups of several sizes.
func TestParquetEqualsNDJSON(t *testing.T) {
	rows := profiles(1000)
	want, _ := mustRead(t, writeNDJSON(t, rows), "ndjson", load.Options{Types: map[string]string{"joined": "text"}})
	for name, options := range map[string][]any{
		"one group":   nil,
		"many groups": {groupsOf(37)},
		"small pages": {parquet.WithDataPageSize(256), parquet.WithBatchSize(16), parquet.WithDataPageVersion(parquet.DataPageV1)},
		"zstd":        {parquet.WithCompression(compress.Codecs.Zstd)},
	} {
		t.Run(name, func(t *testing.T) {
			got, r := mustRead(t, writeParquet(t, rows, options...), "parquet", load.Options{Threads: 2})
			if r.Rows != len(rows) || r.Rejected != 0 {
				t.Fatalf("report %+v", r)
			}
			for i := range rows {
				if diff := cmp.Diff(decoded(t, want, i), decoded(t, got, i)); diff != "" {
					t.Fatalf("row %d (-NDJSON +Parquet)\n%s", i, diff)
				}
			}
			if got.Fingerprint != want.Fingerprint {
				t.Errorf("fingerprint %s, of the NDJSON %s", got.Fingerprint, want.Fingerprint)
			}
			if got.EventsField.Name != "xEvent" || got.ID.Name != "_id" {
				t.Errorf("events %v, id %v", got.EventsField, got.ID)
			}
		})
	}
}

func TestParquetTypes(t *testing.T) {
	type row struct {
		I8      int8              `parquet:"i8"`
		U32     uint32            `parquet:"u32"`
		U64     uint64            `parquet:"u64"`
		F32     float32           `parquet:"f32"`
		Dec     int64             `parquet:"dec,decimal(2:18)"`
		Date    int32             `parquet:"date,date"`
		Micros  time.Time         `parquet:"micros,timestamp(microsecond)"`
		Nanos   time.Time         `parquet:"nanos,timestamp(nanosecond)"`
		UUID    [16]byte          `parquet:"uuid,uuid"`
		Enum    string            `parquet:"enum,enum"`
		Text    []byte            `parquet:"text"`
		Map     map[string]string `parquet:"map"`
		Pointer *bool             `parquet:"pointer,optional"`
	}
	at := time.Date(1969, 12, 31, 23, 59, 59, 999_500_000, time.UTC)
	yes := true
	data := writeParquet(t, []row{{
		I8: -7, U32: 4_000_000_000, U64: 1 << 63, F32: 0.5, Dec: 1999, Date: 1, Micros: at, Nanos: at,
		UUID: [16]byte{0x12, 15: 0xff}, Enum: "gold", Text: []byte("plain"), Map: map[string]string{"k": "v"}, Pointer: &yes,
	}})
	s, _ := mustRead(t, data, "parquet", load.Options{})
	want := `{"i8":-7,"u32":4000000000,"u64":"9223372036854775808","f32":0.5,"dec":19.99,"date":"1970-01-02T00:00:00Z",` +
		`"micros":"1969-12-31T23:59:59.999Z","nanos":"1969-12-31T23:59:59.999Z",` +
		`"uuid":"12000000-0000-0000-0000-0000000000ff","enum":"gold","text":"plain","map":{"k":"v"},"pointer":true}`
	if got := string(column.AppendJSON(nil, s.Root, 0, s.Schema)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestParquetWithoutRows(t *testing.T) {
	s, _ := mustRead(t, writeParquet(t, []parquetProfile{}), "parquet", load.Options{})
	if s.Rows() != 0 || s.Schema.Field("never") == nil {
		t.Errorf("%d rows, never is %v", s.Rows(), s.Schema.Field("never"))
	}
}

func TestParquetBad(t *testing.T) {
	good := writeParquet(t, profiles(200))
	for name, data := range map[string][]byte{
		"text": []byte("PAR1 but not really"), "cut": good[:len(good)/2],
	} {
		if _, _, err := load.Reader(context.Background(), bytes.NewReader(data), "parquet", "bad.parquet", load.Options{}); err == nil ||
			!strings.HasPrefix(err.Error(), "bad.parquet: ") {
			t.Errorf("%s: error %v", name, err)
		}
	}
	// Whatever byte is changed: an error or a table, never a crash.
	for i := 4; i < len(good); i += 41 {
		damaged := bytes.Clone(good)
		damaged[i] ^= 0x5a
		_, _, _ = load.Reader(context.Background(), bytes.NewReader(damaged), "parquet", "damaged", load.Options{})
	}
}

// TestParquetBytes loads bytes that are no text: all of the column becomes
// hexadecimal, in whatever row group the others are.
func TestParquetBytes(t *testing.T) {
	type row struct {
		Name []byte `parquet:"name"`
	}
	data := writeParquet(t, []row{{[]byte("ab")}, {[]byte{0xff, 0xfe}}, {nil}}, groupsOf(1))
	s, r := mustRead(t, data, "parquet", load.Options{})
	for i, want := range []string{`{"name":"6162"}`, `{"name":"fffe"}`, `{"name":""}`} {
		if got := string(column.AppendJSON(nil, s.Root, i, s.Schema)); got != want {
			t.Errorf("row %d is %s, not %s", i, got, want)
		}
	}
	if want := []string{"name is bytes that are no UTF-8 text: they are read as hexadecimal digits"}; !cmp.Equal(r.Notes, want) {
		t.Errorf("notes %q", r.Notes)
	}
}

func TestFilesOfBothFormats(t *testing.T) {
	dir := t.TempDir()
	rows := profiles(50)
	for name, data := range map[string][]byte{
		"1.parquet": writeParquet(t, rows[:20]), "2.ndjson": writeNDJSON(t, rows[20:]),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	asText := load.Options{Types: map[string]string{"joined": "text"}}
	s, r, err := load.Open(context.Background(), []string{filepath.Join(dir, "*")}, asText)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := mustRead(t, writeNDJSON(t, rows), "ndjson", asText)
	if s.Fingerprint != want.Fingerprint || len(r.Files) != 2 || r.Files[1].Rows != 30 {
		t.Errorf("fingerprint %s, want %s; files %v", s.Fingerprint, want.Fingerprint, r.Files)
	}
}

// TestParquetBadTexts loads bytes that are said to be texts and are not UTF-8:
// they are null, the others stay what they are.
func TestParquetBadTexts(t *testing.T) {
	type row struct {
		Name string   `parquet:"name,dict"`
		Tags []string `parquet:"tags,list"`
	}
	data := writeParquet(t, []row{{"ab", []string{"x", "\xff"}}, {"\xff", []string{"\xfe\xff"}}, {"c", nil}})
	s, _ := mustRead(t, data, "parquet", load.Options{})
	for i, want := range []string{`{"name":"ab","tags":["x",null]}`, `{"tags":[null]}`, `{"name":"c","tags":[]}`} {
		if got := string(column.AppendJSON(nil, s.Root, i, s.Schema)); got != want {
			t.Errorf("row %d is %s, not %s", i, got, want)
		}
	}
}

// TestParquetObjectBesideLists loads objects of Parquet which are lists of one, as those of
// another file are lists.
func TestParquetObjectBesideLists(t *testing.T) {
	type home struct {
		City string `parquet:"city"`
	}
	type row struct {
		Home home `parquet:"home"`
	}
	dir := t.TempDir()
	files := []string{
		writeFile(t, dir, "1.parquet", writeParquet(t, []row{{home{"a"}}, {home{"b"}}})),
		writeFile(t, dir, "2.ndjson", []byte(strings.Repeat(`{"home":[{"city":"c"},{"city":"d"}]}`+"\n", 3))),
	}
	s, _, err := load.Open(context.Background(), files, load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := column.Verify(s); err != nil {
		t.Error(err)
	}
	for i, want := range []string{`{"home":[{"city":"a"}]}`, `{"home":[{"city":"b"}]}`, `{"home":[{"city":"c"},{"city":"d"}]}`} {
		if got := string(column.AppendJSON(nil, s.Root, i, s.Schema)); got != want {
			t.Errorf("row %d is %s, not %s", i, got, want)
		}
	}
}

// TestParquetBadKeys loads a map whose keys are not all UTF-8: its entries stay.
func TestParquetBadKeys(t *testing.T) {
	type row struct {
		M map[string]int `parquet:"m"`
	}
	s, r := mustRead(t, writeParquet(t, []row{{map[string]int{"a\xff": 1}}, {map[string]int{"b": 2}}}), "parquet", load.Options{})
	for i, want := range []string{`{"m":{"a�":1}}`, `{"m":{"b":2}}`} {
		if got := string(column.AppendJSON(nil, s.Root, i, s.Schema)); got != want {
			t.Errorf("row %d is %s, not %s", i, got, want)
		}
	}
	if want := []string{"m{key}: some keys are no UTF-8 text: what is wrong in them is read as U+FFFD"}; !cmp.Equal(r.Notes, want) {
		t.Errorf("notes %q", r.Notes)
	}
}
