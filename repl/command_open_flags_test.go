package repl_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl"
)

// TestOpenWithFlags: flags go to who opens the data, and are not taken for its name.
func TestOpenWithFlags(t *testing.T) {
	reading(t, func(s *session, b *library) {
		s.keys(".open --delimiter ';' x.csv --no-header", "enter")
		s.wait(500 * time.Millisecond)
		s.wants("opening x.csv  41 %")
		b.ends <- nil
		s.settle()
		s.keys(".open --type 'first name=text'", "enter")
		s.wait(500 * time.Millisecond)
		s.wants("opening the data again  41 %")
		b.ends <- nil
		s.settle()
		if got := fmt.Sprintf("%q", b.opened); got != `[["--delimiter" ";" "x.csv" "--no-header"] ["--type" "first name=text"]]` {
			t.Error(got)
		}
	})
}

// TestOpenFlagsOffered: behind .open there are flags where a dash is, and fields and types behind --type.
func TestOpenFlagsOffered(t *testing.T) {
	play(t, 80, 24, repl.Options{}, func(s *session) {
		s.keys(".open --t", "tab")
		s.wants("segq> .open --type")
		s.keys(" homeAddress.countryC", "tab")
		s.wants("--type homeAddress.countryCode=")
		s.keys("n", "tab")
		s.wants("--type homeAddress.countryCode=number")
	})
}

// TestTypeHint: a hint that names a flag for reading says it as a command, which Tab takes.
func TestTypeHint(t *testing.T) {
	play(t, 80, 24, repl.Options{}, func(s *session) {
		s.backend.wrong = &ast.Diagnostic{
			Code: "operands", Message: "> needs numbers", Hint: "Age is text: --type Age=number reads the numbers", At: ast.Span{Start: 0, End: 3},
		}
		s.keys("Age > 30", "enter")
		s.wants("hint: Age is text: .open --type Age=number reads the numbers (Tab takes it)")
		s.keys("tab")
		s.wants("segq> .open --type Age=number")
	})
}
