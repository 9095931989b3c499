package load_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/segq/segq/exec/load"
)

// compressedFiles returns the files that tools have made of testdata/compressed/plain.csv, by name.
func compressedFiles(t *testing.T) (plain []byte, files map[string][]byte) {
	t.Helper()
	files = map[string][]byte{}
	for _, pattern := range []string{"*.lz4", "*.bz2", "*.xz"} {
		names, err := filepath.Glob(filepath.Join("testdata", "compressed", pattern))
		if err != nil || len(names) < 4 {
			t.Fatalf("%s: %d files, %v", pattern, len(names), err)
		}
		for _, name := range names {
			files[filepath.Base(name)] = readFile(t, name)
		}
	}
	return readFile(t, filepath.Join("testdata", "compressed", "plain.csv")), files
}

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// compressedRefusals are the files that are refused whole.
var compressedRefusals = map[string]string{
	"legacy.csv.lz4": "the lz4 data is in the legacy format",
	"wide.csv.xz":    "the xz data takes more than 128 MiB to unpack",
}

// fingerprintOf loads a file that has the given contents.
func fingerprintOf(t *testing.T, dir, name string, data []byte) (fingerprint string, rows int, err error) {
	t.Helper()
	s, r, err := load.Open(t.Context(), []string{writeFile(t, dir, name, data)}, load.Options{Threads: 1})
	if err != nil {
		return "", 0, err
	}
	return s.Fingerprint, r.Rows, nil
}

// What other tools have compressed is what it was, by the name of the file and through a
// pipe; two such files in a row are one.
func TestCompressedByTools(t *testing.T) {
	dir := t.TempDir()
	plain, files := compressedFiles(t)
	want, _ := mustRead(t, plain, "csv", load.Options{})
	twice := append(bytes.Clone(plain), bytes.TrimPrefix(plain, []byte("id,name,score\n"))...)
	double, _ := mustRead(t, twice, "csv", load.Options{})
	for name, data := range files {
		got, _, err := fingerprintOf(t, dir, name, data)
		if refusal := compressedRefusals[name]; refusal != "" {
			if err == nil || !strings.Contains(err.Error(), refusal) {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if err != nil || got != want.Fingerprint {
			t.Errorf("%s: fingerprint %s, want %s; %v", name, got, want.Fingerprint, err)
		}
		// The second header is a row with a text in each column.
		if _, rows, err := fingerprintOf(t, dir, name, append(bytes.Clone(data), data...)); err != nil || rows != double.Rows()+1 {
			t.Errorf("%s twice: %d rows, want %d; %v", name, rows, double.Rows()+1, err)
		}
		if _, _, err := fingerprintOf(t, dir, name, append(bytes.Clone(data), "more than twelve bytes"...)); err == nil || !strings.Contains(err.Error(), "something else follows") {
			t.Errorf("%s with something behind it: %v", name, err)
		}
	}
}

// A file that is cut anywhere is an error, and so is one bit that is wrong unless the
// contents are the same. Without checksums any contents are possible, but no cut.
func TestCompressedDamage(t *testing.T) {
	plain, files := compressedFiles(t)
	for name, data := range files {
		if compressedRefusals[name] != "" || strings.HasSuffix(name, ".bz2") && name != "tool.csv.bz2" {
			continue
		}
		for i := range data {
			if name == "skipped.csv.lz4" && (i == 13 || i == len(data)-13) {
				continue // whole frames, the last of which holds nothing
			}
			if out, err := unpack(name, data[:i]); err == nil {
				t.Errorf("%s cut after %d of %d bytes: %d bytes, and no error", name, i, len(data), len(out))
			}
			if name == "arrow.csv.lz4" {
				continue // it has no checksums
			}
			damaged := bytes.Clone(data)
			damaged[i] ^= 1 << (i % 8)
			if out, err := unpack(name, damaged); err == nil && !bytes.Equal(out, plain) {
				t.Errorf("%s with bit %d of byte %d wrong: other contents without an error", name, i%8, i)
			}
		}
	}
}

// unpack returns what was compressed.
func unpack(name string, data []byte) ([]byte, error) {
	_, plain := load.Uncompressed(name)
	r, err := plain(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(r)
	return out, errors.Join(err, r.Close())
}

// What is not compressed as its name says, or at all, is told in words.
func TestCompressedWrongly(t *testing.T) {
	dir := t.TempDir()
	_, files := compressedFiles(t)
	for extension, name := range map[string]string{".gz": "gzip", ".zst": "Zstandard", ".lz4": "lz4", ".bz2": "bzip2", ".xz": "xz"} {
		if _, _, err := fingerprintOf(t, dir, "empty.csv"+extension, nil); err == nil || !strings.HasSuffix(err.Error(), "the file is empty, and should be "+name+" data") {
			t.Errorf("%s: %v", extension, err)
		}
		if _, _, err := fingerprintOf(t, dir, "x.parquet"+extension, nil); err == nil || !strings.Contains(err.Error(), "decompress it first") {
			t.Errorf("%s: %v", extension, err)
		}
	}
	for _, extension := range []string{".lz4", ".bz2", ".xz"} {
		want := "this is not " + extension[1:]
		if _, _, err := fingerprintOf(t, dir, "text.csv"+extension, []byte("id,name\n1,this is a text\n")); err == nil || !strings.Contains(err.Error(), strings.Replace(want, "bz2", "bzip2", 1)) {
			t.Errorf("%s: %v", extension, err)
		}
		want = "the data is compressed: its name should end in " + extension
		if _, _, err := fingerprintOf(t, dir, "named.csv", files["tool.csv"+extension]); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", extension, err)
		}
	}
	if _, rows, err := fingerprintOf(t, dir, "BZh.csv", []byte("BZh,size\n1,2\n")); err != nil || rows != 1 {
		t.Errorf("a text that begins like bzip2: %d rows, %v", rows, err)
	}
}

// What unpacking has to hold counts for the memory that a load may have.
func TestCompressedWindow(t *testing.T) {
	_, files := compressedFiles(t)
	var zst bytes.Buffer
	z, err := zstd.NewWriter(&zst, zstd.WithWindowSize(64<<20))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(z, &endless{unit: "1,2\n", left: 1 << 20}); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		data   []byte
		memory int64
	}{"a.csv.zst": {zst.Bytes(), 60 << 20}, "a.csv.xz": {files["tool.csv.xz"], 6 << 20}} {
		path := writeFile(t, t.TempDir(), name, test.data)
		for _, memory := range []int64{test.memory, 4 * test.memory} {
			_, _, err := load.Open(t.Context(), []string{path}, load.Options{Threads: 1, Memory: memory})
			var full *load.MemoryError
			if errors.As(err, &full) != (memory == test.memory) || memory > test.memory && err != nil {
				t.Errorf("%s with %d MB: %v", name, memory>>20, err)
			}
		}
	}
}

// What is wrong with Zstandard data is said in words.
func TestZstandardInWords(t *testing.T) {
	for message, data := range map[string]string{
		"this is not Zstandard data":          "id,name\n1,this is a text\n",
		"takes more than 128 MiB to unpack":   "\x28\xb5\x2f\xfd\x00\xa8\x01\x00\x00", // 2^31
		"the Zstandard data is truncated":     "\x28\xb5\x2f\xfd\x00\x58\x41\x00",
		"the Zstandard data is damaged: ":     "\x28\xb5\x2f\xfd\x00\x58\x07\x00\x00",
		"was packed with a dictionary, which": "\x28\xb5\x2f\xfd\x01\x58\x07\x01\x00\x00",
	} {
		if _, err := unpack("a.csv.zst", []byte(data)); err == nil || !strings.Contains(err.Error(), message) {
			t.Errorf("%q: %v", message, err)
		}
	}
}
