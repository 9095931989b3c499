package repl_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl"
)

// Two audiences are compared in one pass, and the answer says who enters, leaves and stays.
func TestDiff(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter", "b = 2", "enter", ".diff #1 #2", "enter")
		got := s.asked(3)
		if got.Text != "a = 1" || got.Asks == nil || got.Asks.Op != repl.Overlap || len(got.Asks.Others) != 1 || got.Asks.Others[0].Text != "b = 2" {
			s.t.Fatalf("asked %+v %+v", got, got.Asks)
		}
		s.answered(3, 0, func(r *record.Record) {
			r.Count = nil
			r.Overlap = &record.Overlap{Names: []string{"a = 1", "b = 2"}, Both: [][]int{{100, 70}, {70, 95}}, Jaccard: [][]float64{{1, .5}, {.5, 1}}, Only: []int{30, 25}, All: 70, Any: 125, Distinct: 3}
		})
		s.wants("entered 25 · left 30 · stayed 70 · 100 before, 95 now")
		s.says([][2]string{{".diff", "error: say what to compare"}, {".diff #9", "error: no query of this session is called #9"}}...)
	})
}

// A saved segment is compared with the members that were kept: by the ids of its profiles now.
func TestDiffOfASavedSegment(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("vip: a = 1", "enter")
		s.backend.job(1, answer(262, 2000, time.Millisecond))
		s.backend.job(1, func(j *repl.Job) { j.Answer.Snapshot = "9f2c4ab1" })
		s.wait(200 * time.Millisecond)
		s.says([2]string{".save vip", "saved vip: 262"}, [2]string{".diff vip", "the members of vip, version 1, were not saved"})
		s.keys(".save vip --members", "enter")
		if got := s.asked(2); got.Asks == nil || got.Asks.Op != repl.Save || !got.Asks.Members || got.Asks.Into != "vip" || got.Text != "a = 1" {
			s.t.Fatalf("asked %+v", got)
		}
		s.answered(2, 262, func(r *record.Record) { r.Saved = s.backend.keepMembers("vip", s.asked(2), 262) })
		s.wants("saved vip as version 2 · with 262 members · in the store")
		s.keys(".diff vip", "enter")
		if got := s.asked(3); got.Asks == nil || got.Asks.Op != repl.Diff || got.Asks.Saved != "vip@2" || got.Asks.Against != nil {
			s.t.Fatalf("asked %+v", got)
		}
		s.answered(3, 266, func(r *record.Record) {
			r.Diff = &record.Diff{
				Before:  record.DiffSide{Profiles: 262, Saved: "vip", Version: 2, Members: true, Snapshot: "9f2c4ab1", At: time.Unix(1_800_000_000, 0)},
				Now:     record.DiffSide{Profiles: 265, Without: 1, Saved: "vip", Version: 2, Snapshot: "9f2c4ab1"},
				Entered: 12, Left: 9, Stayed: 253,
			}
		})
		s.wants("entered 12 · left 9 · stayed 253 · 262 before, 265 now")
		s.wants("before: the members of vip, version 2, kept at 2027-01-15 08:00 UTC")
		s.wants("now: vip, version 2, in the data 9f2c4ab1, of the same data")
		s.wants("1 profile without an id: not compared")
		s.keys(`.diff vip --against old.csv "b c.csv"`, "enter")
		if got := s.asked(4); got.Asks == nil || got.Asks.Saved != "vip@2" || strings.Join(got.Asks.Against, ",") != "old.csv,b c.csv" {
			s.t.Fatalf("asked %+v", got.Asks)
		}
		s.answered(4, 266, func(*record.Record) {})

		s.keys(".diff vip --against old.csv --type mail=text", "enter")
		if got := s.asked(5); got.Asks == nil || strings.Join(got.Asks.Against, ",") != "old.csv,--type,mail=text" {
			s.t.Fatalf("asked %+v", got.Asks)
		}
		s.wants("#5  vip, version 2, in old.csv, and…")
		s.answered(5, 266, func(*record.Record) {})
		s.backend.noIDs, s.backend.noData = errors.New("there are no ids"), errors.New("no other data")
		s.says([][2]string{
			{".diff vip", "error: there are no ids"},
			{".save vip --members", "error: there are no ids"},
			{".diff vip --against old.csv", "error: no other data"},
			{".diff vip --agianst old.csv", "there is no --agianst: .diff takes --against DATA"},
			{".diff vip --against", "--against needs other data"},
			{".diff vip --against --type mail=text", "--against needs other data"},
			{".diff #1 --against old.csv", "--against compares a saved segment, and #1 is none"},
			{".diff --against old.csv", "say what to compare"},
			{".save vip --mambers", "there is no --mambers"},
		}...)
		if n := len(s.backend.submitted); n != 5 {
			s.t.Errorf("%d queries", n)
		}
	})
}

// The name of a saved segment is an audience, also where other commands stand around it.
func TestSavedSegmentIsAnAudience(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter")
		s.backend.job(1, answer(262, 2000, time.Millisecond))
		s.backend.job(1, func(j *repl.Job) { j.Answer.Snapshot = "9f2c4ab1" })
		s.wait(200 * time.Millisecond)
		s.says([2]string{".save vip", "saved vip"}, [2]string{".funnel vop", "did you mean vip?"})
		s.keys("b = 2", "enter", ".funnel vip", "enter", ".funnel", "enter", ".overlap #2 vip", "enter", ".diff vip #2", "enter")
		for n, text := range map[int]string{3: "a = 1", 4: "a = 1", 5: "b = 2", 6: "a = 1"} {
			if got := s.asked(n); got.Text != text {
				s.t.Errorf("%d asks %s, want %s", n, got.Text, text)
			}
		}
		if o := s.asked(5).Asks.Others; len(o) != 1 || o[0].Text != "a = 1" {
			s.t.Errorf("overlap with %+v", o)
		}
	})
}

// The line of why says the number of the audience, and the answer does not say it again.
func TestWhySaysTheAudienceOnce(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter", "gold: b = 2", "enter", ".why p-1 #1", "enter", ".why p-1 gold", "enter")
		for n, name := range map[int]string{3: "", 4: "gold"} {
			if got := s.asked(n); got.Name != name || got.Asks == nil || got.Asks.Op != repl.Why {
				s.t.Errorf("%d asks %+v", n, got)
			}
		}
	})
}
