package repl_test

import (
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/redisx/record"
	"github.com/segq/segq/repl"
)

// What a word behind a command cannot mean is said, with what to write.
func TestSmallMistakes(t *testing.T) {
	for _, test := range [][2]string{
		{".fields by foo", "fields have no order foo"},
		{".fields country by filed", "did you mean by filled?"},
		{".saved show my seg", `a name with blanks has quotes: .saved show "my seg"`},
	} {
		flow(t, func(s *session) {
			s.keys(test[0], "enter")
			s.wants(test[1])
		})
	}
	flow(t, func(s *session) {
		s.keys(".prepare tier loyalty.tier = @tier and loyalty.points > @points", "enter", ".exec tier TIER=gold points=1", "enter")
		s.wants("there is no @TIER; did you mean tier=?")
		s.wants(`hint: in quotes it is a text: "TIER=gold"`)
		if len(s.backend.submitted) > 0 {
			s.t.Errorf("asked %+v", s.backend.submitted)
		}
		s.keys(`.exec tier "TIER=gold" 1`, "enter")
		if got := s.asked(1).Text; got != `loyalty.tier = "TIER=gold" and loyalty.points > 1` {
			s.t.Errorf("asked %s", got)
		}
	})
}

// What a query gives is known before its answer: what wants a condition is refused at once.
func TestValuesAreKnownAtOnce(t *testing.T) {
	for _, written := range []string{".export v.csv", ".save vip", ".near", ".lift", ".overlap", ".export v.csv xEvent.count()", ".funnel xEvent.count()"} {
		flow(t, func(s *session) {
			s.keys("a = 1", "enter", "xEvent.count()", "enter", written, "enter")
			s.wants("gives values (int), and is no condition")
			if len(s.backend.submitted) != 2 {
				s.t.Errorf("%s: asked %+v", written, s.backend.submitted)
			}
		})
	}
}

// A name that was given twice is that of the newer query alone.
func TestNameGivenTwice(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("gold: a = 1", "enter", "gold: b = 2", "enter", ".funnel #1", "enter", ".funnel gold", "enter")
		if got := s.asked(3); got.Text != "a = 1" || strings.Contains(got.Name, "gold") {
			s.t.Errorf("asked %+v", got)
		}
		if got := s.asked(4); got.Text != "b = 2" || got.Name != "gold" {
			s.t.Errorf("asked %+v", got)
		}
	})
}

// Queries that are stopped together are told apart in what is left of them.
func TestStoppedAreToldApart(t *testing.T) {
	flow(t, func(s *session) {
		const rule = `exists A from xEvent, B from xEvent where A.eventType = "commerce.purchases" and A.timestamp < B.timestamp and B.price > `
		s.keys(rule+"1", "enter", rule+"22", "enter", rule+"333", "enter")
		for n := 1; n <= 3; n++ {
			s.backend.job(n, func(j *repl.Job) { j.State = repl.Cancelled })
		}
		s.wait(200 * time.Millisecond)
		for _, part := range []string{"B.price > 1", "B.price > 22", "B.price > 333"} {
			s.wants("… " + part)
		}
	})
}

// The name of an operation is seen beside others, also where it is about a long text.
func TestByOfALongText(t *testing.T) {
	flow(t, func(s *session) {
		s.keys(`.by homeAddress.city exists A from xEvent, B from xEvent where A.eventType = "commerce.purchases"`, "enter")
		s.wants("by homeAddress.city of exists A")
	})
}

// Answers in another form name the fields that are masked; of a lift, those in sight alone are named.
func TestMaskedIsSaid(t *testing.T) {
	flow(t, func(s *session) {
		s.keys(".mode csv", "enter", "a = 1", "enter")
		s.answered(1, 3, func(r *record.Record) { r.Sample, r.Masked = []string{"(masked)"}, []string{"email"} })
		s.wants("masked: email; .set personal shown shows them")
	})
}
