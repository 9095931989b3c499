//go:build unix

package load_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/segq/segq/exec/load"
)

func pipe(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A pipe without a writer, or whose writer writes nothing, holds up nobody.
func TestPipesCanBeGivenUp(t *testing.T) {
	cause := errors.New("enough")
	for _, name := range []string{"in.ndjson", "in.csv", "in.json", "in.parquet", "in.ndjson.gz", "in"} {
		for _, written := range []bool{false, true} {
			path := pipe(t, name)
			ctx, cancel := context.WithCancelCause(t.Context())
			done := make(chan error)
			go func() {
				_, _, err := load.Open(ctx, []string{path}, load.Options{})
				done <- err
			}()
			if written { // opening it waits until it is being read
				f, err := os.OpenFile(path, os.O_WRONLY, 0)
				if err != nil {
					t.Fatal(err)
				}
				defer f.Close()
			}
			cancel(cause)
			if err := <-done; !errors.Is(err, cause) && !errors.Is(err, context.Canceled) {
				t.Errorf("%s, written to: %t: error %v", name, written, err)
			}
			if !written { // let the one who waits go
				f, err := os.OpenFile(path, os.O_RDWR, 0)
				if err != nil {
					t.Fatal(err)
				}
				f.Close()
			}
		}
	}
}

// What comes through a pipe needs no extension.
func TestPipesTellTheirFormat(t *testing.T) {
	rows := profiles(50)
	ndjson := writeNDJSON(t, rows)
	want, _ := mustRead(t, ndjson, "ndjson", load.Options{})
	for what, data := range map[string][]byte{
		"ndjson": ndjson, "gzip": gzipped(t, ndjson), "zstd": zstandard(t, ndjson),
		"json": append(append([]byte("["), bytes.ReplaceAll(bytes.TrimSpace(ndjson), []byte("\n"), []byte(",\n"))...), ']'),
	} {
		if s := openPipe(t, data); s != want.Fingerprint {
			t.Errorf("%s: fingerprint %s, want %s", what, s, want.Fingerprint)
		}
	}
	parquet := writeParquet(t, rows)
	same, _ := mustRead(t, parquet, "parquet", load.Options{})
	if s := openPipe(t, parquet); s != same.Fingerprint {
		t.Errorf("parquet: fingerprint %s, want %s", s, same.Fingerprint)
	}
	for text, format := range map[string]string{"a,b\n1,x\n": "csv", "a\tb\n1\tx, y\n": "tsv"} {
		table, _ := mustRead(t, []byte(text), format, load.Options{})
		if s := openPipe(t, []byte(text)); s != table.Fingerprint {
			t.Errorf("%s: fingerprint %s, want %s", format, s, table.Fingerprint)
		}
	}
}

// openPipe returns the fingerprint of what is loaded through a pipe.
func openPipe(t *testing.T, data []byte) string {
	t.Helper()
	path := pipe(t, "in")
	go func() { _ = os.WriteFile(path, data, 0o600) }() // the reader tells what is wrong
	s, _, err := load.Open(t.Context(), []string{path}, load.Options{})
	if err != nil {
		t.Error(err)
		return ""
	}
	return s.Fingerprint
}
