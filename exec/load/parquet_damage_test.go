package load_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
)

// damages is how many damaged files are read: two thousand, or as many as
// SEGQ_PARQUET_DAMAGES says, also of other formats.
func damages() int {
	if n, err := strconv.Atoi(os.Getenv("SEGQ_PARQUET_DAMAGES")); err == nil {
		return n
	}
	return 2000
}

// TestParquetDamage reads files of the matrix with bits and bytes changed, and
// ends missing. Each is an error or a good table, soon, without much memory.
func TestParquetDamage(t *testing.T) {
	var files [][]byte
	var names []string
	eachOfMatrix(t, func(name string, data, _ []byte) {
		if len(data) < 60_000 {
			files, names = append(files, bytes.Clone(data)), append(names, name)
		}
	})
	seed := uint64(time.Now().UnixNano())
	rnd := rand.New(rand.NewPCG(seed, 0))
	refused := 0
	for i := range damages() {
		at := rnd.IntN(len(files))
		damaged := damage(rnd, files[at])
		if readDamaged(t, "parquet", damaged) {
			refused++
		}
		if t.Failed() {
			_ = os.WriteFile(os.TempDir()+"/damaged.parquet", damaged, 0o600)
			t.Fatalf("seed %d, case %d: %s; it is in %s/damaged.parquet", seed, i, names[at], os.TempDir())
		}
	}
	t.Logf("%d files damaged, %d refused", damages(), refused)
}

// TestDamagedBefore: files that were once not refused. Of values.parquet, a footer says more values than there is memory for.
func TestDamagedBefore(t *testing.T) {
	names, err := filepath.Glob("testdata/damaged/*")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !readDamaged(t, "parquet", data) {
			t.Errorf("%s is read", name)
		}
	}
}

// damage changes a few places, more often in the footer and in headers, where
// numbers say how long something is.
func damage(rnd *rand.Rand, data []byte) []byte {
	out := bytes.Clone(data)
	for range 1 + rnd.IntN(3) {
		at := rnd.IntN(len(out))
		if rnd.IntN(3) == 0 {
			at = max(0, len(out)-8-rnd.IntN(min(len(out), 20_000)))
		}
		switch rnd.IntN(5) {
		case 0:
			out[at] = byte(rnd.Uint32())
		case 1:
			out[at] = 0xff
		case 2:
			from := rnd.IntN(len(out))
			copy(out[at:], out[from:min(len(out), from+8)])
		default:
			out[at] ^= 1 << rnd.IntN(8)
		}
	}
	if rnd.IntN(50) == 0 {
		out = out[:rnd.IntN(len(out))]
	}
	return out
}

// readDamaged says whether a file was refused.
func readDamaged(t *testing.T, format string, data []byte) bool {
	t.Helper()
	const mostTime, mostBytes = 20 * time.Second, 1 << 30
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	began := time.Now()
	s, _, err := load.Reader(context.Background(), bytes.NewReader(data), format, "damaged", load.Options{Threads: 1})
	runtime.ReadMemStats(&after)
	if took := time.Since(began); took > mostTime {
		t.Errorf("it took %v", took)
	}
	if n := after.TotalAlloc - before.TotalAlloc; n > mostBytes {
		t.Errorf("it allocated %d bytes", n)
	}
	if err != nil {
		if strings.Contains(err.Error(), "internal error") {
			t.Error(err)
		}
		return true
	}
	if err := column.Verify(s); err != nil {
		t.Error(err)
	}
	return false
}

// TestParquetLeavesDisagree flips each bit of a file with lists: leaves of one
// list that tell different things of it are an error.
func TestParquetLeavesDisagree(t *testing.T) {
	data, err := os.ReadFile("testdata/parquet/list.parquet")
	if err != nil {
		t.Fatal(err)
	}
	disagree := 0
	for i := range 8 * len(data) {
		damaged := bytes.Clone(data)
		damaged[i/8] ^= 1 << (i % 8)
		s, _, err := load.Reader(context.Background(), bytes.NewReader(damaged), "parquet", "damaged", load.Options{})
		switch {
		case err == nil:
			if err := column.Verify(s); err != nil {
				t.Errorf("bit %d: %v", i, err)
			}
		case strings.Contains(err.Error(), "internal error"):
			t.Errorf("bit %d: %v", i, err)
		case strings.Contains(err.Error(), "the columns items[].a and items[].b disagree about items"):
			disagree++
		}
	}
	if disagree == 0 {
		t.Error("no bit made the leaves disagree")
	}
}
