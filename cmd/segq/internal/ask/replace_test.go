package ask

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/dataset"
	"github.com/spf13/pflag"
)

// Data that lacks the keys of lookups does not open, and the error says where lookups come from.
func TestReplaceWithoutKeys(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	first, other, rows := file("p.csv", "id,k\n1,a\n"), file("o.csv", "id\n1\n"), file("l.csv", "k,v\na,1\n")
	var o dataset.Options
	f := pflag.NewFlagSet("", pflag.ContinueOnError)
	o.Register(f)
	if err := f.Parse([]string{"--lookup", "x=" + rows + ":k=k"}); err != nil {
		t.Fatal(err)
	}
	q, err := OpenQueue(t.Context(), Place{Paths: []string{first}, Data: o, Threads: 1}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	_, _, err = q.Replace(t.Context(), []string{other}, io.Discard, nil)
	const want = "the data has no field k; the fields are id (the lookups are those that segq was started with: start it anew"
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("%v, which has no %q", err, want)
	}
}

// What is opened beside the data of a session is not among the rows that .open shows.
func TestOpenOtherCountsApart(t *testing.T) {
	dir := t.TempDir()
	first, other := filepath.Join(dir, "p.csv"), filepath.Join(dir, "o.csv")
	for _, path := range []string{first, other} {
		if err := os.WriteFile(path, []byte("id\n1\n2\n3\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	q, err := OpenQueue(t.Context(), Place{Paths: []string{first}, Threads: 1}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	defer q.Close()
	next, _, err := q.Replace(t.Context(), []string{other}, io.Discard, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer next.Close()
	taken := q.Taken.Load()
	before, err := q.OpenOther(t.Context(), []string{first}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer before.Close()
	if n := q.Taken.Load(); taken != 3 || n != taken {
		t.Errorf("%d rows of its own, and %d after it", taken, n)
	}
}
