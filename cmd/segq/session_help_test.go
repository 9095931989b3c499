//go:build unix

package main

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/segq/segq/repl/show"
)

// sessionAnswer is what an answer looks like in a session.
var sessionAnswer = regexp.MustCompile(`result:  ([\d,]+) of ([\d,]+)`)

// counts runs queries in a session over the sample, one after the other, and returns how many profiles match each,
// -1 for an error.
func counts(t *testing.T, queries []string) []int {
	t.Helper()
	s := newScreen(t, sessionCommand(t, "--accessible", "--color", "never"), 2000, 60)
	s.until("2,000 profiles")
	found := make([]int, len(queries))
	for i, q := range queries {
		before := len(s.text())
		s.keys(q + "\n")
		said := s.wait("an answer to "+q, func(all string) bool {
			return sessionAnswer.MatchString(all[before:]) || strings.Contains(all[before:], "error")
		})[before:]
		found[i] = -1
		if m := sessionAnswer.FindStringSubmatch(said); m != nil && !strings.Contains(said, "error") {
			found[i], _ = strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
		}
	}
	return found
}

// TestExamplesOfHelp: every query that .help pql shows finds some of the profiles of the sample, and not all.
func TestExamplesOfHelp(t *testing.T) {
	t.Parallel()
	s := newScreen(t, sessionCommand(t, "--accessible", "--color", "never"), 2000, 60)
	s.until("2,000 profiles")
	s.keys(".help pql\n")
	all := s.until("The manual has more")
	var queries []string
	for _, m := range regexp.MustCompile(`(?m)^  (\S.*?)  +\S.*$`).FindAllStringSubmatch(all, -1) {
		queries = append(queries, m[1])
	}
	if len(queries) < 8 {
		t.Fatalf("examples %q in\n%s", queries, all)
	}
	for i, n := range counts(t, queries) {
		if n <= 0 || n >= 2000 {
			t.Errorf("%s: %d", queries[i], n)
		}
	}
}

// TestSessionsOfReadme: the queries of the sessions that README shows find what it says over the sample, or over
// other data at least something.
func TestSessionsOfReadme(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var queries, wants []string
	typed := regexp.MustCompile(`(?m)^segq> ([^.\n].*(?:\n {6}\S.*)*)\n((?:[^s].*\n)*)`)
	for _, block := range show.Blocks(string(text)) {
		if block.Kind != show.Code {
			continue
		}
		for _, m := range typed.FindAllStringSubmatch(block.Text+"\n", -1) {
			queries = append(queries, strings.ReplaceAll(m[1], "\n      ", " "))
			wants = append(wants, m[2])
		}
	}
	if len(queries) < 4 {
		t.Fatalf("found only %q", queries)
	}
	for i, n := range counts(t, queries) {
		want := regexp.MustCompile(`→  ([\d,]+) of 2,000`).FindStringSubmatch(wants[i])
		switch {
		case strings.Contains(wants[i], "error"):
			if n >= 0 {
				t.Errorf("%s: no error", queries[i])
			}
		case want != nil:
			if strings.ReplaceAll(want[1], ",", "") != strconv.Itoa(n) {
				t.Errorf("%s: %d, not %s", queries[i], n, want[1])
			}
		case n <= 0:
			t.Errorf("%s: %d", queries[i], n)
		}
	}
}
