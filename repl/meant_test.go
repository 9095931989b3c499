package repl_test

import (
	"testing"
	"time"
)

// TestMeantInstead: what is nearly a command, or a query, says what to write, and Tab takes it.
func TestMeantInstead(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("gold: a = 1", "enter", "silver: b = 2", "enter")
		for n := 1; n <= 2; n++ {
			s.backend.job(n, answer(9, 2000, time.Millisecond))
		}
		s.wait(200 * time.Millisecond)
		for _, c := range [][3]string{
			{".by orders.count()", "hint: write .values orders.count() (Tab takes it)", ".values orders.count()"},
			{".by homeAddress.countryCode, a", "hint: write .by homeAddress.countryCode (Tab takes it)", ".by homeAddress.countryCode"},
			{".lift a b #1", "hint: write .lift a, b #1 (Tab takes it)", ".lift a, b #1"},
			{".saved rm vip", "hint: write .saved drop vip (Tab takes it)", ".saved drop vip"},
			{".delete vip", "hint: write .saved drop vip (Tab takes it)", ".saved drop vip"},
		} {
			s.keys(c[0], "enter")
			s.wait(200 * time.Millisecond)
			s.wants(c[1])
			s.keys("tab")
			s.wants("segq> " + c[2])
			s.keys("ctrl+c")
		}
		s.says([][2]string{
			{".forget p000004", "hint: segq forget ID, outside of sessions, finds what is kept of a person"},
			{".set foo = 3", "@foo = 3, a parameter of queries: there is no setting foo"},
			{".prepare t a = @x and b = @y", "prepared t"},
		}...)
		s.keys(".overlap gold, silver", "enter")
		if got := s.asked(3); len(got.Asks.Others) != 1 || got.Asks.Others[0].Text != "b = 2" {
			s.t.Errorf("asked %+v", got)
		}
		s.backend.job(3, answer(9, 2000, time.Millisecond))
		s.wait(200 * time.Millisecond)
	})
}
