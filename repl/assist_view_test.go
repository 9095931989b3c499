package repl_test

import (
	"testing"
	"time"

	"github.com/charmbracelet/x/exp/golden"

	"github.com/segq/segq/repl"
)

// helped gives a session somebody who knows the fields, values and counts of the golden views.
func helped(test func(*session)) func(*session) {
	return func(s *session) {
		s.backend.helps = newHelper()
		test(s)
	}
}

func TestPopupOfFields(t *testing.T) {
	sizes(t, helped(func(s *session) { s.keys(`loyalty.tier = "gold" and homeAddress.cou`) }))
}

func TestPopupOfValues(t *testing.T) {
	sizes(t, helped(func(s *session) {
		s.keys(`loyalty.tier = "`, "down", "down", "down")
	}))
}

func TestCount(t *testing.T) {
	sizes(t, helped(func(s *session) {
		s.keys(`loyalty.tier = "gold"`)
		s.wait(150 * time.Millisecond)
	}))
}

func TestClause(t *testing.T) {
	sizes(t, helped(func(s *session) {
		s.keys(rule)
		s.wait(150 * time.Millisecond)
	}))
}

func TestFinding(t *testing.T) {
	sizes(t, helped(func(s *session) {
		s.keys(`homeAdress.city = "Oslo"`)
		s.wait(350 * time.Millisecond)
	}))
}

func TestPopupOfCommands(t *testing.T) {
	sizes(t, helped(func(s *session) { s.keys(`.h`) }))
}

// TestStyledHelp shows what helps in colours. These are the terminal's own sixteen, on no background: on light and dark
// the same codes are sent.
func TestStyledHelp(t *testing.T) {
	for name, colors := range map[string]bool{"colours": true, "none": false} {
		for _, view := range []struct {
			name string
			keys []string
			wait time.Duration
		}{
			{"fields", []string{`loyalty.tier = "gold" and homeAddress.cou`}, 150 * time.Millisecond},
			{"values", []string{`loyalty.tier = "`, "down", "down"}, 0},
			{"clause", []string{rule}, 150 * time.Millisecond},
			{"finding", []string{`homeAdress.city = "Oslo"`}, 350 * time.Millisecond},
		} {
			t.Run(view.name+"/"+name, func(t *testing.T) {
				var screen string
				play(t, 80, 24, repl.Options{Color: colors, Peek: true}, helped(func(s *session) {
					s.keys(view.keys...)
					s.wait(view.wait)
					screen = s.model.View()
				}))
				golden.RequireEqual(t, screen)
			})
		}
	}
}
