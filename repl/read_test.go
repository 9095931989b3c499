package repl_test

import (
	"os"
	"path/filepath"
	"testing"
)

// What a file says runs as if it was typed, or not at all.
func TestRead(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	good, bad := filepath.Join(dir, "g.pql"), filepath.Join(dir, "b.pql")
	again := filepath.Join(dir, "again.pql")
	for name, text := range map[string]string{again: ".read " + again + "\na = 1\n", good: "one: a = 1;\n// and\ntwo: b = 2\n", bad: "one: a = 1;\ntwo: homeAdress.city = \"Oslo\"\n"} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	flow(t, func(s *session) {
		s.says([][2]string{
			{".read", "error: name one file"},
			{".read " + filepath.Join(dir, "none.pql"), "no such file"},
			{".read " + again, "read one after the other: .read in the prompt"},
			{".read " + bad, "did you mean homeAddress?"},
		}...)
		s.wants("1 of 2 statements in")
		if n := len(s.backend.submitted); n != 0 {
			s.t.Errorf("%d queries of a file ran that has an error", n)
		}
		s.says([2]string{".read ~/" + filepath.Base(good), "#2  two"})
		if got := s.asked(2); got.Name != "two" || got.Text != "b = 2" {
			s.t.Errorf("asked %+v", got)
		}
	})
}
