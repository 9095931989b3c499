package repl_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/exp/golden"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl"
)

func TestEmpty(t *testing.T) { sizes(t, func(*session) {}) }

func TestTyping(t *testing.T) {
	sizes(t, func(s *session) {
		s.keys(`homeAddress.countryCode = "CA" and`, "enter", `  person.gender = "female"`, "left")
	})
}

func TestStyled(t *testing.T) {
	var screen string
	play(t, 80, 24, repl.Options{Color: true}, func(s *session) {
		s.keys(`not homeAddress.city.startsWith("Os") and`, "enter", `  orders.count() >= 12 // many`)
		screen = s.screen()
	})
	golden.RequireEqual(t, screen)
}

// parts returns n partitions of a million rows in all, with the given share of
// the rows of the first begun partitions seen, and one in four of those matched.
func parts(n, begun int, share float64) []repl.Partition {
	ps := make([]repl.Partition, n)
	for i := range ps {
		ps[i].Total = 1_000_000 / int64(n)
		if i < begun {
			ps[i].Rows = int64(float64(ps[i].Total) * share)
			ps[i].Matched = ps[i].Rows/4 + int64(i%3)*100
		}
	}
	return ps
}

func TestRunning(t *testing.T) {
	sizes(t, func(s *session) {
		s.keys(`homeAddress.countryCode = "CA"`, "enter")
		s.keys(`women: person.gender = "female"`, "enter")
		s.keys(`exists X from xEvent where X.eventType = "purchase"`, "enter")
		s.wait(50 * time.Millisecond)
		s.backend.job(1, func(j *repl.Job) { j.State, j.Partitions = repl.Running, parts(20, 12, 0.25) })
		s.wait(100 * time.Millisecond)
		s.backend.job(1, func(j *repl.Job) { j.Partitions = parts(20, 16, 0.5) })
		s.backend.job(2, func(j *repl.Job) {
			j.State, j.Partitions = repl.Running, []repl.Partition{{Rows: 1200, Matched: 7}}
		})
		s.wait(100 * time.Millisecond)
	})
}

func answer(count, total int, took time.Duration) func(*repl.Job) {
	return func(j *repl.Job) {
		j.State = repl.Done
		j.Answer = &record.Record{Count: &count, Total: &total, Exact: true, ElapsedMS: float64(took) / float64(time.Millisecond)}
	}
}

func TestAnswers(t *testing.T) {
	sizes(t, func(s *session) {
		s.keys(`homeAddress.countryCode = "CA"`, "enter", "women: person.gender = \"female\"", "enter")
		s.keys("orders.sum(total)", "enter", "homeAddress.countryCode", "enter", "person.nosuch = 1", "enter")
		s.backend.job(1, answer(123_456, 2_000_000, 41*time.Millisecond))
		s.backend.job(2, answer(1, 2_000_000, 3*time.Second))
		s.backend.job(2, func(j *repl.Job) {
			j.Answer.Cached, j.Answer.Exact, j.Answer.Sample = true, false, []string{"p-1", "p\x1b[2J-2"}
		})
		s.backend.job(3, answer(1_999_000, 2_000_000, time.Millisecond))
		s.backend.job(3, func(j *repl.Job) { j.Answer.Type = "float" })
		s.backend.job(4, answer(2_000_000, 2_000_000, time.Millisecond))
		s.backend.job(4, func(j *repl.Job) {
			j.Answer.Type = "string"
			j.Answer.Values = &record.Values{Present: 2_000_000, Distinct: 120, Top: []record.ValueCount{
				{Value: "US", Count: 1_200_000}, {Value: "CA", Count: 99_000}, {Value: "evil\u202etext", Count: 1},
			}}
		})
		s.backend.job(5, func(j *repl.Job) { j.State, j.Error = repl.Failed, "the worker ran out of memory\ntry --memory 8G" })
		s.wait(100 * time.Millisecond)
		s.backend.job(6, answer(1_999_000, 2_000_000, time.Second))
		s.backend.job(6, func(j *repl.Job) {
			j.Answer.Type = "float"
			j.Answer.Values = &record.Values{Present: 1_999_000, Numeric: true, Min: 0, Average: 41.25, Max: 99.5, Sum: 82_458_750}
		})
		s.wait(100 * time.Millisecond)
	})
}

// TestValuesFollowTheCount sees for which answers the session asks for values: those of
// queries that were typed alone and are no conditions, and have none yet.
func TestValuesFollowTheCount(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("orders.sum(total)", "enter", "a: orders.count(); b: orders.count()", "enter")
		s.keys(`person.gender = "female"`, "enter", "orders", "enter")
		valued := func(j *repl.Job) { j.Answer.Type = "float" }
		for n := 1; n <= 5; n++ {
			s.backend.job(n, answer(7, 10, time.Second))
		}
		s.backend.job(1, valued)
		s.backend.job(2, valued)
		s.backend.job(3, valued)
		s.backend.job(5, answer(0, 10, time.Second)) // of no profile there are no values
		s.backend.job(5, valued)
		s.wait(200 * time.Millisecond)
		if got, want := s.backend.submitted[5:], []repl.Query{{Text: "orders.sum(total)", Values: true}}; !slices.Equal(got, want) {
			t.Errorf("asked for %+v, want %+v", got, want)
		}
		if !strings.Contains(s.screen(), "#1  orders.sum(total)  →  7 of 10 (70.00 %)  exact  1.0 s") {
			t.Errorf("the count waits for the values:\n%s", s.screen())
		}
	})
}

func TestErrors(t *testing.T) {
	sizes(t, func(s *session) {
		s.keys(`person.gender = "female" and person.firstName = "Ann" and homeAdress.city = "Oslo"`, "enter")
		s.keys(`person.gender == "male"`, "enter")
		s.keys(".shcema", "enter", ".quit now", "enter")
	})
}

func TestLoadReport(t *testing.T) {
	flow(t, func(s *session) {
		s.keys(".load", "enter")
		s.settle()
		s.wants("412 rows left out, unreadable:")
		s.wants("  profiles.csv:7: 3 fields instead of 4")
		s.lacks("takes a while")
		s.backend.counts = make(chan struct{})
		s.keys(".load", "enter")
		s.wait(3 * time.Second)
		s.wants("counting how the fields are filled, which takes a while …")
		close(s.backend.counts)
		s.settle()
		s.backend.counts = nil
		s.backend.silent = errors.New("the data is gone")
		s.keys(".load", "enter")
		s.settle()
		s.wants("error: the data is gone")
	})
}

func TestCancel(t *testing.T) {
	sizes(t, func(s *session) {
		s.keys(`person.gender = "male"`, "enter", `person.gender = "female"`, "enter", "half typed", "ctrl+c", "ctrl+c")
		s.wait(100 * time.Millisecond)
		if got := strings.Join(s.backend.cancelled, " "); got != "job-2" {
			s.t.Errorf("cancelled %q, want job-2 alone", got)
		}
		if !strings.Contains(s.model.View(), "cancelling…") || strings.Contains(s.screen(), "cancelled") {
			s.t.Errorf("said cancelled before the worker did:\n%s", s.screen())
		}
		s.keys("ctrl+c")
		s.wait(100 * time.Millisecond)
		s.backend.job(2, func(j *repl.Job) { j.State = repl.Cancelled })
		s.backend.job(1, answer(5, 10, time.Second)) // the answer overtook the cancellation
		s.wait(100 * time.Millisecond)
		s.keys("ctrl+c")
		if s.quit {
			s.t.Error("Ctrl-C ended the session")
		}
	})
}

func TestLeaveWhileRunning(t *testing.T) {
	sizes(t, func(s *session) {
		s.keys(`person.gender = "male"`, "enter", `person.gender = "female"`, "enter", "ctrl+d")
	})
}

func TestSearch(t *testing.T) {
	sizes(t, func(s *session) {
		s.keys("one: homeAddress.city = \"Oslo\"", "enter", "homeAddress.countryCode = \"NO\" and", "enter", "  person.gender = \"female\"", "enter")
		s.backend.job(1, answer(1_234_567, 2_000_000, time.Second))
		s.backend.job(2, answer(987, 2_000_000, time.Second))
		s.backend.job(2, func(j *repl.Job) { j.Answer.Exact = false })
		s.wait(3 * time.Minute)
		s.keys("exists X from xEvent where X.eventType = \"purchase\" and X.homeAddress = 1", "enter", "homeAdress = 1", "enter", ".fields home", "enter")
		s.backend.job(3, func(j *repl.Job) { j.State = repl.Cancelled })
		s.wait(100 * time.Millisecond)
		s.printed = nil
		s.keys("draft", "ctrl+r", "homeA")
		s.printed = append(s.printed, s.model.View(), "-- older, then of letters alone --")
		s.keys("ctrl+r", "ctrl+r", "ctrl+r", "ctrl+u", "hacc")
	})
}

func TestHelpAndSchema(t *testing.T) {
	sizes(t, func(s *session) {
		s.keys(".help", "enter", ".help cancel", "enter", ".schema", "enter", ".schema homeaddress", "enter", ".fields code", "enter", ".jobs", "enter")
	})
}

func TestTroubleAndManyLines(t *testing.T) {
	sizes(t, func(s *session) {
		s.keys(`person.gender = "male"`, "enter")
		s.backend.silent = errBroken
		s.wait(500 * time.Millisecond)
		s.send(tea.KeyMsg{Type: tea.KeyRunes, Paste: true, Runes: []rune(strings.Repeat("a = 1 or\r\n", 70) + "b\x1b[31m = \"日本語 👩\"\t")})
	})
}
