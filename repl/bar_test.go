package repl_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"github.com/segq/segq/repl"
)

// widths are those of screens that people have.
var widths = [][2]int{{40, 12}, {80, 24}, {100, 30}, {200, 60}}

// underway makes a job run and see a share of its rows.
func underway(begun int, share float64) func(*repl.Job) {
	return func(j *repl.Job) { j.State, j.Attempt, j.Partitions = repl.Running, 1, parts(20, begun, share) }
}

const long = `homeAddress.countryCode = "CA" and xEvent[eventType = "commerce.purchases"].count() >= 3 and `

// TestSideBySide: of long rules that differ in one clause the bars show that clause; count and estimate come before the
// bar where the screen is narrow; and each phase is said.
func TestSideBySide(t *testing.T) {
	sizesOf(t, func(s *session) {
		s.keys(long+`loyalty.tier = "gold"`, "enter", long+`loyalty.tier = "platinum"`, "enter", long+`person.age > 30`, "enter")
		s.keys(`women: person.gender = "female"`, "enter", `email.matches(".*@example.com")`, "enter")
		for n := 1; n <= 3; n++ {
			s.backend.job(n, underway(20, 0.02*float64(n)))
		}
		s.backend.job(4, func(j *repl.Job) { j.Place = 3 })
		s.backend.job(5, func(j *repl.Job) {
			j.State, j.Loading = repl.Running, repl.Loading{Done: 78, Total: 100, Columns: 3}
		})
		s.wait(time.Second)
		for n := 1; n <= 3; n++ {
			s.backend.job(n, underway(20, 0.2*float64(n)))
		}
		s.backend.job(4, underway(20, 0))
		s.wait(1500 * time.Millisecond)
		s.printed = append(s.printed, s.model.View(), "-- later, and one is cancelled --")
		s.backend.job(1, underway(20, 0.99))
		s.backend.job(2, underway(20, 1))
		s.backend.job(4, underway(4, 0.1))
		s.backend.job(5, func(j *repl.Job) { j.Loading.Columns, j.Loading.Done = 1, 5 })
		s.keys(".cancel #3", "enter")
		s.wait(100 * time.Millisecond)
	}, widths...)
}

// TestWorkerLost: that a worker was lost is said, and that another counts again from the beginning, until it has come as
// far. Nothing goes backwards meanwhile, and over other data nothing of before is kept.
func TestWorkerLost(t *testing.T) {
	sizesOf(t, func(s *session) {
		s.keys(`a = 1`, "enter", `b = 2`, "enter", `c = 3`, "enter")
		for n := 1; n <= 3; n++ {
			s.backend.job(n, underway(20, 0.41))
			s.backend.job(n, func(j *repl.Job) { j.Snapshot = "s1" })
		}
		s.wait(5 * time.Second)
		s.printed = append(s.printed, s.model.View(), "-- lost --")
		for n := 1; n <= 3; n++ {
			s.backend.job(n, func(j *repl.Job) { j.State, j.Partitions, j.Place = repl.Suspect, nil, n })
		}
		s.backend.job(3, func(j *repl.Job) { j.Unserved = "segq --serve DATA" })
		s.wait(100 * time.Millisecond)
		s.printed = append(s.printed, s.model.View(), "-- one runs alone --")
		s.backend.job(1, underway(20, 0.02))
		s.backend.job(1, func(j *repl.Job) { j.Attempt = 2 })
		s.backend.job(2, func(j *repl.Job) { j.Before = "job-1" })
		s.backend.job(3, func(j *repl.Job) { j.Unserved, j.Before = "", "somebody's" })
		s.wait(100 * time.Millisecond)
		s.printed = append(s.printed, s.model.View(), "-- another --")
		s.backend.job(1, underway(20, 0.12))
		s.backend.job(2, underway(20, 0.43))
		s.backend.job(3, underway(20, 0.12))
		for n := 1; n <= 3; n++ {
			s.backend.job(n, func(j *repl.Job) { j.Attempt, j.Snapshot = 2, fmt.Sprintf("s%d", 1+n/3) })
		}
		s.wait(100 * time.Millisecond)
	}, widths...)
}

// TestWaiting: who waits says for what.
func TestWaiting(t *testing.T) {
	sizesOf(t, func(s *session) {
		s.keys(`homeAddress.countryCode = "CA"`, "enter", "b = 2", "enter", "c = 3", "enter", "d = 4", "enter")
		s.backend.job(1, func(j *repl.Job) { j.Unserved = "segq --serve profiles.parquet" })
		s.backend.job(2, func(j *repl.Job) { j.State, j.Error = repl.Delayed, "the file cannot be read:\nit is locked" })
		s.backend.job(3, func(j *repl.Job) { j.Place = 1 })
		s.backend.job(4, func(j *repl.Job) { j.Place = 112 })
		s.wait(100 * time.Millisecond)
	}, widths...)
}

// TestManyRunning: past five there is a line for all, and the newest two.
func TestManyRunning(t *testing.T) {
	sizesOf(t, func(s *session) {
		for i := range 200 {
			s.keys(fmt.Sprintf(`%sperson.age > %d`, long, i), "enter")
			switch {
			case i < 150:
				s.backend.job(i+1, underway(20, 0.05+0.002*float64(i)))
			case i < 160:
				s.backend.job(i+1, func(j *repl.Job) { j.State, j.Loading = repl.Running, repl.Loading{Done: 1, Total: 9} })
			case i >= 198:
				s.backend.job(i+1, func(j *repl.Job) { j.Place = i - 159 })
			}
		}
		s.wait(100 * time.Millisecond)
		s.printed = nil
	}, widths...)
}

// TestTimeLeft: how long it takes is told when that is known, never absurd; where there is no news, that is told.
func TestTimeLeft(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter")
		left := func() string {
			for l := range strings.SplitSeq(ansi.Strip(s.model.View()), "\n") {
				if strings.HasPrefix(l, "#1") {
					_, after, _ := strings.Cut(l, " %  ")
					_, after, _ = strings.Cut(after, " %")
					return strings.TrimSpace(after)
				}
			}
			return "no line"
		}
		grow := func(from, to float64, over time.Duration) {
			for at := time.Duration(0); at < over; at += 100 * time.Millisecond {
				s.backend.job(1, underway(20, from+(to-from)*float64(at)/float64(over)))
				s.wait(100 * time.Millisecond)
			}
		}
		grow(0, 0.01, 800*time.Millisecond)
		if got := left(); got != "" {
			t.Errorf("%q after so little", got)
		}
		grow(0.01, 0.11, 5*time.Second)
		if got := left(); got < "44 s left" || got > "48 s left" { // of 0.02 a second; more slowly before
			t.Errorf("%q, want about 45 s", got)
		}
		for at := time.Duration(0); at < 8*time.Second; at += 100 * time.Millisecond { // it hangs: the time left does not grow meanwhile
			s.wait(100 * time.Millisecond)
			if got := left(); strings.Contains(got, "left") && (at > 2*time.Second || got > "48 s left") {
				t.Errorf("%q after %v of silence", got, at)
			}
		}
		if got := left(); got != "no news 7 s" && got != "no news 8 s" {
			t.Errorf("%q in the silence", got)
		}
		grow(0.11, 0.11+1e-6, time.Second) // a row in a second
		if got := left(); strings.Contains(got, "left") && !strings.HasSuffix(got, " m left") {
			t.Errorf("%q when it hardly moves", got)
		}
		s.wait(8 * time.Second)
		for at := time.Duration(0); at < 5*time.Second; at += 100 * time.Millisecond { // it goes on, as fast as before
			s.backend.job(1, underway(20, 0.12+0.02*at.Seconds()))
			s.wait(100 * time.Millisecond)
			if got := left(); strings.Contains(got, "left") && (got < "38 s left" || got > "46 s left") {
				t.Errorf("%q when it goes on", got)
			}
		}
		grow(0.23, 0.999, 5*time.Second)
		s.backend.job(1, underway(20, 1))
		s.wait(100 * time.Millisecond)
		if got := left(); got != "" {
			t.Errorf("%q when all is seen", got)
		}
		s.wants("finishing")
	})
}
