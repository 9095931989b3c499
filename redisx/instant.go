package redisx

import (
	"cmp"
	"regexp"
	"sync"
	"time"
)

// instant is the form of a now: an ISO-8601 date, or date and time. It is what the language
// takes for a time; this package reads it too, so that a command is refused before its
// answer is looked for.
var instant = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d)?(?:[.,](\d+))?(?:[Zz]|([+-]\d\d):?(\d\d)?)?)?$`)
})

// Instant reads the now of a command, and says whether it is a time: in UTC where it has no
// offset, with what is finer than a millisecond cut off.
func Instant(text string) (at time.Time, ok bool) {
	p := instant().FindStringSubmatch(text)
	if p == nil || p[4] != "" && p[3] == "" {
		return at, false
	}
	date, clock, second, fraction := p[1], cmp.Or(p[2], "00:00"), cmp.Or(p[3], ":00"), p[4]
	fraction = (fraction + "000")[:3]
	// Where time.Parse takes an offset of more than a day, a clock of its own does not.
	hours, minutes := cmp.Or(p[5], "+00"), cmp.Or(p[6], "00")
	if _, err := time.Parse("15:04", hours[1:]+":"+minutes); err != nil {
		return at, false
	}
	at, err := time.Parse("2006-01-02T15:04:05.000-07:00", date+"T"+clock+second+"."+fraction+hours+":"+minutes)
	return at.UTC(), err == nil
}
