package repl

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// TestFilesBehindOpen: what Tab offers behind .open, and what stands there when it is taken.
func TestFilesBehindOpen(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"p.parquet", "p.p.csv", "people.csv", "my profiles.csv", "it's.csv", ".hidden.csv", "data/a.b.ndjson", "two words/x.csv"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		typed string
		want  []string // the whole input
	}{
		{".open p.p", []string{".open p.p.csv", ".open p.parquet"}},
		{".open p.parquet p.pa", []string{".open p.parquet p.parquet"}},
		{".OPEN pe", []string{".OPEN people.csv"}},
		{".open d", []string{".open data/"}},
		{".open data/a.b", []string{".open data/a.b.ndjson"}},
		{".open ./data/", []string{".open ./data/a.b.ndjson"}},
		{".open .h", []string{".open .hidden.csv"}},
		{".open my", []string{".open 'my profiles.csv'"}},
		{`.open "my pro`, []string{".open 'my profiles.csv'"}},
		{`.open my\ pro`, []string{".open 'my profiles.csv'"}},
		{".open tw", []string{".open 'two words/'"}},
		{".open 'two words/'", []string{".open 'two words/x.csv'"}},
		{".open it", []string{`.open "it's.csv"`}},
		{".open nothing", nil},
		{".read pe", []string{".read people.csv"}},
		{".export peo", []string{".export people.csv"}},
		{".open missing/x", nil},
		{".diff vip --against pe", []string{".diff vip --against people.csv"}},
		{".DIFF 'my vip' --against p.parquet my", []string{".DIFF 'my vip' --against p.parquet 'my profiles.csv'"}},
		{".diff vip --against data/", []string{".diff vip --against data/a.b.ndjson"}},
		{".diff vip --againstpe", nil},
		{".diff vip pe", nil},
		{".open ", []string{".open data/", `.open "it's.csv"`, ".open 'my profiles.csv'", ".open p.p.csv", ".open p.parquet", ".open people.csv", ".open 'two words/'"}},
	} {
		span, items := (&Model{}).completeCommand(input{text: c.typed, cursor: len(c.typed)})
		var got []string
		for _, item := range items {
			got = append(got, c.typed[:span.Start]+item.Text+c.typed[span.End:])
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, not %q", c.typed, got, c.want)
		}
	}
}
