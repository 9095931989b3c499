package repl_test

import (
	"testing"

	"github.com/segq/segq/repl"
)

// The input is edited with the keys of vi where that is asked for; the prompt says which keys command.
func TestViKeys(t *testing.T) {
	play(t, 80, 24, repl.Options{Vi: true}, func(s *session) {
		s.keys(`loyalty.tier = "gold"`, "esc", `ci"silver`)
		s.shows(`segq> loyalty.tier = "silver"`)
		s.keys("esc", "0", "dw")
		s.shows(`segq: .tier = "silver"`)
		s.keys("u")
		s.shows(`segq: loyalty.tier = "silver"`)
		s.keys("ctrl+c")
		s.shows("segq>")
		s.keys("a = 1", "enter", "esc", "k")
		s.shows("segq: a = 1")
		s.keys("/")
		s.shows("search:")
		s.finishAll()
	})
}
