package values_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/segq/segq/cmd/segq/internal/values"
)

// storeOf returns the store of the data in a file.
func storeOf(t testing.TB, path string) (*values.Store, *dataset.Dataset) {
	t.Helper()
	d, err := dataset.Open(t.Context(), []string{path}, dataset.Options{}, 2, t.Output())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	s := values.NewStore(d)
	t.Cleanup(s.Close)
	return s, d
}

// ask asks until there is nothing more to come; the bound is for broken code only.
func ask(t testing.TB, s *values.Store, q values.Question) values.Answer {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); {
		if a := s.Answer(t.Context(), q); !a.Pending {
			return a
		}
	}
	t.Fatalf("%s is always pending", q)
	return values.Answer{}
}

// TestMapsOfParquet: the keys of maps, and what is in them, of columns that nobody has loaded. The counts are
// those of pyarrow.
func TestMapsOfParquet(t *testing.T) {
	t.Parallel()
	s, d := storeOf(t, "../../../../exec/load/testdata/parquet/maps.parquet")
	if d.Holds().Loaded != 0 {
		t.Fatal("columns are loaded already")
	}
	question := func(keys bool, path ...string) values.Question {
		return values.Question{Field: values.Field{Path: path, Keys: keys}, Limit: 10}
	}
	for _, c := range []struct {
		values.Question
		values string
		note   string
	}{
		{question(true, "m"), "[{a 4} {b 2} {c 1}]", "3 keys"},
		{question(false, "o{}", "tags"), "[]", ""},
		{question(false, "o{}", "never"), "[]", ""},
		{question(false, "m{}"), "[]", ""},
		{question(false, "m{a}"), "[]", "50.0 % null"},
		{question(false, "o{k}", "tags"), "[{s 1} {t 1} {u 1}]", "3 values, 66.7 % null"},
		{question(false, "o{l}", "tags"), "[{r 1}]", "1 value, 83.3 % null"},
		{question(false, "o{k}", "never"), "[]", "100 % null"},

		{question(true, "after"), "[]", ""},
		{question(true, "nothing"), "[]", ""},
		{question(false, "m", "a"), "[]", ""},
	} {
		a := ask(t, s, c.Question)
		t.Logf("%s: %v %s", c.Question, a.Values, a.Note(c.Field))
		if got := fmt.Sprint(a.Values); got != c.values || a.Note(c.Field) != c.note {
			t.Errorf("%s: %s (%s), want %s (%s)", c.Question, got, a.Note(c.Field), c.values, c.note)
		}
	}
}

// manyValues writes profiles with 10,000 different codes, of which each has some.
func manyValues(t testing.TB, profiles int) string {
	t.Helper()
	var b strings.Builder
	for i := range profiles {
		fmt.Fprintf(&b, `{"code":"item %05d of shop","list":["a%d","b"]}`+"\n", i%10_000, i%5)
	}
	name := filepath.Join(t.TempDir(), "many.ndjson")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// BenchmarkTyping answers what is typed key by key, over 10,000 values.
func BenchmarkTyping(b *testing.B) {
	s, _ := storeOf(b, manyValues(b, 100_000))
	const typed = "item 0423"
	q := values.Question{Field: values.Field{Path: []string{"code"}}, Limit: 50}
	if a := ask(b, s, q); a.All != 10_000 || a.More == 0 {
		b.Fatalf("%d values, %d more", a.All, a.More)
	}
	for i := 0; b.Loop(); i++ {
		q.Typed = typed[:i%len(typed)]
		s.Answer(b.Context(), q)
	}
}
