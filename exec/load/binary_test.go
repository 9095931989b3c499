package load_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segq/segq/exec/load"
)

// What is no text is not read as the cells of a table.
func TestBinaryIsNoTable(t *testing.T) {
	random := make([]byte, 5000)
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range random {
		random[i] = byte(rng.UintN(256))
	}
	for name, test := range map[string]struct{ text, want string }{
		"tar":      {archive(t), "this is a tar archive, which is not read"},
		"zip":      {zipped(t), "this is ZIP, as .xlsx, .ods and .zip files are, which is not read"},
		"sqlite":   {"SQLite format 3\x00\x10\x00\x01\x01", "this is a SQLite database"},
		"png":      {picture(t), "this is a PNG image"},
		"gzip":     {packed(t, "n\n1\n"), "the data is compressed: its name should end in .gz"},
		"lfs":      {"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n", "this is a pointer of Git LFS, and not the data: git lfs pull fetches that"},
		"random":   {string(random), "this is no text: it has zero bytes"},
		"zeros":    {strings.Repeat("\x00", 5000), "this is no text: it has zero bytes"},
		"short":    {"\x7fELF\x02\x01\x01\x00\x00\x00", "this is no text: it has zero bytes"},
		"excel 97": {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00", "this is an Excel or Word file of the old kind"},
		"pdf":      {"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "this is PDF"},
		"duckdb":   {"\x01\x02\x03\x04\x05\x06\x07\x08DUCK\x40", "this is a DuckDB database"},
		"orc":      {"ORC\x0a\x03\x00\x00\x00", "this is ORC"},
	} {
		for _, format := range []string{"csv", "tsv"} {
			t.Run(name+" "+format, func(t *testing.T) {
				_, _, err := load.Reader(context.Background(), strings.NewReader(test.text), format, "in", load.Options{})
				if err == nil || !strings.HasPrefix(err.Error(), "in: "+test.want) {
					t.Errorf("%v, not %s", err, test.want)
				}
			})
		}
	}
	for name, text := range map[string]string{
		"a zero in a cell": "a,b\n" + strings.Repeat("1,x\n", 100) + "2,\x00\n", "duck": "id,name\nDUCK,1\n", "PK": "PK,b\n1,2\n", "ORC": "ORC,b\n1,2\n", "version": "version https\n1\n",
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := load.Reader(context.Background(), strings.NewReader(text), "csv", "in", load.Options{}); err != nil {
				t.Error(err)
			}
		})
	}
}

// What was compressed twice is not read as the cells of a table either.
func TestCompressedTwice(t *testing.T) {
	name := filepath.Join(t.TempDir(), "n.csv.gz")
	if err := os.WriteFile(name, []byte(packed(t, packed(t, "n\n1\n"))), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := load.Open(context.Background(), []string{name}, load.Options{})
	if want := "this was compressed twice, and inside is gzip: unpack it once"; err == nil || !strings.HasSuffix(err.Error(), want) {
		t.Errorf("%v, not %s", err, want)
	}
}

func archive(t *testing.T) string {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	if err := w.WriteHeader(&tar.Header{Name: "a.csv", Size: 4, Mode: 0o600}); err != nil {
		t.Fatal(err)
	}
	_, _ = w.Write([]byte("n\n1\n"))
	_ = w.Close()
	return b.String()
}

func zipped(t *testing.T) string {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	if _, err := w.Create("a.csv"); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	return b.String()
}

func picture(t *testing.T) string {
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func packed(t *testing.T, text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	_ = w.Close()
	return b.String()
}
