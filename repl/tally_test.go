package repl_test

import (
	"testing"
	"time"

	"github.com/segq/segq/lang/ast"
	"github.com/segq/segq/repl"
)

func TestCountWhileTyping(t *testing.T) {
	assisted(t, func(s *session) {
		h := s.backend.helps
		s.keys(`loyalty.tier = "gold"`)
		s.wait(90 * time.Millisecond)
		if len(h.peeked) > 0 {
			s.t.Errorf("asked for %q before the pause", h.peeked)
		}
		s.wait(20 * time.Millisecond)
		s.shows("655,210  13.10 %")
		if len(h.peeked) != 1 {
			s.t.Errorf("asked for %q", h.peeked)
		}
		s.keys(" ", "and")
		s.shows("655,210") // it still is that of what is complete
		s.keys(" a")
		s.shows("655,210")
		s.keys(" = 1")
		s.hides("655,210")
		s.keys("ctrl+u", `loyalty.tier = "gold"`)
		s.wait(150 * time.Millisecond)
		s.shows("655,210")
		s.keys(" +")
		s.hides("655,210")
		s.keys("ctrl+u", `loyalty.tier = "gold"`)
		s.wait(150 * time.Millisecond)
		s.shows("655,210")
		s.keys("left", "left", "x")
		s.hides("655,210") // no number beside another text
	})
}

// TestCountSoFar: where but a part of the text was counted, that is said, and nothing where all was.
func TestCountSoFar(t *testing.T) {
	assisted(t, func(s *session) {
		const gold = `loyalty.tier = "gold"`
		s.backend.helps.counts[gold+" and homeAddress.cou"] = counted(gold, 655_210)
		s.backend.helps.counts["("+gold] = repl.Peek{Counted: ast.Span{Start: 1, End: 1 + len(gold)}, Count: 655_210, Total: 5_000_000, Exact: true}
		s.backend.helps.counts[gold+"; age > 3"] = counted(gold, 655_210)
		s.keys(gold)
		s.wait(150 * time.Millisecond)
		s.shows("655,210  13.10 %")
		s.hides("so far")
		s.keys(" and")
		s.shows("so far 655,210  13.10 %") // at once
		for text, part := range map[string]bool{
			gold + " and": true, gold + " and homeAddress.cou": true, "(" + gold: true, gold + "; age > 3": false, "x: " + gold: false,
		} {
			s.backend.helps.counts["x: "+gold] = repl.Peek{Counted: ast.Span{Start: 3, End: 3 + len(gold)}, Count: 655_210, Total: 5_000_000, Exact: true}
			s.keys("ctrl+u", text)
			s.wait(150 * time.Millisecond)
			if s.shows("655,210  13.10 %"); part {
				s.shows("so far ")
			} else {
				s.hides("so far ")
			}
		}
	})
}

// TestNoCountOfWhatIsWrong: whatever was counted, where something is said to be wrong there is no number.
func TestNoCountOfWhatIsWrong(t *testing.T) {
	assisted(t, func(s *session) {
		const text = `homeAdress.city = "Oslo"`
		s.backend.helps.counts[text] = counted(text, 655_210)
		s.keys(text)
		s.wait(150 * time.Millisecond)
		s.shows("655,210")
		s.wait(350 * time.Millisecond)
		s.shows("homeAddress")
		s.hides("655,210")
		const begun = `person.gender = "x" and zzz = `
		s.backend.helps.counts[begun] = counted(`person.gender = "x"`, 655_210)
		s.keys("ctrl+u", begun)
		s.wait(150 * time.Millisecond)
		s.hides("655,210") // nothing has the name zzz
	})
}

// TestZeroWhileTyping: why nothing matches stands beside the count, and Tab takes what was meant.
func TestZeroWhileTyping(t *testing.T) {
	assisted(t, func(s *session) {
		none := counted(`loyalty.tier = "Gold"`, 0)
		none.Note, none.Instead = `no profile has "Gold"; "gold" has 655,210`, `loyalty.tier = "gold"`
		s.backend.helps.counts[`loyalty.tier = "Gold" `] = none
		s.keys(`loyalty.tier = "Gold" `)
		s.wait(150 * time.Millisecond)
		s.shows("0  0.00 %")
		s.shows(`no profile has "Gold"; "gold" has 655,210 (Tab takes it)`)
		s.keys("and")
		s.shows("(Tab takes it)") // it still is what is so far
		s.keys("backspace", "backspace", "backspace")
		s.types(`loyalty.tier = "gold"`, "tab")
		s.hides("no profile has")
		s.types(`loyalty.tier = "Gold"`, "shift+tab")
	})
}

func TestCountOfLoadingColumns(t *testing.T) {
	assisted(t, func(s *session) {
		h := s.backend.helps
		h.loading = 3
		s.keys(`loyalty.tier = "gold"`)
		s.wait(150 * time.Millisecond)
		s.shows("…")
		s.wait(350 * time.Millisecond)
		s.shows("655,210")
		s.hides("…")
		h.loading = 2
		s.keys(" ")
		s.wait(150 * time.Millisecond)
		s.shows("655,210  13.10 % …") // the old one stays until the new one is there
	})
}

func TestNextKeyReplacesTheCount(t *testing.T) {
	assisted(t, func(s *session) {
		h := s.backend.helps
		h.takes = time.Hour
		s.keys("a = 1")
		s.wait(150 * time.Millisecond)
		ended := h.ended
		s.keys("2")
		if h.ended <= ended || len(h.peeked) != 1 {
			s.t.Errorf("the key ended %d questions, asked were %q", h.ended-ended, h.peeked)
		}
	})
}

func TestClauseAtTheCursor(t *testing.T) {
	assisted(t, func(s *session) {
		s.keys(rule)
		s.wait(150 * time.Millisecond)
		s.shows("this clause: 498,877 of 5,000,000 pass · alone removes 90.02 %    65,904  1.32 %")
		s.keys("home")
		s.hides("this clause")
		s.shows("65,904  1.32 %")
	})
}

func TestNoCount(t *testing.T) {
	play(t, 80, 24, repl.Options{}, helped(func(s *session) {
		s.keys(`loyalty.tier = "gold"`)
		s.wait(time.Second)
		if len(s.backend.helps.peeked) > 0 {
			s.t.Errorf("asked for %q", s.backend.helps.peeked)
		}
	}))
}

func TestMisplacedAnswers(t *testing.T) {
	assisted(t, func(s *session) {
		far := ast.Span{Start: 90, End: 99}
		s.backend.helps.counts["a = 1"] = repl.Peek{Counted: far, Count: 1, Total: 2, Clause: &repl.Clause{At: far}}
		s.keys("a = 1")
		s.wait(time.Second)
		s.hides("50.00 %")
	})
}
