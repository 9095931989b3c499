package load_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// The shares of a file are all of its rows, each once, however many there are of either.
func TestSharesAreTheWhole(t *testing.T) {
	type row struct {
		N int64 `parquet:"n"`
	}
	for _, groups := range []int{1, 3, 7} {
		name := filepath.Join(t.TempDir(), "t.parquet")
		var rows []row
		for i := range 70 * groups {
			rows = append(rows, row{int64(i)})
		}
		if err := os.WriteFile(name, writeParquet(t, rows, groupsOf(70)), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{1, 2, 3, 10} {
			next, names := int64(0), map[string]bool{}
			for i := range n {
				table, report, err := load.OpenTable(t.Context(), []string{name}, load.Options{Shares: map[string]load.Share{name: {From: i, To: i + 1, Of: n}}})
				if err != nil {
					t.Fatal(err)
				}
				snap, release, err := table.Load(t.Context(), &check.Reads{All: true}, nil)
				if err != nil {
					t.Fatal(err)
				}
				if report.Rows != snap.Rows() || names[snap.Fingerprint] {
					t.Errorf("%d rows, reported as %d, in a table called %s", snap.Rows(), report.Rows, snap.Fingerprint)
				}
				names[snap.Fingerprint] = true
				if numbers, ok := column.Dense(snap.Root.Fields[0]).(*column.Ints); ok {
					for row := range snap.Rows() {
						if numbers.At(row) != next {
							t.Fatalf("%d groups, share %d of %d: row %d is %d, not %d", groups, i, n, row, numbers.At(row), next)
						}
						next++
					}
				}
				release()
				_ = table.Close()
			}
			if next != int64(len(rows)) {
				t.Errorf("%d groups in %d shares have %d rows of %d", groups, n, next, len(rows))
			}
		}
	}
	name := filepath.Join(t.TempDir(), "t.parquet")
	if err := os.WriteFile(name, writeParquet(t, []row{{1}}), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := load.OpenTable(t.Context(), []string{name}, load.Options{Shares: map[string]load.Share{name: {From: 1, To: 3, Of: 2}}}); err == nil {
		t.Error("a share that there is not can be read")
	}
}
