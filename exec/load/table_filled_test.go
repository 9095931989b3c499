package load

import (
	"slices"
	"testing"
)

// TestFilledByTheFooters: as pyarrow's count of nulls has it.
func TestFilledByTheFooters(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]struct {
		file  string
		share float64
		known bool
	}{
		"paid": {"types", 1, true}, "serial": {"types", 0, false}, "visits": {"types", 0, false}, "nothing": {"types", 0, false},
		"u": {"exact", 0, false}, "i": {"exact", 0.75, true}, "ds": {"exact", 0, false}, "o.d": {"exact", 0.25, true}, "o": {"exact", 0, false},
	} {
		table, _, err := OpenTable(t.Context(), []string{"testdata/parquet/" + want.file + ".parquet"}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		names := []string{path}
		if i := slices.Index([]byte(path), '.'); i > 0 {
			names = []string{path[:i], path[i+1:]}
		}
		if share, known := table.Filled(names); share != want.share || known != want.known {
			t.Errorf("%s: %v, %v, want %v", path, share, known, want)
		}
		if err := table.Close(); err != nil {
			t.Error(err)
		}
	}
}
