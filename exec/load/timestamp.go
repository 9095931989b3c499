package load

import (
	"unsafe"

	"github.com/segq/segq/lang/check"
)

// parseTimestamp reads an ISO-8601 date or date-time as milliseconds since 1970
// UTC. It is asked for every new text, so most are turned away at a glance.
func parseTimestamp(s []byte) (ms int64, ok bool) {
	if len(s) < len("2006-01-02") || s[4] != '-' {
		return 0, false
	}
	return check.ParseTimestamp(unsafe.String(unsafe.SliceData(s), len(s)))
}
