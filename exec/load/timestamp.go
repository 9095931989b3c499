package load

import "time"

// parseTimestamp reads an ISO-8601 date or date-time as milliseconds since 1970
// UTC. Without an offset it is UTC.
func parseTimestamp(s []byte) (ms int64, ok bool) {
	if len(s) < 10 || len(s) > 35 || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	layout := "2006-01-02"
	if len(s) > 10 {
		layout = "2006-01-02T15:04:05.999999999Z07:00"
		if c := s[len(s)-1]; c != 'Z' && s[max(len(s)-6, 0)] != '+' && s[len(s)-6] != '-' {
			layout = "2006-01-02T15:04:05.999999999"
		}
	}
	t, err := time.Parse(layout, string(s))
	if err != nil {
		return 0, false
	}
	return t.UnixMilli(), true
}
