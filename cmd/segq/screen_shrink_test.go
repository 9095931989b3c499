//go:build unix

package main

import (
	"strings"
	"testing"
)

// TestNothingIsLostBelow: whatever goes away below the input, the input and what stands right below it stay as
// they are until the next key.
func TestNothingIsLostBelow(t *testing.T) {
	t.Parallel()
	s := newScreen(t, sessionCommand(t), 60, 16)
	s.until("2,000 profiles")
	for _, back := range []string{"\x1b", "\x03", "\r"} {
		s.keys("\x12", "zzz")
		s.until("no match in the history")
		s.keys(back)
		s.without("search:")
		s.until("segq> ")
	}
	t.Log("a count that ends at the right edge, below which a list goes away")
	s.keys(`true and 1 = 1 and loyalty.ti`)
	s.until("› tier")
	s.keys("\x1b")
	s.without("› tier")
	s.until("2,000  100.00 %")
	t.Log("a hint")
	s.keys("\x15", "\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f\x1f")
	s.until("nothing to undo")
	s.keys("\x01")
	if all := s.without("nothing to undo"); !strings.Contains(all, "segq>") {
		t.Errorf("it shows\n%s", all)
	}
	s.until("segq>")
	s.keys("\x03", "\x04")
	s.end()
}
