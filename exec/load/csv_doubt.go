package load

import "bytes"

// doubt says what is strange about the first lines of a table; "" for nothing. said is the delimiter that was not
// looked for.
func (r *sheetReader) doubt(said byte) string {
	if c := r.otherDelimiter(said); c != 0 {
		return "all lines are one cell, and have as many of " + string(c) + ": --delimiter '" + string(c) + "' reads them as cells"
	}
	if c := r.between(); c != 0 && said != c {
		note := "all lines are one cell that looks like several numbers: --delimiter '" + string(c) + "' reads them as cells"
		if !r.headless && severalNumbers(r.header[0], c) > 0 {
			note += ", and --no-header the first line as a row"
		}
		return note
	}
	if r.padded() {
		return "the first line names the first column only: if it is a title, remove the lines above the header"
	}
	return ""
}

// otherDelimiter returns the character that all of the first lines have as often, where they are one cell by the
// delimiter that was said; 0 for none.
func (r *sheetReader) otherDelimiter(said byte) byte {
	if said == 0 || len(r.header) != 1 {
		return 0
	}
	lines := [][]byte{r.header[0]}
	r.sample(func(cells []cell, data []byte) bool {
		if len(cells) == 1 {
			lines = append(lines, data[cells[0].from():cells[0].to()])
		}
		return len(cells) == 1
	})
	for _, c := range []byte(",\t;|~^") {
		n := bytes.Count(lines[0], []byte{c})
		same := n > 0 && len(lines) > 1
		for _, line := range lines {
			same = same && bytes.Count(line, []byte{c}) == n
		}
		if same {
			return c
		}
	}
	return 0
}

// between returns the blank or colon that stands between numbers in all of the first lines, where these are one cell, and
// that the header has as often; 0 for none.
func (r *sheetReader) between() byte {
	if len(r.header) != 1 {
		return 0
	}
	for _, c := range []byte(" :") {
		n, rows, same := bytes.Count(r.header[0], []byte{c})+1, 0, true
		r.sample(func(cells []cell, data []byte) bool {
			same = len(cells) == 1 && n > 1 && severalNumbers(data[cells[0].from():cells[0].to()], c) == n
			rows++
			return same
		})
		if same && rows > 0 {
			return c
		}
	}
	return 0
}

// severalNumbers returns how many numbers there are with c between them; 0 where something else is, and for times of day.
func severalNumbers(cell []byte, c byte) int {
	parts, clock := bytes.Split(cell, []byte{c}), c == ':'
	for _, part := range parts {
		if numeralOf(part, '.') == notNumber {
			return 0
		}
		clock = clock && len(part) == 2
	}
	if len(parts) < 2 || clock {
		return 0
	}
	return len(parts)
}

// padded says whether the first line is one cell with empty ones behind it, as spreadsheets write a title, though there is
// something in the last column.
func (r *sheetReader) padded() bool {
	if len(r.header) < 3 || len(bytes.TrimSpace(r.header[0])) == 0 {
		return false
	}
	for _, name := range r.header[1:] {
		if len(bytes.TrimSpace(name)) > 0 {
			return false
		}
	}
	filled := false
	r.sample(func(cells []cell, _ []byte) bool {
		filled = len(cells) == len(r.header) && !cells[len(cells)-1].null()
		return !filled
	})
	return filled
}

// sample reads the first lines below the header, while more says so.
func (r *sheetReader) sample(more func(cells []cell, data []byte) bool) {
	rows := 0
	sampled(r.buf[r.pos:], r.final, dialect{delimiter: r.delimiter, cr: r.cr}, func(cells []cell, data []byte) bool {
		rows++
		return more(cells, data) && rows < sniffRows
	})
}
