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

// eighths are the parts of a cell that a bar may end with.
var eighths = []rune("▏▎▍▌▋▊▉█")

// length draws a length, from 0 to 1, in at most width cells. What is not 0 is to be seen.
func length(x float64, width int) string {
	n := int(min(max(x, 0), 1)*float64(width)*8 + 0.5)
	if n == 0 && x > 0 {
		n = 1
	}
	bar := strings.Repeat("█", n/8)
	if rest := n % 8; rest > 0 {
		bar += string(eighths[rest-1])
	}
	return bar
}
