package repl_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"github.com/segq/segq/repl"
)

// assisted plays a session with somebody who helps.
func assisted(t *testing.T, test func(*session)) {
	t.Helper()
	flow(t, helped(test))
}

// live is what is below the scrollback, without colours.
func (s *session) live() string { return ansi.Strip(s.model.View()) }

// input is the line that is typed.
func (s *session) input() string {
	for l := range strings.SplitSeq(s.live(), "\n") {
		if text, ok := strings.CutPrefix(l, "segq> "); ok {
			return strings.TrimRight(text, " ")
		}
	}
	return "no input"
}

func (s *session) shows(text string) {
	s.t.Helper()
	if !strings.Contains(s.live(), text) {
		s.t.Errorf("%q is not shown:\n%s", text, s.live())
	}
}

func (s *session) hides(text string) {
	s.t.Helper()
	if strings.Contains(s.live(), text) {
		s.t.Errorf("%q is shown:\n%s", text, s.live())
	}
}

// types presses the keys and compares the input.
func (s *session) types(want string, keys ...string) {
	s.t.Helper()
	s.keys(keys...)
	if got := s.input(); got != want {
		s.t.Errorf("after %v the input is %q, want %q", keys, got, want)
	}
}

const top = "┌"

func TestPopupComesAndGoes(t *testing.T) {
	assisted(t, func(s *session) {
		s.hides(top)
		s.keys("c")
		s.shows("› countryCode")
		s.keys("ountr")
		s.hides("county")
		s.keys("yCode")
		s.hides(top) // the word is whole
		s.keys(" ")
		s.hides(top)
		s.keys("= \"")
		s.shows("› silver")
		s.keys("esc")
		s.hides(top)
		s.keys("g")
		s.hides(top) // Esc is for the whole word
		s.keys("tab")
		s.types(`countryCode = "gold"`)
		s.keys(" and c")
		s.shows(top)
		s.keys("left")
		s.hides(top)
	})
}

func TestWhoIgnoresThePopupIsNotHindered(t *testing.T) {
	assisted(t, func(s *session) {
		s.keys("country", "enter", "count", "up")
		if got := s.input(); got != "country" {
			s.t.Errorf("Up went to %q", got)
		}
		s.keys("down", "enter")
		if got := s.backend.submitted; len(got) != 2 || got[1].Text != "count" {
			s.t.Errorf("Enter ran %v", got)
		}
	})
}

func TestChoosing(t *testing.T) {
	assisted(t, func(s *session) {
		s.keys("co", "down", "down")
		s.shows("» county")
		s.types("county", "enter")
		if len(s.backend.submitted) > 0 {
			s.t.Error("Enter ran the input in place of taking the choice")
		}
		s.keys("ctrl+u", "co", "down", "down", "up", "up", "up")
		s.keys("enter") // the second Up has left the list
		if got := s.backend.submitted; len(got) != 1 || got[0].Text != "co" {
			s.t.Errorf("Enter ran %v", got)
		}
		s.keys("co", "down", "down", "shift+tab")
		s.types("countryCode", "tab")
		s.types("co", "shift+tab")
	})
}

// TestOneQuestionAtATime types faster than there are answers: the next key ends a question, and of those that come while
// one that does not end is answered only the newest is asked.
func TestOneQuestionAtATime(t *testing.T) {
	assisted(t, func(s *session) {
		h := s.backend.helps
		h.takes = time.Second
		s.keys("county")
		if got, want := h.completed, []string{"c", "co", "cou", "coun", "count", "county"}; !slices.Equal(got, want) || h.ended != len(want)-1 {
			s.t.Errorf("asked %q, of which %d ended early", got, h.ended)
		}
		s.wait(3 * time.Second)
		s.keys("ctrl+u")
		h.completed, h.deaf = nil, true
		s.keys("county")
		s.wait(500 * time.Millisecond)
		s.hides(top)
		s.wait(3 * time.Second)
		if want := []string{"c", "county"}; !slices.Equal(h.completed, want) {
			s.t.Errorf("asked %q, want %q", h.completed, want)
		}
	})
}

func TestPendingIsAskedAgain(t *testing.T) {
	assisted(t, func(s *session) {
		h := s.backend.helps
		h.pending = 2
		s.keys(`"`)
		s.shows("  …")
		s.wait(250 * time.Millisecond)
		s.shows("silver")
		if len(h.completed) != 3 {
			s.t.Errorf("asked %d times", len(h.completed))
		}
		s.wait(time.Second)
		if len(h.completed) != 3 {
			s.t.Errorf("asked %d times in all", len(h.completed))
		}
	})
}

func TestCommandsAskNothing(t *testing.T) {
	assisted(t, func(s *session) {
		s.keys(".sch")
		s.shows("› .schema")
		s.types(".schema", "tab")
		s.keys(" homeA")
		s.shows("homeAddress.city")
		s.wait(time.Second)
		if len(s.backend.helps.all) > 0 {
			s.t.Errorf("a command asked %q", s.backend.helps.all)
		}
		s.types(".schema homeAddress.city", "c", "tab")
		s.keys("ctrl+u", ".help key", "tab")
		s.types(".help keys")
		s.keys("ctrl+u", "a = 1", "enter", "b = 2", "enter", ".cancel #")
		s.shows("› #2  b = 2")
		s.types(".cancel #1", "down", "down", "enter")
	})
}

func TestFindings(t *testing.T) {
	assisted(t, func(s *session) {
		s.keys("homeAdress.city")
		s.wait(250 * time.Millisecond)
		if len(s.backend.helps.checked) > 0 {
			s.t.Errorf("checked %q before the pause", s.backend.helps.checked)
		}
		s.wait(100 * time.Millisecond)
		s.shows("did you mean homeAddress? (Tab takes it)")
		s.keys("x") // what is found stays where the text has not changed
		s.shows("did you mean homeAddress?")
		s.types("homeAddress.cityx", "tab")
		s.keys("ctrl+u", "homeAdress")
		s.wait(time.Second)
		s.hides("did you mean") // the word may still grow
		s.types("homeAddress", "tab")
		for _, unfinished := range []string{`a = `, `a = "x`, `(a = 1`, `a = 1 an`, `not `, `a in [1,`, `exists X from `} {
			s.keys("ctrl+u", unfinished)
			s.wait(time.Second)
			for _, word := range []string{"expected", "never closed", "ends too early", "unexpected"} {
				s.hides(word)
			}
		}
		s.keys("ctrl+u", "a = 1 )")
		s.wait(500 * time.Millisecond)
		s.hides("closes nothing") // a longer pause shows what is wrong where the cursor is
		s.wait(500 * time.Millisecond)
		s.shows("this ) closes nothing")
		s.backend.helps.alike = true
		s.keys("ctrl+u", "a = 1 and homeAdress")
		s.wait(500 * time.Millisecond)
		s.shows(top)
		s.wait(500 * time.Millisecond)
		s.hides(top) // none of the choices begins so
		s.shows("did you mean homeAddress? (Tab takes it)")
		s.types("a = 1 and homeAddress", "tab")
		s.backend.helps.alike = false
		s.keys("ctrl+u", "a == 1")
		s.wait(time.Second)
		s.shows("PQL compares with one =")
		s.types("a = 1", "tab")
		s.keys("ctrl+u", `homeAdress.city = 1 and (b`)
		s.wait(time.Second)
		s.shows("did you mean homeAddress?") // of what is complete so far
	})
}

// TestNothingToOffer: why no value is offered is said while one types, and by Tab.
func TestNothingToOffer(t *testing.T) {
	assisted(t, func(s *session) {
		s.backend.helps.value, s.backend.helps.none = nil, "values of this field are not shown: they look personal"
		s.keys(`email = "`)
		s.shows("values of this field are not shown")
		s.hides(top)
		s.keys("tab")
		s.shows("values of this field are not shown")
		s.hides("nothing is known")
		s.keys(`a"`)
		s.hides("values of this field are not shown")
	})
}

func TestWhatIsEnteredKeepsItsOrder(t *testing.T) {
	assisted(t, func(s *session) {
		s.backend.checks = make(chan struct{})
		s.keys("a = 1", "enter", ".jobs", "enter", "b = 2", "enter", "homeAdress = 1", "enter", "c = 3", "enter", "ctrl+d")
		if s.quit {
			s.t.Error("left before what was entered ran")
		}
		close(s.backend.checks)
		s.settle()
		var got []string
		for _, q := range s.backend.submitted {
			got = append(got, q.Text)
		}
		if want := []string{"a = 1", "b = 2", "c = 3"}; !slices.Equal(got, want) {
			s.t.Errorf("ran %q", got)
		}
		s.wants("submitting  a = 1") // .jobs came after the first and before the second
	})
}

func TestRowsAreKeptWhileTyping(t *testing.T) {
	assisted(t, func(s *session) {
		rows := func() int { return strings.Count(s.live(), "\n") + 1 }
		s.keys("c")
		open := rows()
		s.keys("ountryCode", " = 1")
		if got := rows(); got != open {
			s.t.Errorf("%d rows with the popup, %d after it", open, got)
		}
		s.keys("ctrl+u")
		if got := rows(); got != 1 {
			s.t.Errorf("%d rows for no input", got)
		}
	})
}

func TestSmallScreens(t *testing.T) {
	for _, size := range [][2]int{{40, 12}, {20, 6}, {10, 3}, {1, 1}, {300, 2}} {
		play(t, size[0], size[1], repl.Options{Peek: true}, helped(func(s *session) {
			s.keys("a = 1", "enter", "b = 2", "enter", rule, " and ", "co", "down")
			s.wait(400 * time.Millisecond)
			if rows := strings.Count(s.live(), "\n") + 1; rows > max(size[1], 2) {
				s.t.Errorf("%v: %d rows", size, rows)
			}
			for l := range strings.SplitSeq(s.live(), "\n") {
				if ansi.StringWidth(l) > size[0] {
					s.t.Errorf("%v: %q", size, l)
				}
			}
			s.finishAll()
		}))
	}
}

func TestAccessibleSessionsAreNotHelped(t *testing.T) {
	play(t, 80, 24, repl.Options{Accessible: true, Peek: true}, helped(func(s *session) {
		s.keys(`loyalty.tier = "`, "tab")
		s.wait(time.Second)
		if len(s.backend.helps.all) > 0 {
			s.t.Errorf("asked %q", s.backend.helps.all)
		}
	}))
}

func TestPastedTextOpensNothing(t *testing.T) {
	assisted(t, func(s *session) {
		s.send(tea.KeyMsg{Type: tea.KeyRunes, Paste: true, Runes: []rune("cou")})
		s.hides(top)
		s.types("count", "tab")
	})
}

// TestMisplacedAnswers gives places outside of the text.
