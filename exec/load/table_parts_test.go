package load_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"
	"pgregory.net/rapid"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang/check"
)

// partsOf divides a table, of which there are several parts.
func partsOf(t testing.TB, table *load.Table, r *check.Reads, most int64) *load.Parts {
	t.Helper()
	parts, err := table.Parts(r, most)
	if err != nil || parts == nil {
		t.Fatal(parts, err)
	}
	return parts
}

// addUp counts what queries find in all parts, by as many readers as there are.
func addUp(ctx context.Context, parts *load.Parts, queries ...string) (rows int, counts []int, err error) {
	readers := parts.Readers(8)
	found, seen := make([][]int, len(readers)), make([]int, len(readers))
	g, ctx := errgroup.WithContext(ctx)
	for i, r := range readers {
		g.Go(func() error {
			defer r.Close()
			e := resident.Open(r, resident.Options{Threads: 1})
			defer e.Close()
			for {
				ok, err := r.Next(ctx)
				if err != nil || !ok {
					return err
				}
				some, err := counted(ctx, e, queries...)
				if err != nil {
					return err
				}
				found[i] = append(found[i], some...)
				seen[i] += r.Snapshot().Rows()
			}
		})
	}
	err = g.Wait()
	counts = make([]int, len(queries))
	for i := range readers {
		rows += seen[i]
		for k, n := range found[i] {
			counts[k%len(queries)] += n
		}
	}
	return rows, counts, err
}

// TestPartsOfSeveralFiles: what is counted in parts adds up to what is counted in the whole,
// where files do not have the same columns.
func TestPartsOfSeveralFiles(t *testing.T) {
	defer load.PoisonRooms()()
	files := someFiles(t)
	again := writeFile(t, t.TempDir(), "again.parquet", readFile(t, files[0]))
	for _, files := range [][]string{files[:1], files[1:2], {files[0], files[2]}, {files[2], files[0], again}} {
		table := openTable(t, load.Options{Threads: 2}, files...)
		whole := allOf(t, openTable(t, load.Options{Threads: 1}, files...))
		queries := []string{`home.city = "city 2"`, "home.isNull()", `home.city.contains("3")`}
		want := answers(t, whole, queries...)
		rows, got, err := addUp(t.Context(), partsOf(t, table, reads(t, whole, queries...), 1000), queries...)
		if err != nil || rows != whole.Rows() || !slices.Equal(got, want) {
			t.Errorf("%d rows of %d, %v, not %v (%v)", rows, whole.Rows(), got, want, err)
		}
		if parts, err := table.Parts(reads(t, whole, queries...), 1<<30); len(files) == 1 && parts != nil || err != nil {
			t.Errorf("parts of little, %v", err)
		}
	}
}

// partQueries are of all kinds of columns of a [randomRow].
var partQueries = []string{
	"small > 0", "dict < 3", "score >= 0.5", "ok", `state = "1"`, `state.contains("2")`, `plain.endsWith("0")`, `plain != "x1"`,
	`id.startsWith("p1")`, `email.contains("1")`, `home.city in ["0", "ü1", "x2"]`, "home.isNull()", "tags.count() > 1", `tags.contains("0")`,
	`attrs["0"].isNotNull()`, `attrs["1"].isNull()`, `owned["0"].isNotNull()`, `owned["x2"].isNull()`,
	`events.exists(type.contains("1"))`, "events[order.total > 0].count() >= 2", `events.exists(items.exists(sku = "x0"))`, "nothing.isNull()",
}

// TestPartsRandom reads random files in parts, whose values and answers are those of the whole
// table. What the parts before were read into is overwritten meanwhile.
func TestPartsRandom(t *testing.T) {
	defer load.PoisonRooms()()
	dir, parted := t.TempDir(), 0
	rapid.Check(t, func(r *rapid.T) {
		files, o := drawFiles(r, t, dir)
		files = slices.DeleteFunc(files, func(f string) bool { return f[len(f)-1] == 'n' })
		o.Types = nil
		if rapid.Bool().Draw(r, "in rows") {
			defer load.KeepRowsFrom(1)()
		}
		table, _, err := load.OpenTable(t.Context(), files, o)
		if err != nil {
			r.Skip(err)
		}
		defer table.Close()
		if _, _, err := load.Open(t.Context(), files, o); err != nil {
			r.Skip(err) // as of maps with an entry without a key
		}
		whole := allOf(t, openTable(t, o, files...))
		if whole.Rows() == 0 {
			return
		}
		most := rapid.SampledFrom([]int64{0, 100, 10_000, 1 << 20}).Draw(r, "most")
		query := rapid.SampledFrom(partQueries).Draw(r, "query")
		if parts, err := table.Parts(reads(t, whole, query, "true"), most); err != nil {
			r.Fatal(err)
		} else if parts != nil {
			parted++
			want := answers(t, whole, query, "true")
			rows, got, err := addUp(t.Context(), parts, query, "true")
			if errors.Is(err, load.ErrNotInParts) {
				return
			}
			if err != nil || rows != whole.Rows() || !slices.Equal(got, want) {
				r.Fatalf("%s: %d rows of %d, %v, not %v (%v)", query, rows, whole.Rows(), got, want, err)
			}
		}
		parts, err := table.Parts(&check.Reads{All: true}, most)
		if err != nil {
			r.Fatal(err)
		}
		if parts != nil {
			sameParts(r, t, parts, whole)
		}
	})
	if parted < 20 {
		t.Errorf("only %d tables had parts", parted)
	}
}

// sameParts holds all values of all parts against those of the whole table, unless that cannot be
// read in parts.
func sameParts(r *rapid.T, t *testing.T, parts *load.Parts, whole *column.Snapshot) {
	readers, rows, wrong := parts.Readers(8), 0, ""
	for i := 0; ; i++ {
		reader := readers[i%len(readers)]
		ok, err := reader.Next(t.Context())
		if errors.Is(err, load.ErrNotInParts) {
			return
		}
		if err != nil {
			r.Fatal(err)
		}
		if !ok {
			break
		}
		s := reader.Snapshot()
		if err := column.Verify(s); err != nil {
			r.Fatal(err)
		}
		for row := 0; row < s.Rows() && wrong == ""; row++ {
			if diff := cmp.Diff(decoded(t, whole, reader.First()+row), decoded(t, s, row)); diff != "" {
				wrong = fmt.Sprintf("row %d of the part from %d on (-whole +part)\n%s", row, reader.First(), diff)
			}
		}
		rows += s.Rows()
	}
	for _, reader := range readers {
		reader.Close()
	}
	if rows != whole.Rows() || wrong != "" {
		r.Fatalf("%d rows of %d; %s", rows, whole.Rows(), wrong)
	}
}

// somePart reads a part of a file of several, with what may be done before the next.
func somePart(t *testing.T) (file string, next func(context.Context) error) {
	t.Helper()
	file = someFiles(t)[0]
	table := openTable(t, load.Options{Threads: 1}, file)
	reader := partsOf(t, table, reads(t, table.Snapshot(), "n > 40", `home.city = "city 2"`), 0).Readers(8)[0]
	t.Cleanup(func() { reader.Close() })
	next = func(ctx context.Context) error {
		_, err := reader.Next(ctx)
		return err
	}
	if err := next(t.Context()); err != nil {
		t.Fatal(err)
	}
	return file, next
}

// TestPartsEnd: what ends the reading of a part is told, and by which file.
func TestPartsEnd(t *testing.T) {
	_, next := somePart(t)
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(cause)
	if err := next(ctx); !errors.Is(err, cause) && !errors.Is(err, context.Canceled) {
		t.Error(err)
	}

	file, next := somePart(t)
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(file, time.Time{}, info.ModTime().Add(time.Second)); err != nil {
		t.Fatal(err)
	}
	if err := next(t.Context()); !errors.Is(err, load.ErrChanged) || !strings.Contains(err.Error(), file) {
		t.Error(err)
	}
}

// TestPartsOfDamagedFile: the row groups before one that is damaged can be read, and it is an
// error that names the file.
func TestPartsOfDamagedFile(t *testing.T) {
	file := someFiles(t)[0]
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	at := len(data) / 3 // the groups are alike, and the footer is short
	copy(data[at:], bytes.Repeat([]byte{0xff}, len(data)/3))
	damaged := writeFile(t, t.TempDir(), "damaged.parquet", data)
	table := openTable(t, load.Options{Threads: 1}, damaged)
	_, _, err = addUp(t.Context(), partsOf(t, table, reads(t, table.Snapshot(), "n > 40", `_id != "x"`), 0), "n > 40", `_id != "x"`)
	if err == nil || !strings.Contains(err.Error(), damaged) || !strings.Contains(err.Error(), "damaged:") {
		t.Error(err)
	}
}

// TestPartsInLittleMemory: what a part needs too much of is an error that says how much.
func TestPartsInLittleMemory(t *testing.T) {
	file := someFiles(t)[0]
	for memory, enough := range map[int64]bool{3000: false, 1 << 20: true} {
		table := openTable(t, load.Options{Threads: 2, Memory: memory}, file)
		_, got, err := addUp(t.Context(), partsOf(t, table, reads(t, table.Snapshot(), "n >= 40"), 0), "n >= 40")
		var full *load.MemoryError
		if enough && (err != nil || got[0] != 260) || !enough && !errors.As(err, &full) {
			t.Errorf("%d bytes: %v, %v", memory, got, err)
		}
	}
}

// TestPartsKeepDictionaries: what was made of a dictionary is good for the parts that have no
// other texts, and for no others; what was made of a column is good for no other part.
func TestPartsKeepDictionaries(t *testing.T) {
	type row struct {
		S string `parquet:"s,dict"`
	}
	var rows []row
	for _, texts := range [][]string{{"b", "a"}, {"a", "b"}, {"a"}, {"c", "b"}, {"b", "c"}} {
		for i := range 100 {
			rows = append(rows, row{texts[i%len(texts)]})
		}
	}
	file := writeFile(t, t.TempDir(), "1.parquet", writeParquet(t, rows, groupsOf(100)))
	table := openTable(t, load.Options{Threads: 1}, file)
	reader := partsOf(t, table, &check.Reads{All: true}, 0).Readers(8)[0]
	defer reader.Close()
	var dicts []*column.Dict
	var epochs, parts []int
	for {
		if ok, err := reader.Next(t.Context()); err != nil {
			t.Fatal(err)
		} else if !ok {
			break
		}
		s := reader.Snapshot()
		dicts = append(dicts, s.Root.Fields[0].(*column.Strings).Dict)
		epochs, parts = append(epochs, s.Epoch), append(parts, s.Part)
	}
	if len(parts) != 5 || dicts[0] != dicts[1] || dicts[0] != dicts[2] || dicts[3] != dicts[4] || dicts[0] == dicts[3] {
		t.Fatal(parts, dicts)
	}
	first := epochs[0]
	if want := []int{first, first, first, first + 1, first + 1}; !slices.Equal(epochs, want) {
		t.Errorf("epochs %v, not %v", epochs, want)
	}
	if !slices.Equal(parts, []int{1, 2, 3, 4, 5}) {
		t.Errorf("parts %v", parts)
	}
}
