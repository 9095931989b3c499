package rules

import (
	"testing"

	"github.com/segq/segq/redisx"
)

// TestNowOfCommands: the queue takes for a now what the language takes for a time.
func TestNowOfCommands(t *testing.T) {
	t.Parallel()
	dates := []string{"2026-11-01", "2024-02-29", "2025-02-29", "2026-11-31", "0000-01-01", "9999-12-31", "2026-11-1", "x"}
	clocks := []string{"", "T", "T10:15", " 10:15:30", "t10:15:30.25", "T10:15:30,1234", "T10:15.5", "T10:15:30.", "T24:00", "T23:59:60", "T1:15"}
	offsets := []string{"", "Z", "z", "+01:00", "-0130", "+01", "+24", "+01:60", "+01:", "+1", " Z"}
	for _, date := range dates {
		for _, clock := range clocks {
			for _, offset := range offsets {
				now := date + clock + offset
				at, want := Instant(now)
				if read, ok := redisx.Instant(now); ok != want || ok && !read.Equal(at) {
					t.Errorf("%q: the language reads %v, the queue %v", now, at, read)
				}
				if err := (redisx.Command{Op: "query", Query: "a", Now: now}).Check(); (err == nil) != want {
					t.Errorf("%q: a time: %v, the queue: %v", now, want, err)
				}
			}
		}
	}
}
