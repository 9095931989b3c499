package redisx

import (
	"regexp"
	"strings"
	"sync"
	"time"
)

// instant is the form of a now: an ISO-8601 date, or date and time. It is what the language
// takes for a time; this package knows the form alone, so that a command is refused before
// its answer is looked for.
var instant = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d)?(?:[.,]\d+)?(?:[Zz]|[+-](\d\d):?(\d\d)?)?)?$`)
})

// isInstant says whether a text is a time.
func isInstant(text string) bool {
	p := instant().FindStringSubmatch(text)
	if p == nil || strings.ContainsAny(text, ".,") && p[3] == "" {
		return false
	}
	for _, part := range [][2]string{{time.DateOnly, p[1]}, {"15:04", p[2]}, {":05", p[3]}, {"15", p[4]}, {"04", p[5]}} {
		if _, err := time.Parse(part[0], part[1]); err != nil && part[1] != "" {
			return false
		}
	}
	return true
}
