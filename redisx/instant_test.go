package redisx

import "testing"

// TestInstant: a now is an ISO-8601 date, or date and time.
func TestInstant(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"2026-11-01": true, "2024-02-29": true, "2026-11-01T10:15": true, "2026-11-01 10:15:30": true, "2026-11-01t10:15:30,250z": true,
		"2026-11-01T10:15:30.123456789+01:00": true, "2026-11-01T10:15-0130": true, "2026-11-01T10:15+01": true, "0001-01-01T00:00:00Z": true,
		"": false, "x": false, "2026": false, "2026-02-30": false, "2025-02-29": false, "2026-13-01": false, "2026-11-01Z": false, "2026-11-01T": false,
		"2026-11-01T24:00": false, "2026-11-01T10:60": false, "2026-11-01T10:15:60": false, "2026-11-01T10:15.5": false, "2026-11-01T10:15:30.": false,
		"2026-11-01T10:15+24:00": false, "2026-11-01T10:15+01:60": false, "2026-11-01\n": false, " 2026-11-01": false, "12026-11-01": false,
	} {
		if _, got := Instant(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
}
