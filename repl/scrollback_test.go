package repl

import (
	"strings"
	"testing"
)

// No line is broken within a number.
func TestNumbersStayWhole(t *testing.T) {
	for width := 20; width < 60; width++ {
		for _, line := range wrap("      give or take 2,000, 12,345,678 of 4,000,000 profiles, and more", width) {
			if line = strings.TrimSpace(line); strings.HasSuffix(line, "2,") || strings.HasPrefix(line, "000") || strings.HasSuffix(line, "45,") {
				t.Errorf("at %d: %q", width, line)
			}
		}
	}
}
