package repl_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/repl"
)

// says types lines, and wants what follows each of them on the screen.
func (s *session) says(lines ...[2]string) {
	s.t.Helper()
	for _, l := range lines {
		s.keys(l[0], "enter")
		s.settle()
		s.wants(l[1])
	}
}

func TestSet(t *testing.T) {
	flow(t, func(s *session) {
		s.says([][2]string{
			{".set", "no parameter has a value"},
			{`.set @tier = "gold"`, `@tier = "gold"`},
			{`.set @n=3`, `@n = 3`},
			{`.set @{ctx;version=1} = {"a": "b c"}`, `@{ctx;version=1} = {"a": "b c"}`},
			{".set @bad [", "error: @bad: not JSON"},
			{".set @no-name 3", "error: @no-name is no name of a parameter"},
			{".set @tir", "error: @tir has no value; did you mean @tier?"},
			{".set tier", "@tier has no value any more"},
			{".set peek off", "peek is off"},
			{".set peek", "peek is off; it can be on, off"},
			{".set peek maybe", "error: peek cannot be maybe: use on, off"},
			{".set peak off", "error: there is no setting and no parameter peak; did you mean peek?"},
		}...)
		if got := s.backend.Params(); len(got) != 2 || got[0].Name != "ctx;version=1" || got[1] != (repl.Param{Name: "n", Value: "3"}) {
			s.t.Errorf("parameters %v", got)
		}
	})
}

func TestPrepareAndExec(t *testing.T) {
	flow(t, func(s *session) {
		s.says([][2]string{
			{".exec tier gold", "error: nothing is prepared as tier"},
			{".prepare", "nothing is prepared"},
			{".prepare tier person.tier = @tier and n > @n and other != @tier", "prepared tier; it takes @tier @n: .exec tier TIER N"},
			{".prepare tier", "it takes @tier @n"},
			{".prepare 3 a = 1", "error: 3 is no name"},
			{".prepare bad a = and", "error"},
			{".exec tier gold", "error: tier: no value is given for @n: it takes @tier @n"},
			{".exec tier gold 1 2", "error: tier: there are 3 values and it takes @tier @n"},
			{`.exec tier "gold`, `error: tier: a quote " is never closed`},
			{".exec teir gold", "error: nothing is prepared as teir; did you mean tier?"},
			{".exec", "error: say what to run"},
			{`.exec tier "New \"York\"" -3`, "#1"},
			{`.exec tier n=4 tier=["a", "b c"]`, "#2"},
			{".set @n = 7", "@n = 7"},
			{".exec tier gold", "#3"},
			{".exec bad", "error: nothing is prepared as bad"},
		}...)
		for i, want := range []string{
			`person.tier = "New \"York\"" and n > (-3) and other != "New \"York\""`,
			`person.tier = ["a", "b c"] and n > 4 and other != ["a", "b c"]`,
			`person.tier = "gold" and n > @n and other != "gold"`, // which .set has given
		} {
			if got := s.asked(i + 1).Text; got != want {
				s.t.Errorf("%d: %s, want %s", i+1, got, want)
			}
		}
	})
}

// What is wrong with a query is said when it is prepared, and it is not kept.
func TestPrepareChecks(t *testing.T) {
	flow(t, func(s *session) {
		s.says([][2]string{
			{".prepare near homeAdress.city = @city", "did you mean homeAddress?"},
			{".exec near Oslo", "error: nothing is prepared as near"},
		}...)
	})
}

func TestSaveAndSaved(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter")
		s.backend.job(1, answer(262, 2000, time.Millisecond))
		s.backend.job(1, func(j *repl.Job) { j.Answer.Snapshot = "9f2c4ab1" })
		s.wait(200 * time.Millisecond)
		s.says([][2]string{
			{".saved", "no segment is saved in the store"},
			{".save", "error: say what to call it"},
			{".save vip", "saved vip: 262 of 2,000 (13.10 %), as version 1, in the store"},
			{".saved", "vip        262  13.10 %"},
			{".saved show vip", "version 1  262 of 2,000 (13.10 %)"},
			{".saved vip", "a = 1"},
			{".saved show vop", "error: there is no saved segment vop"},
			{".saved drop", "error: say which: .saved drop NAME"},
			{".saved drop vop", "error: there is no saved segment vop"},
		}...)
		if n := len(s.backend.submitted); n != 1 {
			s.t.Errorf("%d queries: what is known was counted again", n)
		}
		s.keys(`.save "big spenders" b = 2`, "enter")
		s.backend.job(2, answer(9, 2000, time.Millisecond))
		s.wait(200 * time.Millisecond)
		s.wants("saved big spenders: 9 of 2,000 (0.45 %), as version 1, in the store")
		s.says([][2]string{{".saved drop vip \"big spenders\"", "dropped vip, big spenders"}}...)
		s.backend.broken = errors.New("the store is away")
		s.says([][2]string{
			{".save vip #1", "error: the store is away"},
			{".saved", "error: the saved segments cannot be read: the store is away"},
		}...)
	})
}

// What a segment had before is said, and names that are none are refused before anything is counted.
func TestSaveOverAnother(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter", "b = 2", "enter")
		for n := 1; n <= 2; n++ {
			s.backend.job(n, answer(9*n, 2000, time.Millisecond))
			s.backend.job(n, func(j *repl.Job) { j.Answer.Snapshot = "9f2c4ab1" })
		}
		s.wait(200 * time.Millisecond)
		s.says([][2]string{
			{".save #1", "hint: say what to call it: .save NAME #1"},
			{".save 1", "hint: say what to call it: .save NAME 1"},
			{".save _", "_ is a query of this session, and no name"},
			{`.save "#2" #1`, "#2 is a query of this session, and no name"},
			{".save ../x", `"../x" is no name of a segment`},
			{`.save " " #1`, `" " is no name of a segment`},
			{".save " + strings.Repeat("long", 33) + " #1", "is no name of a segment"},
			{".saved", "no segment is saved"},
			{".save team/vip #1", "saved team/vip: 9 of 2,000"},
			{".save vip #1", "saved vip: 9 of 2,000"},
			{".save vip #2", "it replaces version 1: a = 1, 9 of 2,000"},
		}...)
		s.wants("hint: .save vip vip@1 makes that one the newest again")
		if len(s.backend.submitted) != 2 {
			s.t.Errorf("%d queries, and not 2", len(s.backend.submitted))
		}
	})
}

// A count that does not come is no segment, nor is one of values.
func TestSaveOfNoAudience(t *testing.T) {
	flow(t, func(s *session) {
		s.keys(".save vip a = 1", "enter")
		s.backend.job(1, func(j *repl.Job) { j.State = repl.Cancelled })
		s.wait(200 * time.Millisecond)
		s.keys("orders.sum(total)", "enter")
		s.backend.job(2, answer(9, 2000, time.Millisecond))
		s.backend.job(2, func(j *repl.Job) { j.Answer.Type = "float" })
		s.wait(200 * time.Millisecond)
		s.says([][2]string{{".save sum #2", "error: #2 gives values (float), and is no condition that profiles meet"}, {".saved", "no segment is saved"}}...)
	})
}

// A name that a query of the session has means that one.
func TestSavedUnderTheNameOfAQuery(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("vip: a = 1", "enter", "b = 2", "enter")
		for n := 1; n <= 2; n++ {
			s.backend.job(n, answer(9, 2000, time.Millisecond))
			s.backend.job(n, func(j *repl.Job) { j.Answer.Snapshot = "9f2c4ab1" })
		}
		s.wait(200 * time.Millisecond)
		s.says([][2]string{
			{".save vip", "saved vip: 9 of 2,000"},
			{".saved show vip", "a = 1"},
			{".save vip _", "it replaces version 1: a = 1"},
		}...)
		s.wants("this keeps #1 (vip), which has that name; .save vip _ keeps the last audience,")
		s.says([][2]string{{".save vip #2", `in this session inSegment("vip") still asks the query of that name`}}...)
	})
}

func TestExplain(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("gold: a = 1", "enter")
		s.says([][2]string{
			{".explain", "profiles where a = 1 holds"},
			{".explain gold", "#1 (gold)"},
			{".explain plan", "plan of a = 1"},
			{".explain plan b = 2", "plan of b = 2"},
			{".explain b = 2", "profiles where b = 2 holds"},
			{".explain planned", "error: no query of this session is called planned"},
		}...)
		s.backend.plan = errors.New("how a query runs is told where the data is")
		s.says([][2]string{{".explain plan", "error: how a query runs is told where the data is"}}...)
	})
}

// TestSavedWhileTheStoreIsAway: the names of what is saved are known for longer than the store is there, and the fields of other data
// do not wait for it.
func TestSavedWhileTheStoreIsAway(t *testing.T) {
	flow(t, func(s *session) {
		s.keys("a = 1", "enter")
		s.backend.job(1, answer(262, 2000, time.Millisecond))
		s.backend.job(1, func(j *repl.Job) { j.Answer.Snapshot = "9f2c4ab1" })
		s.wait(200 * time.Millisecond)
		s.says([2]string{".save vip", "saved vip: 262 of 2,000"})
		s.backend.broken = errors.New("the store is away")
		s.backend.fields = append(s.backend.Schema(), repl.Field{Path: "newest", Type: "integer"})
		s.wait(6 * time.Second)
		s.keys("b", "backspace")
		s.settle()
		s.says([2]string{".save other viq", "did you mean vip?"})
	})
}
