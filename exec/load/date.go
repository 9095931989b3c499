package load

import (
	"slices"
	"strconv"
)

// dates are texts that are ISO-8601 dates or date-times in a usual form: the
// milliseconds since 1970 UTC of each, and the form from which the text follows again.
type dates struct {
	lane[int64]
	forms []dateForm // along the values
}

// dateForm says how a date is written: in the lowest bits what there is of the time of
// the day, then whether a space is before it, then the offset.
type dateForm uint16

const (
	onlyDate dateForm = iota
	toMinute
	toSecond
	toTenth
	toHundredth
	toMilli

	timeForm  dateForm = 7
	withSpace dateForm = 8

	offsetShift = 4
	noOffset    = 0
	zulu        = 1
	noMinutes   = 24*60 + 1 // an offset of minutes is counted from here
	noHours     = 3000      // and one of hours alone from here
)

func (d *dates) add(slot uint32, ms int64, form dateForm) {
	d.lane.add(slot, ms)
	d.forms = append(d.forms, form)
}

func (d *dates) cutFrom(slot uint32) {
	d.lane.cutFrom(slot)
	d.forms = d.forms[:len(d.values)]
}

func (d *dates) seal(n int) {
	d.lane.seal(n)
	if cap(d.forms) > len(d.forms)+len(d.forms)/4 {
		d.forms = slices.Clone(d.forms)
	}
}

func (d *dates) bytes() int64 { return d.lane.bytes() + 2*int64(cap(d.forms)) }

// parseDate reads a date in one of the forms that follow from a [dateForm]: any other one
// that [parseTimestamp] reads is not ok here.
func parseDate(s []byte) (ms int64, form dateForm, ok bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return 0, 0, false
	}
	bad := byte(0)
	year := 100*two(s[0:2], &bad) + two(s[2:4], &bad)
	month, day := two(s[5:7], &bad), two(s[8:10], &bad)
	if bad > 0 || month-1 > 11 || day-1 > 27 && (day == 0 || day > daysIn(year, month)) {
		return 0, 0, false
	}
	ms = daysSince1970(year, month, day) * (24 * 60 * 60 * 1000)
	if len(s) == 10 {
		return ms, onlyDate, true
	}
	clock, form, rest, ok := parseClock(s[10:])
	if !ok {
		return 0, 0, false
	}
	ms += clock
	switch {
	case len(rest) == 0:
		return ms, form, true
	case len(rest) == 1 && rest[0] == 'Z':
		return ms, form | zulu<<offsetShift, true
	case len(rest) == 3:
		return parseHours(rest, ms, form)
	case len(rest) != 6 || rest[3] != ':' || rest[0] != '+' && rest[0] != '-':
		return 0, 0, false
	}
	hour, minute := two(rest[1:3], &bad), two(rest[4:6], &bad)
	offset := int64(hour*60 + minute)
	if bad > 0 || hour > 23 || minute > 59 || rest[0] == '-' && offset == 0 {
		return 0, 0, false
	}
	if rest[0] == '-' {
		offset = -offset
	}
	return ms - offset*60_000, form | dateForm(offset+noMinutes)<<offsetShift, true
}

// parseHours reads the offset of a date, if it is one of hours without minutes, as PostgreSQL
// writes it.
func parseHours(s []byte, ms int64, form dateForm) (int64, dateForm, bool) {
	bad := byte(0)
	hours := int64(two(s[1:3], &bad))
	switch {
	case bad > 0 || hours > 23:
		return 0, 0, false
	case s[0] == '-' && hours > 0:
		hours = -hours
	case s[0] != '+':
		return 0, 0, false
	}
	return ms - hours*3_600_000, form | dateForm(hours+noHours)<<offsetShift, true
}

// parseClock reads the time of the day, in milliseconds, and gives what is after it.
func parseClock(s []byte) (ms int64, form dateForm, rest []byte, ok bool) {
	if len(s) < 6 || s[3] != ':' {
		return 0, 0, nil, false
	}
	if form = toMinute; s[0] == ' ' {
		form |= withSpace
	} else if s[0] != 'T' {
		return 0, 0, nil, false
	}
	bad := byte(0)
	hour, minute, second := two(s[1:3], &bad), two(s[4:6], &bad), uint(0)
	s = s[6:]
	if len(s) >= 3 && s[0] == ':' {
		second = two(s[1:3], &bad)
		s, form = s[3:], form+toSecond-toMinute
	}
	if bad > 0 || hour > 23 || minute > 59 || second > 59 {
		return 0, 0, nil, false
	}
	ms = int64((hour*60+minute)*60+second) * 1000
	if form&timeForm == toSecond && len(s) > 1 && s[0] == '.' {
		unit, digits := int64(100), 0
		for s = s[1:]; digits < len(s) && s[digits]-'0' <= 9; digits++ {
			ms += int64(s[digits]-'0') * unit
			unit /= 10
		}
		if digits == 0 || digits > 3 {
			return 0, 0, nil, false
		}
		s, form = s[digits:], form+dateForm(digits)
	}
	return ms, form, s, true
}

// two reads two digits, and notes in bad if they are none.
func two(s []byte, bad *byte) uint {
	a, b := s[0]-'0', s[1]-'0'
	if a > 9 || b > 9 {
		*bad = 1
	}
	return uint(a)*10 + uint(b)
}

// daysIn returns the number of days of a month.
func daysIn(year, month uint) uint {
	switch {
	case month != 2:
		return 30 + (month+month>>3)&1
	case year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	}
	return 28
}

// daysSince1970 returns the days from 1970-01-01 to a day of the Gregorian calendar, with
// years that begin in March, so that the leap day is the last one.
func daysSince1970(year, month, day uint) int64 {
	if month <= 2 {
		year += 400 - 1 // never below zero
		month += 12
	} else {
		year += 400
	}
	const before1970 = 719468 + 146097 // days from the first of March of the year -400
	return int64(365*year+year/4-year/100+year/400+(153*(month-3)+2)/5+day-1) - before1970
}

// spellDates brings dates among the other texts, as they were written.
func (n *node) spellDates() {
	if len(n.isos.values) == 0 {
		return
	}
	spelled := lane[uint32]{n.isos.slots, make([]uint32, len(n.isos.values))}
	var text []byte
	for i, ms := range n.isos.values {
		text = appendDate(text[:0], ms, n.isos.forms[i])
		spelled.values[i] = n.code(text)
	}
	n.dict.seal()
	mergeLane(&n.texts, &spelled)
	n.isos = dates{}
}

// appendDate appends the text of a date.
func appendDate(dst []byte, ms int64, form dateForm) []byte {
	offset, onlyHours := int64(form>>offsetShift)-noMinutes, form>>offsetShift > noHours-24
	switch {
	case form>>offsetShift <= zulu:
		offset = 0
	case onlyHours:
		offset = (int64(form>>offsetShift) - noHours) * 60
	}
	day, clock := divide(ms+offset*60_000, 24*60*60*1000)
	year, month, date := civil(day)
	dst = appendTwo(appendTwo(dst, year/100), year%100)
	dst = appendTwo(append(dst, '-'), month)
	dst = appendTwo(append(dst, '-'), date)
	at := form & timeForm
	if at == onlyDate {
		return dst
	}
	if form&withSpace != 0 {
		dst = append(dst, ' ')
	} else {
		dst = append(dst, 'T')
	}
	dst = appendTwo(dst, uint(clock/3_600_000))
	dst = appendTwo(append(dst, ':'), uint(clock/60_000%60))
	if at >= toSecond {
		dst = appendTwo(append(dst, ':'), uint(clock/1000%60))
	}
	if at > toSecond {
		milli := strconv.AppendInt(nil, 1000+clock%1000, 10)
		dst = append(append(dst, '.'), milli[1:1+at-toSecond]...)
	}
	switch {
	case form>>offsetShift == noOffset:
		return dst
	case form>>offsetShift == zulu:
		return append(dst, 'Z')
	case offset < 0:
		dst, offset = append(dst, '-'), -offset
	default:
		dst = append(dst, '+')
	}
	dst = appendTwo(dst, uint(offset/60))
	if onlyHours {
		return dst
	}
	return appendTwo(append(dst, ':'), uint(offset%60))
}

func appendTwo(dst []byte, n uint) []byte { return append(dst, byte('0'+n/10), byte('0'+n%10)) }

// divide divides as the floor does, with a remainder that is not negative.
func divide(a, b int64) (quotient, remainder int64) {
	quotient, remainder = a/b, a%b
	if remainder < 0 {
		return quotient - 1, remainder + b
	}
	return quotient, remainder
}

// civil is the inverse of daysSince1970.
func civil(days int64) (year, month, day uint) {
	z := uint(days + 719468 + 146097)
	of := z % 146097 // in its 400 years
	y := (of - of/1460 + of/36524 - of/146096) / 365
	yearDay := of - (365*y + y/4 - y/100)
	m := (5*yearDay + 2) / 153
	day = yearDay - (153*m+2)/5 + 1
	year, month = z/146097*400+y, m+3
	if month > 12 {
		year, month = year+1, month-12
	}
	return year - 400, month, day
}
