package load

import (
	"bytes"
	"strconv"
)

// valueInHeader returns a cell of the header that seems to be a value, where the first line
// is likely to be a row: a number or a date that one of the first lines below has in the same
// column, or any where all are numbers that do not count on, as years above a table do.
func (r *sheetReader) valueInHeader() (value string, likely bool) {
	var suspects []int
	for i, name := range r.header {
		if valueLike(name) {
			suspects = append(suspects, i)
		}
	}
	if len(suspects) == 0 {
		return "", false
	}
	if len(suspects) == len(r.header) && !countsOn(r.header) {
		return string(bytes.TrimSpace(r.header[0])), true
	}
	rows := 0
	sampled(r.buf[r.pos:], r.final, dialect{delimiter: r.delimiter, cr: r.cr}, func(cells []cell, data []byte) bool {
		for _, i := range suspects {
			if name := bytes.TrimSpace(r.header[i]); i < len(cells) && bytes.Equal(bytes.TrimSpace(unquoted(nil, data, cells[i])), name) {
				value, likely = string(name), true
				return false
			}
		}
		rows++
		return rows < sniffRows
	})
	return value, likely
}

// valueLike says whether a cell is a number or a date.
func valueLike(cell []byte) bool {
	cell = bytes.TrimSpace(cell)
	_, _, date := parseDate(cell)
	return date || numeralOf(cell, '.') != notNumber
}

// countsOn says whether cells are whole numbers each of which is one more than the one before.
func countsOn(cells [][]byte) bool {
	last := 0
	for i, c := range cells {
		n, err := strconv.Atoi(string(bytes.TrimSpace(c)))
		if err != nil || i > 0 && n != last+1 {
			return false
		}
		last = n
	}
	return true
}
