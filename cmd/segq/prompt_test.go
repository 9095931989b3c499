//go:build unix

package main

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/segq/segq/redisx/record"
)

// TestPrompt types as a new user does, into the real program: a field, a function and a value are completed, the
// count stands beside what is typed and is that of the command line, a suggestion is taken, and another
// session finds in its history what this one has run.
func TestPrompt(t *testing.T) {
	t.Parallel()
	state := t.TempDir()
	start := func() *screen {
		c := sessionCommand(t)
		c.Env = append(c.Env, "XDG_STATE_HOME="+state, "SEGQ_HISTORY=")
		s := newScreen(t, c, 100, 24)
		s.until("segq> ")
		s.until("2,000 profiles")
		return s
	}
	s := start()
	t.Log("a field")
	s.keys("loyalty.ti")
	s.until("› tier")
	s.keys("\t")
	s.until("segq> loyalty.tier")
	t.Log("a value, and the count of what is typed")
	s.keys(` = "go`)
	s.until("› gold")
	s.keys("\t")
	s.until(`segq> loyalty.tier = "gold"`)
	gold := countOfSample(t, `loyalty.tier = "gold"`)
	s.until(gold + "  ")
	t.Log("a function, and what its clause does")
	s.keys(" and person.name.firstName.starts")
	s.until("startsWith(")
	s.keys("\t", `"A"`)
	const both = `loyalty.tier = "gold" and person.name.firstName.startsWith("A")`
	s.until("segq> " + both)
	s.until("this clause: ")
	s.until(countOfSample(t, both) + "  ")
	s.keys("\r")
	s.until("→  " + countOfSample(t, both) + " of 2,000")
	t.Log("what is wrong, and what is meant")
	s.keys(`loyalty.teir = "gold" `)
	s.until("did you mean tier? (Tab takes it)")
	s.keys("\t", "\r")
	s.until("→  " + gold + " of 2,000")
	s.keys("\x04")
	if status := s.end(); status != 0 {
		t.Errorf("status %d", status)
	}
	s.restored()

	t.Log("another session")
	s = start()
	s.keys("\x12", "tier first")
	s.until("search: tier first  1 of 1")
	s.keys("\r")
	s.without("search:")
	s.until("segq> " + both)
	s.keys("\r")
	s.until("#1  ")
	s.until("→  " + countOfSample(t, both) + " of 2,000")
	s.keys("\x04")
	if status := s.end(); status != 0 {
		t.Errorf("status %d", status)
	}
}

// countOfSample returns what the command line says of a rule over the sample, which is less than a thousand.
func countOfSample(t *testing.T, rule string) string {
	t.Helper()
	out, err := segqCommand(t, "", "--no-config", "-q", "--json", "-c", rule).Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers []record.Record
	if err := json.Unmarshal(out, &answers); err != nil || answers[0].Count == nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return strconv.Itoa(*answers[0].Count)
}
