package load_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec/load"
)

// A file that changes while it is read is refused, whatever its format and whatever
// becomes of it.
func TestFilesThatChange(t *testing.T) {
	rows := profiles(300)
	ndjson := writeNDJSON(t, rows)
	files := map[string][]byte{
		"a.ndjson": ndjson, "a.json": ndjson, "a.csv": []byte("a,b\n" + strings.Repeat("1,2\n", 1000)),
		"a.tsv": []byte("a\tb\n1\t2\n"), "a.ndjson.gz": gzipped(t, ndjson), "a.json.zst": zstandard(t, ndjson), "a.parquet": writeParquet(t, rows),
	}
	long := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	changes := map[string]func(path string) error{
		"it grew": func(path string) error {
			f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
			if err != nil {
				return err
			}
			_, err = f.WriteString("\n")
			return errors.Join(err, f.Close())
		},
		"it shrank":         func(path string) error { return os.Truncate(path, 3) },
		"it was written to": func(path string) error { return os.Chtimes(path, long, long) },
		"another file": func(path string) error {
			return errors.Join(os.WriteFile(path+".new", nil, 0o600), os.Rename(path+".new", path))
		},
		"it is gone": os.Remove,
	}
	for name, data := range files {
		for what, change := range changes {
			dir := t.TempDir()
			path := writeFile(t, dir, name, data)
			changed := false
			progress := func(int64, int64) {
				if !changed {
					changed = true
					if err := change(path); err != nil {
						t.Error(err)
					}
				}
			}
			_, _, err := load.Open(t.Context(), []string{path}, load.Options{Progress: progress})
			if !errors.Is(err, load.ErrChanged) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), what) {
				t.Errorf("%s: %s: error %v", name, what, err)
			}
		}
	}
}

// Of several files, one that was read already must not change either.
func TestFilesThatChangeLater(t *testing.T) {
	dir := t.TempDir()
	first, second := writeFile(t, dir, "a.ndjson", []byte(`{"a":1}`)), writeFile(t, dir, "b.ndjson", []byte(`{"a":2}`))
	progress := func(read, total int64) {
		if read == total {
			if err := os.Truncate(first, 0); err != nil {
				t.Error(err)
			}
		}
	}
	_, _, err := load.Open(t.Context(), []string{first, second}, load.Options{Progress: progress})
	if !errors.Is(err, load.ErrChanged) || !strings.Contains(err.Error(), first) {
		t.Errorf("error %v", err)
	}
}

// A device has no end.
func TestDevicesAreRefused(t *testing.T) {
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Log("there is no /dev/zero here")
		return
	}
	for _, name := range []string{"x.parquet", "x.csv", "x.ndjson", "x.json"} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.Symlink("/dev/zero", path); err != nil {
			t.Fatal(err)
		}
		if _, _, err := load.Open(t.Context(), []string{path}, load.Options{}); err == nil || !strings.Contains(err.Error(), "is a device") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
