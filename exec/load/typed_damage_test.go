package load_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
)

// damagedFormats are archives of files that are read as a format.
var damagedFormats = []struct{ format, archive string }{
	{"arrow", filepath.Join("testdata", "arrow", "matrix.zip")},
	{"avro", filepath.Join("testdata", "avro", "matrix.zip")},
}

// loadDamaged loads what may be damaged: an error or a good table, in bounded memory.
func loadDamaged(t testing.TB, format string, data []byte) error {
	t.Helper()
	s, _, err := load.Reader(context.Background(), bytes.NewReader(data), format, "in", load.Options{Threads: 1, Memory: 256 << 20})
	if err != nil {
		if strings.Contains(err.Error(), "internal error") {
			t.Error(err)
		}
		return err
	}
	if err := column.Verify(s); err != nil {
		t.Error(err)
	}
	return nil
}

// TestTypedDamage cuts files after some of their bytes, and turns bits over: each is an error
// or a table, never a crash. What is cut anywhere but between messages or blocks is an error.
func TestTypedDamage(t *testing.T) {
	t.Parallel()
	for _, d := range damagedFormats {
		eachOfZip(t, d.archive, "."+d.format, func(name string, data, _ []byte) {
			t.Run(d.format+"/"+name, func(t *testing.T) {
				step := max(1, len(data)/40)
				for n := step / 2; n < len(data); n += step {
					if err := loadDamaged(t, d.format, data[:n]); err == nil && strings.Contains(name, "file") {
						t.Errorf("cut after %d of %d bytes: no error", n, len(data))
					}
					broken := bytes.Clone(data)
					broken[n] ^= 1 << (n % 8)
					_ = loadDamaged(t, d.format, broken)
				}
			})
		})
	}
}

// TestTypedChanges reads files with bits and bytes changed. Each is an error or a good table,
// soon, without much memory.
func TestTypedChanges(t *testing.T) {
	for _, d := range damagedFormats {
		t.Run(d.format, func(t *testing.T) {
			var files [][]byte
			eachOfZip(t, d.archive, "."+d.format, func(_ string, data, _ []byte) { files = append(files, bytes.Clone(data)) })
			seed := uint64(time.Now().UnixNano())
			rnd := rand.New(rand.NewPCG(seed, 0))
			refused := 0
			for i := range damages() / 4 {
				damaged := damage(rnd, files[rnd.IntN(len(files))])
				if readDamaged(t, d.format, damaged) {
					refused++
				}
				if t.Failed() {
					name := filepath.Join(os.TempDir(), "damaged."+d.format)
					_ = os.WriteFile(name, damaged, 0o600)
					t.Fatalf("seed %d, case %d; it is %s", seed, i, name)
				}
			}
			t.Logf("%d files damaged, %d refused", damages()/4, refused)
		})
	}
}

// TestTypedMemory expects that a limit of memory is kept.
func TestTypedMemory(t *testing.T) {
	t.Parallel()
	for _, d := range damagedFormats {
		eachOfZip(t, d.archive, "."+d.format, func(name string, data, _ []byte) {
			if len(data) < 20_000 {
				return
			}
			_, _, err := load.Reader(context.Background(), bytes.NewReader(data), d.format, name, load.Options{Memory: 1 << 12})
			var full *load.MemoryError
			if !errors.As(err, &full) {
				t.Errorf("%s: %v", name, err)
			}
		})
	}
}

// TestMisnamed reads binary files that are called texts: an error, and no rows of rubbish.
func TestMisnamed(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"arrow/types.arrow", "avro/types.avro", "parquet/types.parquet"} {
		data, err := os.ReadFile(filepath.Join("testdata", filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range []string{"csv", "tsv", "json", "ndjson"} {
			_, _, err := load.Reader(context.Background(), bytes.NewReader(data), format, "in", load.Options{})
			if err == nil || !strings.Contains(err.Error(), "name it "+filepath.Ext(name)) {
				t.Errorf("%s as %s: %v", name, format, err)
			}
		}
	}
}
