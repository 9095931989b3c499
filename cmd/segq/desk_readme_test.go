//go:build unix

package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The screens of the desk that README shows, each the first block of code behind these words.
const (
	sampleBlock   = "Over the sample:"
	attachedBlock = "And attached to a worker"
)

// TestDeskOfReadme types what the session over the sample in README has typed: the screen is that of README, where times
// are left out. UPDATE_SCRIPTS=1 writes it there.
func TestDeskOfReadme(t *testing.T) {
	t.Parallel()
	block := readBlock(t, sampleBlock)
	c := sessionCommand(t)
	c.Env = append(c.Env, "SEGQ_PAGER=off")
	s := newScreen(t, c, 100, 46)
	s.until("2,000 profiles")
	s.keys(".timing off\r")
	s.until(".timing is off")
	n := 0
	for _, m := range regexp.MustCompile(`(?m)^segq> (.+(?:\n {6}\S.*)*)\n#`).FindAllStringSubmatch(block, -1) {
		n++
		s.keys(strings.ReplaceAll(m[1], "\n      ", " ") + "\r")
		answer := regexp.MustCompile(`(?m)^#` + string(rune('0'+n)) + ` .*→ `)
		s.wait("the answer of "+m[1], answer.MatchString)
	}
	if n < 5 {
		t.Fatalf("found only %d inputs in\n%s", n, block)
	}
	_, shown, _ := strings.Cut(s.text(), ".timing is off\n")
	shown = fromFirstInput(shown)
	if shown != block {
		if os.Getenv("UPDATE_SCRIPTS") != "" {
			writeBlock(t, sampleBlock, shown)
			return
		}
		t.Errorf("README has\n%s\nand the session\n%s", block, shown)
	}
	s.keys("\x04")
	s.end()
}

// fromFirstInput is a screen without what stands above the first input, and the prompt at its end.
func fromFirstInput(text string) string {
	if i := strings.Index(text, "segq> "); i > 0 {
		text = text[i:]
	}
	text = strings.TrimSuffix(text, "segq> .quit")
	return strings.TrimRight(strings.TrimSuffix(strings.TrimRight(text, " \n"), "segq>"), "\n") + "\n"
}

// blockBehind finds the first block of code behind words of README.
func blockBehind(words string) *regexp.Regexp {
	return regexp.MustCompile("(?s)(" + regexp.QuoteMeta(words) + ".*?\n```\n)(.*?)```\n")
}

// readBlock reads a screen in README.
func readBlock(t *testing.T, words string) string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	m := blockBehind(words).FindStringSubmatch(string(text))
	if m == nil {
		t.Fatalf("README has no block behind %q", words)
	}
	return m[2]
}

// writeBlock puts a screen into README.
func writeBlock(t *testing.T, words, shown string) {
	t.Helper()
	readBlock(t, words)
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	out := blockBehind(words).ReplaceAllStringFunc(string(text), func(all string) string {
		return blockBehind(words).FindStringSubmatch(all)[1] + fromFirstInput(shown) + "```\n"
	})
	if err := os.WriteFile("../../README.md", []byte(out), 0o644); err != nil {
		t.Fatal(err)
	}
}
