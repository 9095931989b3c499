package repl_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/segq/segq/repl"
)

// TestFields: a line for each field that holds something, with what is known of its values.
func TestFields(t *testing.T) {
	flow(t, func(s *session) {
		s.backend.fields = append(s.backend.Schema(),
			repl.Field{Path: "person.email", Type: "text", Filled: 1}, repl.Field{Path: "person.fax", Type: "text", Filled: 0})
		s.keys(".fields", "enter")
		s.settle()
		s.wants("homeAddress.country…  text             97.00 %         31  CA, evil\\u202etext, …")
		s.wants("person                object                 –")
		s.wants("person.email          text            >99.99 %  1,999,998  (masked)")
		s.wants("1 field without a value is not shown; .fields all shows them")
		s.wants("masked: person.email; .set personal shown shows them")
		if strings.Contains(s.screen(), "person.fax") {
			t.Errorf("a field without a value is shown:\n%s", s.screen())
		}
		s.printed = nil
		s.keys(".fields fax", "enter")
		s.settle()
		s.wants("no field contains fax and has a value in any profile")
		s.keys(".fields fax all", "enter")
		s.settle()
		s.wants("person.fax  text  0.00 %         –")
		s.printed = nil
		s.keys(".fields person by distinct", "enter")
		s.settle()
		if screen := s.screen(); strings.Index(screen, "person.email") > strings.Index(screen, "person.gender") {
			t.Errorf("the one with most values is not first:\n%s", screen)
		}
		s.backend.fields = []repl.Field{{Path: "few", Type: "text", Filled: .5}, {Path: "visits", Type: "int", Filled: -1}}
		s.printed = nil
		s.keys(".fields by filled", "enter")
		s.settle()
		if screen := s.screen(); strings.Index(screen, "visits  int") > strings.Index(screen, "few     text") {
			t.Errorf("the one that most profiles have is not first:\n%s", screen)
		}
		s.backend.silent = errors.New("the data is gone")
		s.keys(".fields", "enter")
		s.settle()
		s.wants("error: the data is gone")
	})
}

// TestFieldsNotKnown: what a – in the table means is true of the fields that have it, and a field of which it turns out that no
// profile has a value is left out too.
func TestFieldsNotKnown(t *testing.T) {
	flow(t, func(s *session) {
		s.backend.fields = []repl.Field{{Path: "visits", Type: "int", Filled: -1}, {Path: "pager", Type: "text", Filled: -1}}
		s.keys(".fields", "enter")
		s.settle()
		s.wants("visits  int   75.00 %         –")
		s.wants("1 field without a value is not shown; .fields all shows them")
		s.wants("– distinct: not counted")
		s.lacks("– filled")
		s.backend.fields = []repl.Field{{Path: "other", Type: "text", Filled: -1}}
		s.keys(".fields", "enter")
		s.settle()
		s.wants("– filled: not known yet; a query that names the field has it loaded")
	})
}

// TestManyFields: of thousands, a hundred are shown and asked about, in lines that fit the screen.
func TestManyFields(t *testing.T) {
	flow(t, func(s *session) {
		for i := range 5000 {
			s.backend.fields = append(s.backend.fields, repl.Field{Path: fmt.Sprintf("part%d.%s.countryCode", i, strings.Repeat("long", 30)), Type: "text", Filled: float64(i%7) / 7})
		}
		s.keys(".fields", "enter")
		s.settle()
		s.wants("more fields; a longer pattern shows fewer, all shows them")
		for _, line := range s.printed {
			for _, one := range strings.Split(line, "\n") {
				if len([]rune(one)) > 80 {
					t.Errorf("a line of %d characters: %s", len([]rune(one)), one)
				}
			}
		}
	})
}
