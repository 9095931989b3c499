package repl_test

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// TestLeaveWhileSubmitting: a query that is on its way into the queue when the session is left is cancelled, too, though
// nobody knew its id by then.
func TestLeaveWhileSubmitting(t *testing.T) {
	flow(t, func(s *session) {
		arrives := make(chan struct{})
		s.backend.holds = arrives
		s.keys("a = 1", "enter", "ctrl+d", "ctrl+d")
		if s.quit {
			t.Error("left before the query was cancelled")
		}
		close(arrives)
		s.send(tea.FocusMsg{})
		if got := strings.Join(s.backend.cancelled, " "); !s.quit || got != "job-1" {
			t.Errorf("left: %v, cancelled %q", s.quit, got)
		}
	})
}
