package repl_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl"
)

// What is written behind a command is what is asked.
func TestOperations(t *testing.T) {
	for _, test := range []struct {
		written, text string
		want          repl.Operation
	}{
		{".by homeAddress.city", "b = 2", repl.Operation{Op: repl.Breakdown, By: "homeAddress.city", Top: 15}},
		{".by homeAddress.city all", "b = 2", repl.Operation{Op: repl.Breakdown, By: "homeAddress.city", Top: 1000}},
		{".by homeAddress.city 3 #1", "a = 1", repl.Operation{Op: repl.Breakdown, By: "homeAddress.city", Top: 3}},
		{".by homeAddress.city gold", "a = 1", repl.Operation{Op: repl.Breakdown, By: "homeAddress.city", Top: 15}},
		{".by homeAddress.city c = 3 and d = 4", "c = 3 and d = 4", repl.Operation{Op: repl.Breakdown, By: "homeAddress.city", Top: 15}},
		{".near #1", "a = 1", repl.Operation{Op: repl.Near}},
		{".lift", "b = 2", repl.Operation{Op: repl.Lift, By: "all"}},
		{".lift #1", "a = 1", repl.Operation{Op: repl.Lift, By: "all"}},
		{".lift gold", "a = 1", repl.Operation{Op: repl.Lift, By: "all"}},
		{".lift all 100 gold", "a = 1", repl.Operation{Op: repl.Lift, By: "all", Top: 100}},
		{".lift c = 3", "c = 3", repl.Operation{Op: repl.Lift, By: "all"}},
		{".lift homeAddress.city, person.gender 5 #1", "a = 1", repl.Operation{Op: repl.Lift, By: "homeAddress.city, person.gender", Top: 5}},
		{".lift homeAddress.city c = 3", "c = 3", repl.Operation{Op: repl.Lift, By: "homeAddress.city"}},
		{".sample", "b = 2", repl.Operation{Op: repl.Rows, IDs: true, Sample: 10}},
		{".sample 20 #1", "a = 1", repl.Operation{Op: repl.Rows, IDs: true, Sample: 20}},
		{`.sample homeAddress.city = "with" and xEvent.count() > 3`, `homeAddress.city = "with" and xEvent.count() > 3`, repl.Operation{Op: repl.Rows, IDs: true, Select: "homeAddress.city, xEvent.count()", Sample: 10}},
		{".sample gold with homeAddress.city, f(a, b)", "a = 1", repl.Operation{Op: repl.Rows, IDs: true, Select: "homeAddress.city, f(a, b)", Sample: 10}},
		{".why p-1", "b = 2", repl.Operation{Op: repl.Why, Profile: "p-1"}},
		{".why 'p 1' #1", "a = 1", repl.Operation{Op: repl.Why, Profile: "p 1"}},
		{".why p-1 c = 3", "c = 3", repl.Operation{Op: repl.Why, Profile: "p-1"}},
		{".overlap", "b = 2", repl.Operation{Op: repl.Overlap, Others: []repl.Query{{Name: "gold", Text: "a = 1"}}}},
		{".overlap gold", "b = 2", repl.Operation{Op: repl.Overlap, Others: []repl.Query{{Name: "gold", Text: "a = 1"}}}},
		{".overlap gold; c = 3; #2", "a = 1", repl.Operation{Op: repl.Overlap, Others: []repl.Query{{Text: "c = 3"}, {Name: "#2", Text: "b = 2"}}}},
		{".values xEvent.count()", "xEvent.count()", repl.Operation{}},
	} {
		flow(t, func(s *session) {
			s.keys("gold: a = 1", "enter", "b = 2", "enter", test.written, "enter")
			got := s.asked(3)
			if got.Asks == nil || got.Text != test.text || got.Values != strings.HasPrefix(test.written, ".values") {
				s.t.Fatalf("%s asks %+v", test.written, got)
			}
			if diff := cmp.Diff(test.want, *got.Asks); diff != "" {
				s.t.Errorf("%s (-want +got)\n%s", test.written, diff)
			}
		})
	}
}

// What is wrong with a command asks nothing.
func TestWrongOperations(t *testing.T) {
	for written, says := range map[string]string{
		".by":                              ".by needs a field",
		".by homeAdress.city":              "did you mean homeAddress? (Tab takes it)",
		".by homeAddress.city #9":          "no query of this session is called #9",
		".lift homeAdress.city":            "did you mean homeAddress?",
		".sample 20000":                    "a sample has at most 10000 profiles",
		".sample with":                     "with needs fields",
		".why":                             ".why needs the id of a profile",
		".overlap":                         "nothing to compare it with",
		".overlap #1 #1":                   "the same audience twice",
		".overlap #1; homeAdress.city = 1": "did you mean homeAddress?",
		".near homeAdress.city = 1":        "did you mean homeAddress?",
		"#9":                               "no query of this session is called #9",
		"#golf":                            "no query of this session is called #golf",
	} {
		flow(t, func(s *session) {
			s.keys("a = 1", "enter", written, "enter")
			s.wants(says)
			if got := s.backend.submitted; len(got) > 1 {
				s.t.Errorf("%s asks %+v", written, got[1:])
			}
		})
	}
}

// What is meant in the place of a field is taken by Tab.
func TestTabMendsACommand(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter", ".by homeAdress.city 3", "enter", "tab")
		s.wants("segq> .by homeAddress.city 3")
		s.keys("enter")
		if got := s.asked(2); got.Asks == nil || got.Asks.By != "homeAddress.city" {
			s.t.Errorf("asks %+v", got)
		}
	})
}

// An overlap, why and values leave the last audience what it was.
func TestLastAudienceStays(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter", "b = 2", "enter", ".overlap #1 #2", "enter", ".values c", "enter", ".values xEvent.count()", "enter", ".funnel", "enter")
		all := s.backend.submitted
		if got := all[len(all)-1]; got.Text != "b = 2" {
			s.t.Errorf("the last audience is %s", got.Text)
		}
	})
}

// #3 alone is that query in the prompt again, with its name; an accessible session says it.
func TestRecall(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("gold: a = 1", "enter", "b = 2", "enter", "#")
		s.wants("#1  gold: a = 1")
		s.keys("1")
		if strings.Contains(s.model.View(), "error") || strings.Contains(s.model.View(), "has no") {
			s.t.Errorf("#1 is called wrong:\n%s", s.model.View())
		}
		s.keys("esc", "enter")
		s.wants("segq> gold: a = 1 \n")
		s.keys("ctrl+u", "_", "enter")
		s.wants("segq> b = 2 \n")
		s.keys("ctrl+u", "#gold;", "enter")
		s.wants("segq> gold: a = 1 \n")
		if n := len(s.backend.submitted); n != 2 {
			s.t.Errorf("%d queries ran", n)
		}
	})
	play(t, 80, 24, repl.Options{Accessible: true}, func(s *session) {
		s.keys("gold: a = 1", "enter", "#1", "enter")
		s.wants("segq> #1\ngold: a = 1")
		s.finishAll()
	})
}

// Tab takes the looser query that .near marks.
func TestTabTakesTheLooserQuery(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter", ".near", "enter")
		s.answered(2, 5, func(r *record.Record) {
			r.Near = []record.Near{{Clause: "a = 1", Missed: 7, Loosened: []record.Loosened{
				{Part: "= 1", Becomes: ">= 1", Query: "a >= 1", Adds: 2}, {Part: "1", Becomes: "in [1, 2]", Query: "a in [1, 2]", Adds: 4, Best: true},
			}}}
		})
		s.wants("the loosening that adds most: a in [1, 2]  (Tab takes it)")
		s.keys("tab")
		s.wants("segq> a in [1, 2]")
	})
}

// A condition has no values, and says so.
func TestValuesOfACondition(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter", ".values", "enter")
		s.answered(2, 5, func(*record.Record) {})
		s.wants("this is a condition, which has no values")
	})
}

// Several audiences can be asked about at once, and each question be cancelled.
func TestOperationsRunSideBySide(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter", ".near", "enter", ".lift", "enter")
		s.backend.job(2, func(j *repl.Job) { j.State, j.Partitions = repl.Running, parts(10, 10, 0.5) })
		s.wait(200 * time.Millisecond)
		s.wants("near #1")
		s.keys(".cancel #2", "enter", "ctrl+c")
		if got := strings.Join(s.backend.cancelled, " "); got != "job-2 job-3" {
			s.t.Errorf("cancelled %s", got)
		}
	})
}

func TestAnalysis(t *testing.T) {
	sizes(t, func(s *session) {
		s.keys(`ca: loyalty.tier = "gold" and homeAddress.countryCode = "CA"`, "enter", ".by homeAddress.city", "enter")
		s.answered(2, 26, func(r *record.Record) {
			r.Breakdown = &record.Breakdown{By: "homeAddress.city", Distinct: 3, Without: 2, Values: []record.ValueCount{{Value: "Ottawa", Count: 9}, {Value: "Québec", Count: 8}}}
			r.Truncated = []string{"breakdown.values"}
		})
		s.keys(".sample 2", "enter")
		s.answered(3, 26, func(r *record.Record) {
			r.Rows = &record.Rows{Columns: []record.RowColumn{{Name: "_id", Type: "string"}, {Name: "homeAddress.city", Type: "string"}}, Rows: [][]json.RawMessage{
				{[]byte(`"p-1"`), []byte(`"Ottawa"`)}, {[]byte(`"p-2"`), []byte(`null`)},
			}}
		})
		s.keys(".why p-1", "enter")
		in := true
		s.backend.job(4, func(j *repl.Job) {
			j.State, j.Answer = repl.Done, &record.Record{Status: record.OK, Why: &record.Why{Profile: "p-1", Profiles: 1, In: 1, Rules: []record.WhyRule{{
				Name: "ca", In: &in, Tree: &record.WhyClause{Kind: "test", Clause: `loyalty.tier = "gold"`, Verdict: record.WhyTrue, Values: []record.WhyValue{{Of: "loyalty.tier", Type: "string", Value: []byte(`"gold"`)}}},
			}}}}
		})
		s.wait(200 * time.Millisecond)
		s.keys(".by xEvent.eventType", "enter")
		s.backend.job(5, func(j *repl.Job) {
			j.State, j.Error = repl.Failed, "by \"xEvent.eventType\": profiles are counted by fields with one value\nhint: fields are listed by segq schema"
		})
		s.wait(200 * time.Millisecond)
		s.keys(".lift", "enter", ".ov")
	})
}
