package load

import "bytes"

// doubt says what is strange about the first lines of a table; "" for nothing. said is the delimiter that was not
// looked for.
func (r *sheetReader) doubt(said byte) string {
	if c := r.otherDelimiter(said); c != 0 {
		return "all lines are one cell, and have as many of " + string(c) + ": --delimiter '" + string(c) + "' reads them as cells"
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
