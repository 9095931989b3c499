package repl_test

import (
	"testing"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl"
)

// What is written behind .export says where to, of whom, and what of them.
func TestExport(t *testing.T) {
	for written, want := range map[string]struct {
		text string
		op   repl.Operation
	}{
		".export vip.csv":    {"a = 1", repl.Operation{To: "file", Into: "vip.csv", IDs: true}},
		".export vip.csv #1": {"a = 1", repl.Operation{To: "file", Into: "vip.csv", IDs: true}},
		`.export "my vips.csv" b = "x --select y" --replace`: {`b = "x --select y"`, repl.Operation{To: "file", Into: "my vips.csv", IDs: true, Replace: true}},
		".export vip.csv --select a.b, c --limit 10":         {"a = 1", repl.Operation{To: "file", Into: "vip.csv", IDs: true, Select: "a.b, c", Limit: 10}},
		".export redis:bloom:vip":                            {"a = 1", repl.Operation{To: "bloom", Into: "vip"}},
	} {
		flow(t, func(s *session) {
			s.keys("a = 1", "enter", written, "enter")
			got := s.asked(2)
			want.op.Op = repl.Export
			if got.Text != want.text || got.Asks == nil || got.Asks.Into != want.op.Into || got.Asks.To != want.op.To || got.Asks.IDs != want.op.IDs ||
				got.Asks.Select != want.op.Select || got.Asks.Limit != want.op.Limit || got.Asks.Replace != want.op.Replace || got.Asks.Op != want.op.Op {
				s.t.Errorf("%s: %q %+v", written, got.Text, got.Asks)
			}
		})
	}
}

func TestExportOfWhatIsWrong(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter")
		s.says([][2]string{
			{".export", "error: say where to: .export vip.csv"},
			{".export redis:set", "error: write redis:KIND:NAME"},
			{".export vip.csv --limit none", "error: --limit none: use a whole number from 1 on"},
			{".export vip.csv --select", "error: --select needs fields"},
			{".export vip.csv --fields a", "error: there is no --fields: use --select, --limit or --replace"},
			{".export vip.csv --replace #1", "error: --replace takes no value; the audience stands before it: #1"},
			{".export redis:set:vip --limit 3", "error: what is published in Redis are all ids"},
		}...)
		if n := len(s.backend.submitted); n != 1 {
			s.t.Errorf("%d were submitted", n)
		}
	})
}

// An export that workers do goes on when the session is left, and how it is found again is said; queries are cancelled.
func TestExportGoesOn(t *testing.T) {
	flow(t, func(s *session) {
		s.backend.stay = true
		s.keys("a = 1", "enter", ".export vip.csv", "enter")
		s.answered(1, 3, func(*record.Record) {})
		s.keys("ctrl+d")
		s.settle()
		s.wants("#2  goes on with the workers: segq watch job-2")
		if len(s.backend.cancelled) > 0 || !s.quit {
			s.t.Errorf("cancelled %v, left %v", s.backend.cancelled, s.quit)
		}
	})
	flow(t, func(s *session) { // one of this process ends with it
		s.keys("a = 1", "enter", ".export vip.csv", "enter", "ctrl+d")
		s.wants("2 queries are still running")
	})
}
