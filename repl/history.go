package repl

import "strings"

// history is what was run in this session, oldest first, and the place of
// someone who walks through it.
type history struct {
	entries []string
	// at is the entry on show; len(entries) is the new input below them all.
	at int
	// edited holds changes that were made to entries, and to the new input,
	// while walking; they last until something is run.
	edited map[int]string
}

// add appends text, unless it repeats the last entry, and goes back to the end.
func (h *history) add(text string) {
	if n := len(h.entries); n == 0 || h.entries[n-1] != text {
		h.entries = append(h.entries, text)
	}
	h.at = len(h.entries)
	h.edited = nil
}

// move walks by steps entries, keeping current as the text of the entry that is
// left. It gives the text to show, and false at either end.
func (h *history) move(steps int, current string) (string, bool) {
	to := h.at + steps
	if to < 0 || to > len(h.entries) {
		return "", false
	}
	if h.edited == nil {
		h.edited = map[int]string{}
	}
	h.edited[h.at] = current
	h.at = to
	if text, ok := h.edited[to]; ok {
		return text, true
	}
	return h.entries[to], true
}

// find returns the index of the newest entry before the given index that
// contains pattern, whatever the case of its letters.
func (h *history) find(pattern string, before int) (int, bool) {
	pattern = strings.ToLower(pattern)
	for i := min(before, len(h.entries)) - 1; i >= 0; i-- {
		if strings.Contains(strings.ToLower(h.entries[i]), pattern) {
			return i, true
		}
	}
	return 0, false
}
