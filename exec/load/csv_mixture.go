package load

import (
	"bytes"
	"fmt"
	"strings"
)

// cellCounts counts the cells of a column of texts that are something else besides:
// what a hint needs to know (see survey).
type cellCounts struct {
	numbers, times, bools, all int

	// Numbers and dates that are read as such only where they are wanted: how many of the above, and the first of each.
	commas, days int
	comma, day   string
	certain      bool // a number shows which sign its decimal sign is, and all files may have that
	amounts      bool // some has groups and a fraction
}

// add adds the counts of another part of the column.
func (c *cellCounts) add(o cellCounts) {
	c.numbers, c.times, c.bools, c.all = c.numbers+o.numbers, c.times+o.times, c.bools+o.bools, c.all+o.all
	c.commas, c.days = c.commas+o.commas, c.days+o.days
	c.certain, c.amounts = c.certain || o.certain, c.amounts || o.amounts
	if c.comma == "" || o.certain && !c.certain {
		c.comma = o.comma
	}
	if c.day == "" {
		c.day = o.day
	}
}

// takeComma takes in a text that is a number by its comma or its groups of digits.
func (c *cellCounts) takeComma(b []byte, t *table) {
	number, sign, ok := ungrouped(b)
	certain := ok && !isGrouped(b, ',') && !isGrouped(b, '.')
	if !ok {
		sign, certain = ',', true
	}
	certain = certain && t.decimals(sign)
	amount := ok && bytes.IndexByte(number, '.') > 0
	if c.comma == "" || certain && !c.certain || amount && !c.amounts {
		c.comma = string(b)
	}
	c.certain, c.amounts = c.certain || certain, c.amounts || amount
}

// countCells counts the texts of n by what they may be.
func (n *node) countCells() cellCounts {
	var c cellCounts
	kinds := make([]cellKinds, n.dict.len())
	any := false
	for code := range kinds {
		b := n.dict.at(uint32(code))
		kinds[code] = soleKind(b)
		any = any || kinds[code] != 0
		switch {
		case kinds[code] == cellComma:
			c.takeComma(trimCell(b), n.cells.table)
		case kinds[code] == cellDay && c.day == "":
			c.day = string(trimCell(b))
		}
	}
	if !any {
		return c
	}
	c.all = len(n.texts.values)
	for _, code := range n.texts.values {
		switch kinds[code] {
		case cellNumber:
			c.numbers++
		case cellComma:
			c.numbers++
			c.commas++
		case cellDay:
			c.times++
			c.days++
		case cellTime:
			c.times++
		case cellBool:
			c.bools++
		}
	}
	return c
}

// wordBegins are the first letters of what is a number or a boolean though it has no digits.
var wordBegins = []byte("tTfFiI")

// soleKind returns what a cell is besides a text; 0 for nothing.
func soleKind(b []byte) cellKinds {
	if len(b) == 0 || b[0] > '9' && bytes.IndexByte(wordBegins, b[0]) < 0 {
		return 0
	}
	if numeralOf(trimCell(b), '.') != notNumber {
		return cellNumber
	}
	if k := wordKinds(b, true) & (cellTime | cellBool | cellComma); k != 0 {
		return k
	}
	if _, _, ok := ungrouped(trimCell(b)); ok {
		return cellComma
	}
	if _, ok := parseDotted(trimCell(b)); ok {
		return cellDay
	}
	return 0
}

// written says how the numbers, or the dates, of a text are written, and what reads them; "" where they are written as usual. Of an
// untold field no value is shown.
func (c *cellCounts) written(path, typed, kind string, untold bool) string {
	day, comma := "like "+c.day, "like "+c.comma
	if untold {
		day, comma = "with dots", "with groups of digits or a decimal comma"
	}
	switch {
	case kind == "timestamp" && c.days > 0:
		return fmt.Sprintf("%s is text, since its dates are written %s: %s reads them, the day first", path, day, typeFlag(typed, kind))
	case kind != "number" || c.commas == 0:
		return ""
	case c.certain:
		return fmt.Sprintf("%s is text, since its numbers are written %s: %s reads them", path, comma, typeFlag(typed, kind))
	}
	return fmt.Sprintf("%s is text, since its numbers are written %s: %s reads them, with --decimal , or --decimal . to say what the sign is", path, comma, typeFlag(typed, kind))
}

// noteWritten notes columns of texts that are mostly amounts with groups of digits, or dates with dots.
func (l *loader) noteWritten() {
	for _, c := range l.cells.all {
		var sum cellCounts
		for _, n := range c.leaves {
			sum.add(n.counts)
		}
		want, _ := l.options.typeOf(c.path)
		kind := ""
		switch {
		case want != "" || c.text:
		case sum.amounts && 2*sum.numbers > sum.all:
			kind = "number"
		case 2*sum.days > sum.all:
			kind = "timestamp"
		}
		if says := sum.written(c.name(), l.options.typed(c.name()), kind, l.options.untold(c.name())); says != "" {
			l.note("%s", says)
		}
	}
}

// typeFlag writes the flag that makes a field something else, with quotes for a shell where its name needs them.
func typeFlag(typed, kind string) string {
	says := typed + "=" + kind
	if strings.ContainsAny(says, " `$\"&()*;<>?|") && !strings.Contains(says, "'") {
		says = "'" + says + "'"
	}
	return "--type " + says
}
