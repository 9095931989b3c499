package repl_test

import (
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// Up and Down go through the rows of the screen, and keep the column; the history comes behind the first.
func TestRowsOfALongLine(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("earlier = 1", "enter")
		s.backend.job(1, answer(1, 2, 0))
		s.wait(200_000_000)
		s.send(tea.WindowSizeMsg{Width: 40, Height: 20})
		s.paste("aaaa = 1 and bbbb = 2 and cccc = 3 and dddd = 4 and eeee = 5 and ffff = 6\nlast = 1")
		s.keys("up", "X")
		s.wants("ffff = 6X")
		s.keys("up", "Y", "up", "Z")
		s.wants("dddYd")
		s.wants(" = 1 aZ")
		s.keys("down", "down", "down", "!")
		s.wants(" ...> last = 1!")
	})
	flow(t, func(s *session) {
		s.keys("earlier = 1", "enter")
		s.backend.job(1, answer(1, 2, 0))
		s.wait(200_000_000)
		s.send(tea.WindowSizeMsg{Width: 40, Height: 20})
		s.paste("earlier = 1 and bbbb = 2 and cccc = 3 and dddd = 4")
		s.keys("up", "home", "X")
		s.wants("segq> Xearlier = 1 and")
	})
}
