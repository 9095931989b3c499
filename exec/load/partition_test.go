package load_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/exec/resident"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// parted is a row, with what is said by folders.
type parted struct {
	partedRow
	keys partedKeys
}

// partedRow is what files have.
type partedRow struct {
	N int64  `parquet:"n" json:"n"`
	S string `parquet:"s" json:"s"`
}

// partedKeys are the names of folders; "" for the folder of those that have no value.
type partedKeys struct{ year, code, share, day, on string }

var partedCodes = []string{"01", "a/b=c d%", "Köln", "2024-01-01", "", "x.y"}

func partedRows(rng *rand.Rand) []parted {
	rows := make([]parted, 120)
	for i := range rows {
		k := partedKeys{
			year: fmt.Sprint(2020 + rng.IntN(4)), code: partedCodes[rng.IntN(len(partedCodes))],
			share: []string{"1", "2.5"}[rng.IntN(2)], day: []string{"2024-01-31", "2024-02-29"}[rng.IntN(2)],
			on: []string{"true", "false"}[rng.IntN(2)],
		}
		rows[i] = parted{partedRow{int64(i), fmt.Sprint("s", i%7)}, k}
	}
	return rows
}

// folder returns the folders of keys.
func (k partedKeys) folder() string {
	path := ""
	for _, s := range [][2]string{{"year", k.year}, {"code", k.code}, {"share", k.share}, {"day", k.day}, {"on", k.on}} {
		value := url.PathEscape(s[1])
		if s[1] == "" {
			value = "__HIVE_DEFAULT_PARTITION__"
		}
		path = filepath.Join(path, s[0]+"="+strings.ReplaceAll(value, "=", "%3D"))
	}
	return path
}

// writeParted writes rows into folders below dir, in files of the formats.
func writeParted(t *testing.T, dir string, rows []parted, rng *rand.Rand, formats ...string) {
	t.Helper()
	byFolder := map[string][]parted{}
	for _, r := range rows {
		byFolder[r.keys.folder()] = append(byFolder[r.keys.folder()], r)
	}
	for folder, rows := range byFolder {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o700); err != nil {
			t.Fatal(err)
		}
		format := formats[rng.IntN(len(formats))]
		var data []byte
		switch format {
		case "parquet":
			var bare []partedRow
			for _, r := range rows {
				bare = append(bare, r.partedRow)
			}
			data = writeParquet(t, bare, groupsOf(1+rng.IntN(4)))
		case "csv":
			data = []byte("n,s\n")
			for _, r := range rows {
				data = fmt.Appendf(data, "%d,%s\n", r.N, r.S)
			}
		case "ndjson":
			for _, r := range rows {
				line, _ := json.Marshal(r.partedRow)
				data = append(append(data, line...), '\n')
			}
		}
		writeFile(t, filepath.Join(dir, folder), "f."+format, data)
	}
	writeFile(t, dir, "_SUCCESS", nil)
	writeFile(t, dir, ".part.crc", []byte("x"))
}

// want is the row as JSON says it.
func (r parted) want() map[string]any {
	year, share := 0.0, 0.0
	fmt.Sscan(r.keys.year, &year)
	fmt.Sscan(r.keys.share, &share)
	m := map[string]any{
		"n": float64(r.N), "s": r.S, "year": year, "share": share, "on": r.keys.on == "true", "day": r.keys.day + "T00:00:00Z",
	}
	if r.keys.code != "" {
		m["code"] = r.keys.code
	}
	return m
}

// TestPartitions: folders that say the value of a field are columns, in all formats.
func TestPartitions(t *testing.T) {
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(seed, 16))
		rows := partedRows(rng)
		formats := [][]string{{"parquet"}, {"csv"}, {"ndjson"}, {"parquet", "csv", "ndjson"}}[seed%4]
		dir := t.TempDir()
		writeParted(t, dir, rows, rng, formats...)
		table := openTable(t, load.Options{Threads: 2}, dir)
		s := allOf(t, table)
		if err := column.Verify(s); err != nil {
			t.Fatal(seed, err)
		}
		var got, want []map[string]any
		for i := range s.Rows() {
			m := map[string]any{}
			if err := json.Unmarshal(column.AppendJSON(nil, s.Root, i, s.Schema), &m); err != nil {
				t.Fatal(err)
			}
			got = append(got, m)
		}
		for _, r := range rows {
			want = append(want, r.want())
		}
		slices.SortFunc(got, func(a, b map[string]any) int { return int(a["n"].(float64) - b["n"].(float64)) })
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("seed %d, %v: %s", seed, formats, d)
		}
	}
}

func openParted(t *testing.T, dir string) *load.Table {
	t.Helper()
	table, _, err := load.OpenTable(t.Context(), []string{dir}, load.Options{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	return table
}

// TestPartitionsPruned: folders of which a rule wants none are not read, and the counts are
// those of the whole.
func TestPartitionsPruned(t *testing.T) {
	for seed := range uint64(4) {
		rng := rand.New(rand.NewPCG(seed, 17))
		rows := partedRows(rng)
		dir := t.TempDir()
		writeParted(t, dir, rows, rng, "parquet")
		for text, meets := range map[string]func(r parted) bool{
			"year = 2021":                            func(r parted) bool { return r.keys.year == "2021" },
			"year >= 2022 and n < 60":                func(r parted) bool { return r.keys.year >= "2022" && r.N < 60 },
			`code = "01" or code = "Köln"`:           func(r parted) bool { return r.keys.code == "01" || r.keys.code == "Köln" },
			`code in ["a/b=c d%"] and share = 2.5`:   func(r parted) bool { return r.keys.code == "a/b=c d%" && r.keys.share == "2.5" },
			"on = true and year = 2020":              func(r parted) bool { return r.keys.on == "true" && r.keys.year == "2020" },
			`day occurs < 2 days after "2024-02-28"`: func(r parted) bool { return r.keys.day == "2024-02-29" },
			`code.isNull() and year = 2023`:          func(r parted) bool { return r.keys.code == "" && r.keys.year == "2023" },
		} {
			want, others := 0, 0
			for _, r := range rows {
				if meets(r) {
					want++
				}
			}
			table := openParted(t, dir)
			q, ds := lang.Compile(text, column.Catalog{Snapshot: table.Snapshot()}, check.Options{})
			if ds.Failed() {
				t.Fatal(text, ds)
			}
			narrow, others, err := table.Narrow([]check.Node{q.Cond}, time.Unix(1_800_000_000, 0).UnixMilli())
			if err != nil || narrow == nil || others < len(rows)/5 {
				t.Errorf("%s: %v, %d others", text, err, others)
				continue
			}
			for _, from := range []*load.Table{narrow, table} {
				e := resident.Open(from, resident.Options{Threads: 1})
				if got, err := counted(t.Context(), e, text); err != nil || got[0] != want {
					t.Errorf("seed %d, %s: %v, want %d (%v)", seed, text, got, want, err)
				}
				e.Close()
			}
			again := openParted(t, dir)
			if parts, err := again.Parts(check.ReadsOf(q.Cond), 1); err != nil {
				t.Error(err)
			} else if parts != nil {
				if n, got, err := addUp(t.Context(), parts, text); err != nil || got[0] != want || n != len(rows) {
					t.Errorf("seed %d, %s in parts: %v of %d, want %d (%v)", seed, text, got, n, want, err)
				}
			}
			_, _ = table.Close(), again.Close() // before there are too many files
		}
	}
}

// Files that hold what their folder says have no other values: booleans, and nulls.
func TestPartitionsInFiles(t *testing.T) {
	for _, folder := range []string{"bools", "nulls"} {
		table := openTable(t, load.Options{Threads: 2}, "testdata/partitions/"+folder)
		if notes := table.Report().Notes; len(notes) > 0 {
			t.Error(folder, notes)
		}
	}
	name := filepath.Join(t.TempDir(), "b=true", "x.parquet")
	if err := os.Mkdir(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile("testdata/partitions/bools/b=false/00000000.parquet")
	if err == nil {
		err = os.WriteFile(name, b, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if notes := openTable(t, load.Options{Threads: 2}, name).Report().Notes; len(notes) != 1 || !strings.Contains(notes[0], "with other values") {
		t.Error(notes)
	}
}
