package check

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// timeForm is how a time is written.
const timeForm = `write a time as text, "2026-11-01" or "2026-11-01T10:15:30Z", or use occurs`

var (
	dateParts  = regexp.MustCompile(`^([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})$`)
	dayParts   = regexp.MustCompile(`^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})$`)
	namedForms = []string{"2 Jan 2006", "2 January 2006", "Jan 2 2006", "January 2 2006", "Jan 2, 2006", "January 2, 2006"}
)

// timeHint says how a text is written that is to be a time.
func timeHint(n Node) string {
	k, ok := n.(*Const)
	if !ok {
		return timeForm
	}
	text, _ := k.V.(string)
	if p := dateParts.FindStringSubmatch(text); p != nil {
		return writtenDate(p[1], p[2], p[3])
	}
	if p := dayParts.FindStringSubmatch(text); p != nil {
		first, _ := strconv.Atoi(p[1]) // digits
		second, _ := strconv.Atoi(p[2])
		switch {
		case first == second || second > 12 && first <= 12:
			return writtenDate(p[3], p[1], p[2])
		case first > 12:
			return writtenDate(p[3], p[2], p[1])
		}
		return fmt.Sprintf(`write the year first, then the month and the day: "%s-%02d-%02d" or "%s-%02d-%02d"`, p[3], first, second, p[3], second, first)
	}
	if _, err := time.Parse("2006", text); err == nil {
		return fmt.Sprintf("a time has a month and a day too, %q; for a year compare getYear() with %s", text+"-01-01", text)
	}
	for _, form := range namedForms {
		if at, err := time.Parse(form, text); err == nil {
			return fmt.Sprintf("write %q", at.Format(time.DateOnly))
		}
	}
	return timeForm
}

// writtenDate writes a date of a year, a month and a day, or says what of it does not exist.
func writtenDate(year, month, day string) string {
	m, _ := strconv.Atoi(month) // digits
	d, _ := strconv.Atoi(day)
	date := fmt.Sprintf("%s-%02d-%02d", year, m, d)
	if _, err := time.Parse(time.DateOnly, date); err == nil {
		return fmt.Sprintf("write %q", date)
	}
	if m < 1 || m > 12 {
		return fmt.Sprintf("there is no month %d: %s", m, timeForm)
	}
	return fmt.Sprintf("that month has no day %d: %s", d, timeForm)
}

// timeParts are the functions for what others write as fields of times.
var timeParts = map[string]string{"year": "getYear", "month": "getMonth", "day": "getDayOfMonth"}

// orderHint says why two values have no order, and what may be meant where one is a text that is a time.
func orderHint(l, r Node) string {
	if k, ok := r.(*Const); ok && l.Type().Kind == String {
		if text, _ := k.V.(string); dateParts.MatchString(text) || dayParts.MatchString(text) {
			return "the field is text: read it as a time with --type FIELD=timestamp"
		}
	}
	return "only numbers and timestamps have an order"
}
