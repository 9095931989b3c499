package meaning_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/meaning"
)

var rewrite = flag.Bool("rewrite", false, "write what queries mean into testdata")

// TestMeaning: testdata/meaning.txt has queries, and below each what it means.
func TestMeaning(t *testing.T) {
	text, err := os.ReadFile("testdata/meaning.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, block := range strings.Split(strings.TrimSpace(string(text)), "\n\n") {
		query, want, _ := strings.Cut(block, "\n")
		value := strings.HasPrefix(query, "value ")
		query = strings.TrimPrefix(query, "value ")
		x, ds := lang.Query(query)
		if ds.Failed() {
			t.Errorf("%s: %v", query, ds)
			continue
		}
		var got strings.Builder
		for _, l := range meaning.Of(x, !value) {
			got.WriteString("  " + strings.Repeat("  ", l.Depth) + l.Text + "\n")
		}
		all.WriteString(map[bool]string{true: "value "}[value] + query + "\n" + got.String() + "\n")
		if !*rewrite && got.String() != want+"\n" {
			t.Errorf("%s\n%s\n  want\n%s", query, got.String(), want)
		}
	}
	if *rewrite {
		if err := os.WriteFile("testdata/meaning.txt", []byte(strings.TrimRight(all.String(), "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
