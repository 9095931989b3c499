package load

import (
	"bytes"
	"strconv"
)

// valueInHeader returns a cell of the header that seems to be a value, where the first line
// is likely to be a row: a number or a date that one of the first lines below has in the same
// column; the number of each column of numbers, if these do not count on as years above a table do;
// or a text that comes again and again in a column of few others.
func (r *sheetReader) valueInHeader() (value string, likely bool) {
	columns, rows := r.columns()
	var numbers [][]byte
	named := false
	for i, c := range columns {
		name := bytes.TrimSpace(r.header[i])
		switch {
		case valueLike(name) && c.met[string(name)] > 0, c.repeated(string(name), rows):
			return string(name), true
		case valueLike(name):
			numbers = append(numbers, name)
			named = named || !c.numbers && rows > 0
		case c.numbers:
			named = true
		}
	}
	if len(numbers) == 0 || len(numbers) < len(r.header) && (named || len(numbers) == 1) || countsOn(numbers) {
		return "", false
	}
	return string(numbers[0]), true
}

// headColumn is what the first lines below the header have in a column.
type headColumn struct {
	met     map[string]int
	numbers bool // there are cells, and all are numbers or dates
}

// repeated says whether a text comes more than once, in a column that has few others in so many rows.
func (c *headColumn) repeated(text string, rows int) bool {
	const enough = 8
	return text != "" && rows >= enough && c.met[text] > 1 && len(c.met)*3 <= rows
}

// columns looks at the first lines below the header. One that is the header again, as in files that were put together,
// does not count.
func (r *sheetReader) columns() (columns []headColumn, rows int) {
	columns = make([]headColumn, len(r.header))
	cells, others := make([]int, len(columns)), make([]int, len(columns))
	for i := range columns {
		columns[i].met = map[string]int{}
	}
	r.sample(func(row []cell, data []byte) bool {
		texts, same := make([][]byte, min(len(row), len(columns))), true
		for i := range texts {
			texts[i] = bytes.Clone(bytes.TrimSpace(unquoted(nil, data, row[i])))
			same = same && bytes.Equal(texts[i], bytes.TrimSpace(r.header[i]))
		}
		if same && len(columns) > 1 {
			return true
		}
		rows++
		for i, text := range texts {
			if len(text) == 0 {
				continue
			}
			columns[i].met[string(text)]++
			cells[i]++
			if !valueLike(text) {
				others[i]++
			}
		}
		return true
	})
	for i := range columns {
		columns[i].numbers = cells[i] > 0 && others[i] == 0
	}
	return columns, rows
}

// valueLike says whether a cell is a number or a date.
func valueLike(cell []byte) bool {
	cell = bytes.TrimSpace(cell)
	_, _, date := parseDate(cell)
	return date || numeralOf(cell, '.') != notNumber
}

// countsOn says whether cells are whole numbers that are years, or of which each is one more than the one before.
func countsOn(cells [][]byte) bool {
	last, years, on := 0, true, true
	for i, c := range cells {
		n, err := strconv.Atoi(string(bytes.TrimSpace(c)))
		if err != nil {
			return false
		}
		on = on && (i == 0 || n == last+1)
		years = years && n >= 1800 && n <= 2100
		last = n
	}
	return on || years
}
