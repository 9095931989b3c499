package check

import "time"

// ParseTimestamp reads an ISO-8601 date, or date and time, as milliseconds since
// 1970 UTC: 2026-11-01, 2026-11-01T10:15, 2026-11-01T10:15:30.250+01:00. What has
// no offset is UTC; finer parts of a second than milliseconds are cut off.
func ParseTimestamp(s string) (ms int64, ok bool) {
	p := isoReader{s: s, ok: true}
	year, month, day := p.digits(4), p.after('-', 2), p.after('-', 2)
	if !p.ok || month < 1 || month > 12 || day < 1 || day > 31 {
		return 0, false
	}
	at := time.Date(int(year), time.Month(month), int(day), 0, 0, 0, 0, time.UTC)
	if at.Day() != int(day) {
		return 0, false
	}
	ms = at.UnixMilli()
	if p.i == len(s) {
		return ms, true
	}
	clock := p.clock()
	offset := p.offset()
	return ms + clock - offset, p.ok && p.i == len(s)
}

// isoReader reads fields of fixed width. ok turns false at the first that is not
// there.
type isoReader struct {
	s  string
	i  int
	ok bool
}

// clock reads Thh:mm[:ss[.fff]] in milliseconds.
func (p *isoReader) clock() int64 {
	if p.peek() != 'T' && p.peek() != ' ' && p.peek() != 't' {
		p.ok = false
		return 0
	}
	p.i++
	hour, minute, second, milli := p.digits(2), p.after(':', 2), int64(0), int64(0)
	if p.peek() == ':' {
		second = p.after(':', 2)
		if p.peek() == '.' || p.peek() == ',' {
			milli = p.fraction()
		}
	}
	if hour > 23 || minute > 59 || second > 59 {
		p.ok = false
	}
	return ((hour*60+minute)*60+second)*1000 + milli
}

// offset reads Z, ±hh:mm, ±hhmm, ±hh or nothing, in milliseconds; behind a space, an offset or UTC, as Ruby, git and
// BigQuery write them.
func (p *isoReader) offset() int64 {
	if p.peek() == ' ' {
		if p.s[p.i:] == " UTC" {
			p.i = len(p.s)
			return 0
		}
		p.i++
		if p.peek() != '+' && p.peek() != '-' {
			p.ok = false
		}
	}
	sign := int64(1)
	switch p.peek() {
	case 0:
		return 0
	case 'Z', 'z':
		p.i++
		return 0
	case '-':
		sign = -1
	case '+':
	default:
		p.ok = false
		return 0
	}
	p.i++
	hour, minute := p.digits(2), int64(0)
	if p.peek() == ':' {
		p.i++
	}
	if p.i < len(p.s) {
		minute = p.digits(2)
	}
	if hour > 23 || minute > 59 {
		p.ok = false
	}
	return sign * (hour*60 + minute) * 60_000
}

// fraction reads the mark and at least one digit, and gives the milliseconds.
func (p *isoReader) fraction() int64 {
	p.i++
	start, milli, unit := p.i, int64(0), int64(100)
	for ; p.peek() >= '0' && p.peek() <= '9'; p.i++ {
		milli += int64(p.peek()-'0') * unit
		unit /= 10
	}
	p.ok = p.ok && p.i > start
	return milli
}

// after reads mark and then n digits.
func (p *isoReader) after(mark byte, n int) int64 {
	if p.peek() != mark {
		p.ok = false
		return 0
	}
	p.i++
	return p.digits(n)
}

func (p *isoReader) digits(n int) int64 {
	v := int64(0)
	for range n {
		d := p.peek() - '0'
		if d > 9 {
			p.ok = false
			return 0
		}
		v = v*10 + int64(d)
		p.i++
	}
	return v
}

// peek returns the next byte, 0 at the end.
func (p *isoReader) peek() byte {
	if p.i < len(p.s) {
		return p.s[p.i]
	}
	return 0
}
