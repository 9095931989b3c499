package worker

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/redisx"
)

// Of files that are to appear together none does if one cannot: what was there before stays.
func TestExportFilesEnd(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fresh bool
		limit int64
		after func(folder string) error // what somebody else does while they are written
		want  []string
	}{
		"all":   {true, 100, func(string) error { return nil }, []string{"a.csv: new", "b.csv: new", "c.csv: new"}},
		"limit": {false, 2, func(f string) error { return os.WriteFile(filepath.Join(f, "b.csv"), []byte("old"), 0o600) }, []string{"b.csv: old"}},
		"taken": {true, 100, func(f string) error { return os.WriteFile(filepath.Join(f, "a.csv"), []byte("old"), 0o600) }, []string{"a.csv: old"}},
		"over":  {false, 100, func(f string) error { return os.WriteFile(filepath.Join(f, "a.csv"), []byte("old"), 0o600) }, []string{"a.csv: new", "b.csv: new", "c.csv: new"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root, err := openExportRoot(t.TempDir(), c.limit)
			if err != nil {
				t.Fatal(err)
			}
			folder := filepath.Join(root.root.Name(), "own")
			write := func() (err error) {
				var all exportFiles
				defer all.remove(&err)
				for _, name := range []string{"a.csv", "b.csv", "c.csv"} {
					f, err := all.create(root, &redisx.Command{Tenant: "own", Fresh: c.fresh}, name)
					if err != nil {
						return err
					}
					if _, err := f.out.WriteString("new"); err != nil {
						return err
					}
				}
				return all.end(t.Context(), c.after(folder))
			}
			err = write()
			if whole := slices.Contains(c.want, "c.csv: new"); (err == nil) != whole {
				t.Error(err)
			}
			if got := contents(t, folder); !slices.Equal(got, c.want) {
				t.Errorf("%q", got)
			}
		})
	}
}

// TestEarlierThreads: a file of before is read with the threads of the data.
func TestEarlierThreads(t *testing.T) {
	t.Parallel()
	d, err := dataset.Open(t.Context(), nil, dataset.Options{}, 3, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	h := handler{Dataset: d}
	if o := h.earlier(&work{task: &redisx.Task{}}, &existingFile{}, &exportFiles{}); o.Threads != 3 {
		t.Error(o.Threads)
	}
}

// contents are the files of a folder, each with what is in it.
func contents(t *testing.T, folder string) (all []string) {
	t.Helper()
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(folder, name))
		all = append(all, name+": "+string(text))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
