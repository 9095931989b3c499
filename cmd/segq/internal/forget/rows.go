package forget

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/segq/segq/cmd/segq/internal/rows"
	"github.com/segq/segq/repl/show"
)

// Rows is what rows of a file have of a person: how many have the id as theirs, how many others name it elsewhere, and
// what the file is without those of the first. Unread says what could not be looked through.
type Rows struct {
	Mine, Others int
	Rest         []byte
	Unread       error
}

// idNames are what the ids of profiles are called in data and in what is exported, the surest first.
var idNames = []string{"_id", "id", "profile"}

// byteOrderMark may begin a text.
const byteOrderMark = "\ufeff"

// idIn returns which of some names is that of ids, "" where none is. The id of a record of a query is that of the query.
func (s Search) idIn(has func(name string) bool) string {
	if s.Field != "" {
		if has(s.Field) {
			return s.Field
		}
		return ""
	}
	for _, name := range idNames {
		if has(name) && (name == "_id" || !has("query")) {
			return name
		}
	}
	return ""
}

// JSON looks through lines of JSON.
func (s Search) JSON(text []byte) (k Rows) {
	damaged := 0
	for line := range bytes.Lines(text) {
		value, err := decodeLine(line)
		object, _ := value.(map[string]any)
		name := s.idIn(func(name string) bool { _, has := object[name]; return has })
		switch {
		case err == nil && name != "" && isID(object[name], s.ID):
			k.Mine++
			continue
		case err == nil && namesIn(value, s.ID), err != nil && Mentions(string(line), s.ID):
			k.Others++
		case err != nil:
			damaged++
		}
		k.Rest = append(k.Rest, line...)
	}
	if damaged > 0 {
		k.Unread = fmt.Errorf("%s: no JSON of its own", show.Plural(damaged, "line", "lines"))
	}
	return k
}

// decodeLine reads a line of JSON; one of blanks is nothing.
func decodeLine(line []byte) (value any, err error) {
	line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte(byteOrderMark)))
	if len(line) == 0 {
		return nil, nil
	}
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one value")
	}
	return value, nil
}

// isID says whether a value of JSON is an id.
func isID(value any, id string) bool {
	switch v := value.(type) {
	case string:
		return v == id
	case json.Number:
		return v.String() == id || sameNumber(v.String(), id)
	}
	return false
}

// namesIn says whether a value of JSON has an id in it.
func namesIn(value any, id string) bool {
	switch v := value.(type) {
	case string:
		return Mentions(v, id)
	case json.Number:
		return isID(v, id)
	case []any:
		return slices.ContainsFunc(v, func(one any) bool { return namesIn(one, id) })
	case map[string]any:
		for key, one := range v {
			if names(key, id) || namesIn(one, id) {
				return true
			}
		}
	}
	return false
}

// Cells looks through records of CSV. What separates them is that of commas with which the header has ids.
func (s Search) Cells(text []byte, commas string) (k Rows) {
	comma, header, at := s.headerOf(text, commas)
	if at >= 0 {
		s.cells = s.cellsOf(text, comma, header, at)
	}
	r := cellReader(text, comma)
	if at >= 0 {
		_, _ = r.Read()
		k.Rest = append(k.Rest, text[:r.InputOffset()]...)
	}
	for {
		start := r.InputOffset()
		cells, err := r.Read()
		if errors.Is(err, io.EOF) {
			return k
		}
		if err != nil {
			return Rows{Unread: err, Rest: text, Others: s.rawRows(text)}
		}
		if len(cells) == header && at >= 0 && s.isCell(cells[at]) {
			k.Mine++
			continue
		}
		if slices.ContainsFunc(cells, func(cell string) bool { return Mentions(cell, s.ID) || sameNumber(cell, s.ID) }) {
			k.Others++
		}
		k.Rest = append(k.Rest, text[start:r.InputOffset()]...)
	}
}

// cells is how the ids of a file of cells are written, which has no types.
type cells struct {
	// numbers says that all are numbers: 3.0, as other programs write those of floats, is 3 there, and among texts it is not.
	numbers bool
	// safe says that those which a spreadsheet would take for formulas may begin with an apostrophe: none is without it.
	safe bool
}

// cellsOf says how the ids are written in a column.
func (s Search) cellsOf(text []byte, comma rune, header, at int) cells {
	c := cells{numbers: true, safe: true}
	if !isNumber(s.ID) && rows.Unsafe("'"+s.ID) != s.ID {
		return cells{} // it is written in one way
	}
	r := cellReader(text, comma)
	_, _ = r.Read()
	for {
		record, err := r.Read()
		if err != nil {
			return c
		}
		if len(record) != header || record[at] == "" {
			continue
		}
		number := isNumber(record[at])
		c.numbers = c.numbers && number
		c.safe = c.safe && (number || rows.Unsafe("'"+record[at]) != record[at])
	}
}

// isCell says whether a cell of the column of ids is the id.
func (s Search) isCell(cell string) bool {
	return cell == s.ID || s.cells.numbers && sameNumber(cell, s.ID) || s.cells.safe && rows.Unsafe(cell) == s.ID
}

// rawRows counts the lines of a text that name the id.
func (s Search) rawRows(text []byte) (n int) {
	for line := range bytes.Lines(text) {
		if Mentions(string(line), s.ID) {
			n++
		}
	}
	return n
}

// headerOf returns what separates the cells, how many the header has, and which has the ids, -1 for none.
func (s Search) headerOf(text []byte, commas string) (comma rune, cells, at int) {
	for _, comma := range commas {
		header, err := cellReader(text, comma).Read()
		if err != nil {
			continue
		}
		header[0] = strings.TrimPrefix(header[0], byteOrderMark)
		if name := s.idIn(func(name string) bool { return slices.Contains(header, name) }); name != "" {
			return comma, len(header), slices.Index(header, name)
		}
	}
	return []rune(commas)[0], 0, -1
}

func cellReader(text []byte, comma rune) *csv.Reader {
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma, r.FieldsPerRecord = comma, -1
	return r
}
