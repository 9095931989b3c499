package show

import "strings"

// Bar draws done of total as a bar of width cells. Total must not be 0.
func Bar(done, total int64, width int) string {
	n := int(float64(width) * min(float64(done)/float64(total), 1))
	return strings.Repeat("█", n) + strings.Repeat("░", width-n)
}

// Percent returns done of total in percent, rounded down: 100 means that all is done.
// Total must not be 0.
func Percent(done, total int64) int {
	return int(min(float64(done)/float64(total), 1) * 100)
}
