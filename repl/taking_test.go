package repl_test

import (
	"testing"
	"time"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl"
)

func TestTaking(t *testing.T) {
	for _, c := range []struct {
		name string
		keys []string
		want string
	}{
		{"a function has its brackets, and the cursor between them", []string{"cont", "tab", "X"}, "contains(X)"},
		{"nothing goes into one without arguments", []string{"cou", "down", "down", "down", "tab", "X"}, "count()X"},
		{"brackets that are there", []string{"cont(1)", "left", "left", "left", "x", "backspace", "tab"}, "contains(1)"},
		{"its bracket goes with it", []string{"a or cont", "tab", "ctrl+u", "X"}, "X"},
		{"and with the one that opens", []string{"a or cont", "tab", "backspace", "X"}, "a or containsX"},
		{"but not where something is in it", []string{"cont", "tab", "a b", "left", "ctrl+u", "X"}, "Xb)"},
		{"nor one that was typed", []string{"(cont", "home", "right", "x", "backspace", ")", "left", "ctrl+u"}, ")cont"},
		{"it is not typed twice", []string{"cont", "tab", "1) and (2)"}, "contains(1) and (2)"},
		{"a value with the quote that was typed", []string{`"go`, "tab", "X"}, `"gold"X`},
		{"and the one behind", []string{`"go"`, "left", "x", "backspace", "tab", "X"}, `"gold"X`},
		{"but not the one of another", []string{` and "a"`, "home", `"go`, "tab"}, `"gold" and "a"`},
		{"a keyword has a space", []string{"an", "tab", "X"}, "and X"},
		{"several go on as far as they are alike", []string{"(", "co", "esc", "tab", "tab"}, "(countryCode"},
	} {
		t.Run(c.name, func(t *testing.T) {
			assisted(t, func(s *session) { s.types(c.want, c.keys...) })
		})
	}
}

func TestTabCompletesWithoutAPopup(t *testing.T) {
	assisted(t, func(s *session) {
		s.types("a = 1", "a = 1 ", "tab")
		s.shows("› countryCode") // where nothing is written there is a popup by Tab alone
		s.keys("ctrl+u", "zzz", "tab")
		s.shows("nothing is known that goes on here")
		s.keys("ctrl+u", "coun", "esc")
		s.types("count", "tab") // count( counts, countryCode, county
		s.backend.helps.alike = true
		s.keys("ctrl+u", "nd", "esc")
		s.types("nd", "tab") // nothing begins so, and is only alike
		s.shows("contains(")
		s.keys("ctrl+u", "cont", "esc")
		s.types("contains()", "tab") // the only one that begins so, for all that is alike
	})
}

func TestTabOrder(t *testing.T) {
	assisted(t, func(s *session) {
		// The choice goes before the suggestion.
		s.keys("homeAdress.city = 1 and ")
		s.wait(350 * time.Millisecond)
		s.shows("did you mean homeAddress? (Tab takes it)")
		s.keys("cont")
		s.types("homeAdress.city = 1 and contains()", "tab")
		s.types("homeAddress.city = 1 and contains()", "tab")
		s.hides("did you mean")
		// On an empty line there is the last answer.
		s.keys("ctrl+c", "tab")
		s.types("")
		s.keys(`tier = "Gold"`, "enter")
		s.backend.job(1, answer(0, 10, time.Millisecond))
		s.backend.job(1, func(j *repl.Job) {
			j.Answer.Notes = []record.Note{{Text: `no profile has "Gold"; "gold" has 655,210`, Instead: `tier = "gold"`}}
		})
		s.wait(200 * time.Millisecond)
		s.wants("Tab takes it")
		s.types(`tier = "gold"`, "tab")
		// What was wrong and was entered is mended.
		s.keys("ctrl+u", "homeAdress.city = 1", "enter")
		s.wants("did you mean homeAddress? (Tab takes it)")
		s.types("homeAddress.city = 1", "tab")
	})
}

func TestPopupOfStaleChoicesIsNotTaken(t *testing.T) {
	assisted(t, func(s *session) {
		s.backend.helps.takes = 50 * time.Millisecond
		s.keys("co")
		s.wait(200 * time.Millisecond)
		s.keys("nt", "tab") // the choices of cont come later
		if got := s.input(); got != "cont" {
			s.t.Errorf("took %q of a list for another text", got)
		}
		s.wait(200 * time.Millisecond)
		s.types("contains()")
	})
}

// TestChoicesThatDoNotCome: what nobody answers is not waited for on the screen, and shown when it comes after all.
func TestChoicesThatDoNotCome(t *testing.T) {
	for _, key := range []string{"x", "tab"} {
		assisted(t, func(s *session) {
			s.backend.helps.pending = 1 << 30
			s.keys(`tier = "`, key)
			s.wait(time.Second)
			s.shows("│  …")
			s.wait(3 * time.Second)
			s.hides("│")
			s.shows("nobody says yet which values this field has")
			if key == "x" {
				s.keys("backspace")
			}
			s.keys("g")
			s.backend.helps.pending = 0
			s.wait(1500 * time.Millisecond)
			s.shows("› gold")
		})
	}
}
