package repl

import (
	"regexp"
	"strings"
	"sync"
)

// spokenNumber is the number of a query as accessible sessions say it.
var spokenNumber = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)(^|\s)query ([0-9]+)(\s|[;,]|$)`) })

// withMarks writes #3 where a line says query 3, outside of quotes. The line stays as long as it was.
func withMarks(line string) string {
	for at := 0; ; {
		found := spokenNumber().FindStringSubmatchIndex(line[at:])
		if found == nil {
			return line
		}
		start, digits := at+found[3], at+found[4]
		if !inQuotes(line[:start]) {
			line = line[:start] + strings.Repeat(" ", digits-start-1) + "#" + line[digits:]
		}
		at += found[5]
	}
}

// inQuotes says whether a quote is open at the end of a text.
func inQuotes(text string) bool {
	open := rune(0)
	for _, c := range text {
		switch {
		case open == 0 && strings.ContainsRune(quotes, c):
			open = c
		case c == open:
			open = 0
		}
	}
	return open != 0
}
