package repl_test

import (
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/repl"
)

// Answers are shown in the form that .mode says, below the line of the count, and in lines that can be copied.
func TestMode(t *testing.T) {
	sizes(t, func(s *session) {
		n := 0
		ask := func() {
			s.keys("orders.count() > 1", "enter")
			n++
			s.backend.job(n, answer(7, 10, time.Second))
			s.wait(100 * time.Millisecond)
		}
		s.keys(".mode", "enter", ".mode json", "enter")
		ask()
		s.keys(".mode xml", "enter", ".mode parquet", "enter", ".mode CSV", "enter", ".last", "enter", ".timing off", "enter")
		ask()
		s.keys(".mode table", "enter", ".timing", "enter", ".last", "enter", ".timing maybe", "enter")
		s.wait(100 * time.Millisecond)
	})
}

func TestNothingToShowAgain(t *testing.T) {
	flow(t, func(s *session) {
		s.keys(".last", "enter", ".copy", "enter")
		s.wants("there is no answer yet\nsegq> .copy\nthere is no answer yet")
	})
}

// copiedInto are the texts that a terminal was told to copy.
var copiedInto = regexp.MustCompile("\x1b\\]52;c;([A-Za-z0-9+/=]*)(?:\a|\x1b\\\\)")

func TestCopy(t *testing.T) {
	for _, name := range []string{"TMUX", "STY", "DISPLAY", "WAYLAND_DISPLAY"} {
		t.Setenv(name, "")
	}
	t.Setenv("TERM", "xterm-256color")
	t.Setenv("SEGQ_PAGER", "off")
	keyboard, out := onTerminal(t, &many{})
	enter(t, keyboard, "abc\r")
	out.until(t, "p-20")
	for what, want := range map[string]string{
		"": "count\ttotal\n20\t456\n", " query": "abc", " count": "20", " ids": "p-1\np-2\np-3\n",
	} {
		enter(t, keyboard, ".copy"+what+"\r")
		all := out.until(t, "copied the "+map[string]string{"": "answer as tsv"}[what]+strings.TrimSpace(what)+" of #1: ")
		found := copiedInto.FindAllStringSubmatch(all, -1)
		if len(found) == 0 {
			t.Fatalf(".copy%s: the terminal was told nothing: %q", what, all)
		}
		text, err := base64.StdEncoding.DecodeString(found[len(found)-1][1])
		if err != nil || !strings.HasPrefix(string(text), want) {
			t.Errorf(".copy%s copied %q, not %q: %v", what, text, want, err)
		}
	}
	enter(t, keyboard, ".copy nothing\r")
	out.until(t, "error: .copy takes one of query, count, ids, csv, json, tsv")
}

// A session that has no terminal says so.
func TestCopyWithoutTerminal(t *testing.T) {
	play(t, 80, 24, repl.Options{}, func(s *session) {
		s.keys("orders.count() > 1", "enter")
		s.backend.job(1, answer(7, 10, time.Second))
		s.wait(100 * time.Millisecond)
		s.keys(".copy", "enter")
		if all := s.screen(); !strings.Contains(all, "there is no terminal that could copy") {
			t.Error(all)
		}
	})
}

// A tab passes over cells without emptying them: what the screen had there is gone before.
func TestTabsOverThePrompt(t *testing.T) {
	flow(t, func(s *session) {
		s.keys(".mode tsv", "enter", "a = 1", "enter")
		s.backend.job(1, answer(7, 10, time.Second))
		s.wait(100 * time.Millisecond)
		for line := range strings.SplitSeq(strings.Join(s.printed, "\n"), "\n") {
			if strings.Contains(line, "\t") && !strings.HasPrefix(line, "\x1b[J") {
				s.t.Errorf("%q", line)
			}
		}
		s.wants("\t")
	})
}
