package samples

import (
	"strconv"
	"time"
)

// Instant is a moment in milliseconds since 1970 UTC.
//
// Real data spells times in several ways, and so does its JSON: most instants
// are ISO-8601 in UTC, one in seven has an offset, and one in eleven is the bare
// number of milliseconds. The spelling depends on the instant alone.
type Instant int64

// Reference is the moment that the generated data is relative to: 1 November
// 2026, 00:00 UTC. No event is later.
const Reference = Instant(1793491200000)

const (
	hour = Instant(3600 * 1000)
	day  = 24 * hour
)

// zone is the offset of the instants that are written with one.
var zone = time.FixedZone("", 5*3600+1800)

// MarshalJSON returns the instant in one of the three spellings.
func (t Instant) MarshalJSON() ([]byte, error) {
	at := time.UnixMilli(int64(t)).UTC()
	second := int64(t) / 1000
	switch {
	case second%11 == 5:
		return strconv.AppendInt(nil, int64(t), 10), nil
	case second%7 == 3:
		at = at.In(zone)
	}
	return at.AppendFormat(nil, `"2006-01-02T15:04:05.999Z07:00"`), nil
}

// UnmarshalJSON reads any of the three spellings.
func (t *Instant) UnmarshalJSON(b []byte) error {
	if n, err := strconv.ParseInt(string(b), 10, 64); err == nil {
		*t = Instant(n)
		return nil
	}
	at, err := time.Parse(`"`+time.RFC3339Nano+`"`, string(b))
	*t = Instant(at.UnixMilli())
	return err
}
