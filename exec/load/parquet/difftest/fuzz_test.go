package difftest_test

import (
	"errors"
	"testing"
)

// FuzzAgree reads damaged files with both readers. Ours never panics, and where both read
// a column, they read the same.
func FuzzAgree(f *testing.F) {
	eachFile(f, func(_ string, data []byte) {
		if len(data) < 10_000 {
			f.Add(data)
		}
	})
	for _, g := range generatedFiles() {
		g.rows = 5
		data, err := g.write()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		ours, err := guarded(func() (*ours, error) { return openOurs(data) })
		if errors.Is(err, errPanic) {
			t.Fatal(err)
		}
		theirs, errTheirs := guarded(func() (*arrow, error) { return openArrow(data, 1<<20) })
		if err != nil || errTheirs != nil || ours.columns() != theirs.columns() || ours.groups() != theirs.groups() {
			return
		}
		ours.file.Charge = limit(16 << 20)
		for c := range min(ours.columns(), 20) {
			for g := range min(ours.groups(), 3) {
				p := place{ours: ours, theirs: theirs, group: g, column: c}
				a, b, err := p.read()
				switch {
				case a == nil && errors.Is(err, errPanic):
					t.Errorf("%s of row group %d: ours: %v", ours.name(c), g, err)
				case err == nil && difference(a, b) != "" && !p.bitPacked():
					t.Errorf("%s of row group %d: %s", ours.name(c), g, difference(a, b))
				}
			}
		}
	})
}
