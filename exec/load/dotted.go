package load

import "bytes"

// parseDotted reads a date with the day first and dots between, as it is written from Norway to Turkey, with or without a time of day
// behind a space: 7.4.2025, 17.04.2025 9:05. It is asked only where a timestamp is wanted.
func parseDotted(b []byte) (ms int64, ok bool) {
	day := countDigits(b)
	if day < 1 || day > 2 || day == len(b) || b[day] != '.' {
		return 0, false
	}
	month := countDigits(b[day+1:])
	year := day + 1 + month + 1
	if month < 1 || month > 2 || len(b) < year+4 || b[year-1] != '.' || countDigits(b[year:]) != 4 {
		return 0, false
	}
	iso := append(append(make([]byte, 0, 32), b[year:year+4]...), '-')
	iso = append(append(append(iso, "0"[month-1:]...), b[day+1:year-1]...), '-')
	iso = append(append(iso, "0"[day-1:]...), b[:day]...)
	if rest := b[year+4:]; len(rest) > 2 && rest[0] == ' ' {
		iso = append(iso, ' ')
		if rest = rest[1:]; rest[1] == ':' {
			iso = append(iso, '0') // 9:05
		}
		iso = append(iso, rest...)
	} else if len(rest) > 0 {
		return 0, false
	}
	return parseTimestamp(iso)
}

// hasSlashes says whether b is a date with slashes, of which the day or the month may be first.
func hasSlashes(b []byte) bool {
	parts := bytes.Split(b, []byte{'/'})
	if len(parts) != 3 {
		return false
	}
	last, _, _ := bytes.Cut(parts[2], []byte{' '})
	for i, p := range [][]byte{parts[0], parts[1], last} {
		if n := countDigits(p); n != len(p) || n < 1 || n > 2 && (i < 2 || n > 4) {
			return false
		}
	}
	return true
}
