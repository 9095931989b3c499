package load

import (
	"errors"
	"fmt"
	"strings"
)

// Dialect says how texts are written where that is not to be found out. The zero value
// has all of it found out. All but Encoding is of CSV and TSV.
type Dialect struct {
	// Delimiter is between cells: any character of ASCII that [ParseDelimiter] gives; 0 to find out.
	Delimiter byte
	// NoHeader says that the first line is a row, and names no columns.
	NoHeader bool
	// Nulls are the cells that are null in every column, texts too, in place of the
	// usual spellings; nil for these.
	Nulls []string
	// Encoding is that of the text of any format, by one of the names that [CheckEncoding] knows;
	// "" to find out.
	Encoding string
	// Decimal is the sign before the fraction of numbers, a point or a comma: then no number has
	// the other. 0 to find out.
	Decimal byte
}

// ParseDelimiter reads what is between cells: one character, or tab.
func ParseDelimiter(s string) (byte, error) {
	if s == "tab" || s == `\t` {
		return '\t', nil
	}
	if len(s) != 1 || s[0] >= 0x80 {
		return 0, errors.New("the delimiter is one character of ASCII such as ; or | or tab")
	}
	switch c := s[0]; {
	case c == '"', c == '\r', c == '\n', c == 0:
		return 0, errors.New("quotes, line ends and zeros cannot be the delimiter")
	case c >= '0' && c <= '9', c|0x20 >= 'a' && c|0x20 <= 'z', c == '.', c == '-', c == '+':
		return 0, fmt.Errorf("%q cannot be the delimiter, since it is in numbers or words", s)
	}
	return s[0], nil
}

// ParseDecimal reads the sign before the fraction of a number.
func ParseDecimal(s string) (byte, error) {
	if s != "." && s != "," {
		return 0, errors.New(`the decimal sign is . or ,`)
	}
	return s[0], nil
}

// Given says whether d says anything.
func (d *Dialect) Given() bool { return d.cells() || d.Encoding != "" }

// cells says whether d says something of cells.
func (d *Dialect) cells() bool {
	return d.Delimiter != 0 || d.NoHeader || d.Nulls != nil || d.Decimal != 0
}

// nullSet returns the cells that are null, nil for the usual ones.
func (d *Dialect) nullSet() map[string]bool {
	if d.Nulls == nil {
		return nil
	}
	set := make(map[string]bool, len(d.Nulls))
	for _, s := range d.Nulls {
		set[strings.Trim(s, " \t")] = true
	}
	return set
}

// noteIdle notes that nothing that is read has a dialect.
func (l *loader) noteIdle(inputs []*input) {
	d := &l.options.Dialect
	for _, in := range inputs {
		if f := in.format; f == nil || f.hasCells() || f.looks != nil && !d.cells() {
			return
		}
	}
	switch {
	case d.cells():
		l.note("nothing of the data is CSV or TSV: delimiter, header, spellings of null and decimal sign are of no use")
	case d.Encoding != "":
		l.note("nothing of the data is a text: its encoding is of no use")
	}
}

// hasCells says whether files of the format are CSV or TSV.
func (f *format) hasCells() bool { return f.extensions[0] == "csv" || f.extensions[0] == "tsv" }
