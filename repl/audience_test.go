package repl_test

import (
	"testing"
	"time"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl"
)

// answered ends the n-th job with the answer of an operation.
func (s *session) answered(n, count int, fill func(*record.Record)) {
	total := 2000
	r := &record.Record{Status: record.OK, Count: &count, Total: &total, Exact: true, Snapshot: "9f2c4ab1", ElapsedMS: 12}
	fill(r)
	s.backend.job(n, func(j *repl.Job) { j.State, j.Answer = repl.Done, r })
	s.wait(200 * time.Millisecond)
}

// asked is the n-th query that was submitted.
func (s *session) asked(n int) repl.Query {
	s.t.Helper()
	if len(s.backend.submitted) < n {
		s.t.Fatalf("%d queries were submitted, and not %d:\n%s", len(s.backend.submitted), n, s.screen())
	}
	return s.backend.submitted[n-1]
}

// An audience is nothing or _ for the last one, a number, a name, or a query that is written there.
func TestAudiences(t *testing.T) {
	for _, test := range []struct{ written, text string }{
		{".funnel", `b = 2`},
		{".funnel _", `b = 2`},
		{".funnel #1", `a = 1`},
		{".funnel 1", `a = 1`},
		{".funnel #1;", `a = 1`},
		{".funnel query 1", `a = 1`},
		{"  .FUNNEL  #1 ", `a = 1`},
		{".funnel gold", `a = 1`},
		{".funnel #gold", `a = 1`},
		{".funnel c = 3  and  d = 4", `c = 3  and  d = 4`},
		{".funnel (homeAddress.city = 1)", `(homeAddress.city = 1)`},
	} {
		flow(t, func(s *session) {
			s.keys("gold: a = 1", "enter", "b = 2", "enter", test.written, "enter")
			if got := s.asked(3); got.Text != test.text || got.Asks == nil || got.Asks.Op != repl.Funnel {
				s.t.Errorf("%q asks %+v", test.written, got)
			}
		})
	}
}

// What a command was about stays the last audience, and is found by the number of what was asked.
func TestAudienceOfAnOperation(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter", "b = 2", "enter", ".funnel #1", "enter", ".funnel", "enter", ".funnel #4", "enter", ".funnel #2", "enter")
		for i, want := range []string{"a = 1", "a = 1", "a = 1", "b = 2"} {
			if got := s.asked(3 + i); got.Text != want {
				s.t.Errorf("%d: %s, want %s", 3+i, got.Text, want)
			}
		}
	})
}

// A text behind a command does not become the last audience, whether it is answered or fails.
func TestWrittenIsNoLastAudience(t *testing.T) {
	for _, written := range []string{".funnel b = 2", ".sample 3 b = 2", ".by homeAddress.city b = 2", ".why p-1 b = 2", ".lift b = 2", ".near b = 2", ".values 1 + 1", ".export v.csv b = 2", ".save x b = 2"} {
		flow(t, func(s *session) {
			s.keys("a = 1", "enter", written, "enter")
			s.backend.job(2, func(j *repl.Job) { j.State, j.Error = repl.Failed, "out of luck" })
			s.wait(200 * time.Millisecond)
			s.keys(".funnel", "enter")
			if got := s.asked(3); got.Text != "a = 1" {
				s.t.Errorf("behind %q the last audience is %s", written, got.Text)
			}
		})
	}
}

// What is no condition is no audience: nothing is asked, and the last audience stays.
func TestNoCondition(t *testing.T) {
	for _, test := range [][3]string{
		{".sample -1", "-1 is a number", ".sample takes a number of profiles from 1 on"},
		{".sample 0", "0 is a number", ".sample takes a number of profiles from 1 on"},
		{".by homeAddress.city 0", "0 is a number", ".by takes a number of values from 1 on"},
		{".by homeAddress.city -3", "-3 is a number", "behind the field"},
		{".by 2 homeAddress.city", "homeAddress.city is a field (text)", ".by takes the field first: .by homeAddress.city 2"},
		{".by 2 person", "", ".by"},
		{`.funnel "my seg"`, `no query of this session is called "my seg"`, "no saved segment"},
		{".funnel homeAddress.city", "homeAddress.city is a field (text)", "homeAddress.city.isNotNull()"},
		{".export v.csv person", "person is a field (object)", "person.isNotNull()"},
		{".save vip 1 + 2", "1 + 2 is a number", "compare it"},
		{".lift [1, 2]", "[1, 2] is a list", "write a condition"},
		{".diff #1 -1", "-1 is a number", "write a condition"},
		{".overlap #1; -1", "-1 is a number", "write a condition"},
	} {
		flow(t, func(s *session) {
			s.keys("a = 1", "enter", test[0], "enter")
			s.wants(test[1])
			s.wants(test[2])
			s.keys(".funnel", "enter")
			if got := s.asked(2); got.Text != "a = 1" || got.Asks.Op != repl.Funnel {
				s.t.Errorf("%s: asked %+v", test[0], got)
			}
		})
	}
}

func TestNoAudience(t *testing.T) {
	for written, says := range map[string]string{
		".funnel":                        "there is no audience yet",
		".funnel #1":                     "no query of this session is called #1",
		".funnel gold":                   "no query of this session is called gold",
		`.funnel homeAdress.city = "CA"`: "did you mean homeAddress? (Tab takes it)",
	} {
		flow(t, func(s *session) {
			s.keys(written, "enter")
			s.wants(says)
			if len(s.backend.submitted) > 0 {
				s.t.Errorf("%s: submitted %+v", written, s.backend.submitted)
			}
		})
	}
	flow(t, func(s *session) {
		s.keys("gold: a = 1", "enter", ".funnel golf", "enter")
		s.wants("did you mean gold?")
		s.keys(".funnel #7", "enter")
		s.wants("the newest is #1; names: gold")
	})
}

// A command about a query that is written in it keeps its place among what was entered.
func TestCommandsKeepTheirPlace(t *testing.T) {
	flow(t, func(s *session) {
		s.backend.checks = make(chan struct{})
		s.keys("a = 1", "enter", ".funnel", "enter", ".funnel b = 2", "enter", "c = 3", "enter", ".funnel", "enter")
		if len(s.backend.submitted) > 0 {
			s.t.Error("submitted before it was checked")
		}
		close(s.backend.checks)
		s.settle()
		for i, want := range []string{"a = 1", "a = 1", "b = 2", "c = 3", "c = 3"} {
			if got := s.asked(i + 1); got.Text != want {
				s.t.Errorf("%d: %s, want %s", i+1, got.Text, want)
			}
		}
	})
}

func TestFunnel(t *testing.T) {
	sizes(t, func(s *session) {
		s.keys(`loyalty.tier = "gold" and homeAddress.countryCode = "CA" and xEvent.count() >= 3`, "enter")
		s.backend.job(1, answer(14, 2000, time.Millisecond))
		s.wait(100 * time.Millisecond)
		s.keys(".funnel", "enter")
		s.answered(2, 14, func(r *record.Record) {
			r.Funnel = []record.Clause{
				{Clause: `loyalty.tier = "gold"`, Alone: 262, SoFar: 262, Kept: 0.131, Without: 138},
				{Clause: `homeAddress.countryCode = "CA"`, Alone: 295, SoFar: 26, Kept: 0.0992, Without: 160, CostsMost: true},
				{Clause: `xEvent.count() >= 3`, Alone: 988, SoFar: 14, Kept: 0.538, Without: 26},
			}
		})
		s.keys(".funnel #1", "enter") // is running
		s.keys(".help funnel", "enter", ".funnel", "enter")
	})
}
