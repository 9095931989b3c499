package load_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segq/segq/exec/load"
)

// A file is read once, whatever names it has.
func TestSameFileTwice(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.ndjson", "b.parquet"} {
		data := []byte(`{"n":1}`)
		if strings.HasSuffix(name, ".parquet") {
			data = writeParquet(t, profiles(3))
		}
		path := writeFile(t, dir, name, data)
		link, copied := filepath.Join(dir, "link-"+name), writeFile(t, dir, "copy-"+name, data)
		if err := os.Link(path, link); err != nil {
			t.Fatal(err)
		}
		for want, paths := range map[string][]string{
			path + " is named twice: its rows would count twice":                     {path, path},
			path + " and " + link + " are the same file: its rows would count twice": {path, copied, link},
			"are the same file": {filepath.Join(dir, "*"+name)},
			" is named twice: ": {filepath.Join(dir, "c*"+name), copied},
		} {
			if _, _, err := load.OpenTable(t.Context(), paths, load.Options{}); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v: %v, want %q", paths, err, want)
			}
		}
		s, _, err := load.Open(t.Context(), []string{path, copied}, load.Options{})
		if err != nil || s.Rows() == 0 || s.Rows()%2 != 0 {
			t.Errorf("%s and its copy: %v", name, err)
		}
	}
}

// A file without rows is noted, beside others as well.
func TestEmptyFiles(t *testing.T) {
	dir := t.TempDir()
	full := writeFile(t, dir, "full.csv", []byte("a\n1\n"))
	for name, test := range map[string]struct {
		data []byte
		want string
	}{
		"e.csv":     {nil, " is empty"},
		"e.ndjson":  {nil, " is empty"},
		"e.json":    {nil, " is empty"},
		"h.csv":     {[]byte("a,b\n"), " has no rows"},
		"l.json":    {[]byte("[]"), " has no rows"},
		"b.ndjson":  {[]byte("\n\n"), " has no rows"},
		"p.parquet": {writeParquet(t, profiles(0)), " has no rows"},
	} {
		path := writeFile(t, dir, name, test.data)
		for _, paths := range [][]string{{path}, {full, path}} {
			_, r, err := load.OpenTable(t.Context(), paths, load.Options{})
			if err != nil || len(r.Notes) != 1 || r.Notes[0] != path+test.want {
				t.Errorf("%v: %q, %v; want a note%s", paths, r.Notes, err, test.want)
			}
		}
	}
}
