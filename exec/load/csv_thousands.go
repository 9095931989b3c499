package load

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// Where all numbers with a comma, or with a point, have one to three digits before it and three behind it, nothing in their
// column says whether it is the sign of the fraction or one of thousands; to take the one for the other is wrong by a factor
// of a thousand. If another column of the file has decimal commas, a comma is one here too, and a point may be a
// separator of thousands. Else a point is a decimal point, and a comma may be either.

// separators makes columns text in which a sign may be either, and notes it.
func (l *loader) separators() {
	if l.options.Dialect.Decimal != 0 {
		return // it was said
	}
	var shown map[*table]string
	for _, c := range l.cells.all {
		want, _ := l.options.typeOf(c.path)
		comma, point := c.grouped(want)
		if comma == "" && point == "" {
			continue
		}
		if shown == nil {
			shown = l.cells.decimalCommas()
		}
		by, known := c.shownBy(shown)
		switch name := c.name(); {
		case comma != "" && known, comma == "" && by == "":
		case want == "number" && c.settled():
		case want == "number":
			l.note("%s: the comma in %s is read as a decimal comma, and may be a separator of thousands; --decimal , says that it is none", name, comma)
		case comma != "":
			c.text = true
			l.note("%s is text: the comma in %s may be a separator of thousands; --decimal , reads it as %s", name, comma, strings.Replace(comma, ",", ".", 1))
		default:
			c.text = true
			l.note("%s is text: the point in %s may be a separator of thousands, since %s has decimal commas; --type %[1]s=number reads it as a decimal point, with --decimal , as %[4]s", name, point, by, strings.Replace(point, ".", "", 1))
		}
	}
}

// settled says whether the numbers of the column show themselves, in all files, what a comma is.
func (c *cellPath) settled() bool {
	for _, s := range shown(c.leaves) {
		if s.comma || !s.point {
			return false
		}
	}
	return true
}

// name writes the path of the column.
func (c *cellPath) name() string {
	steps := make([]string, len(c.path))
	for i, name := range c.path {
		steps[i] = quotedName(name)
	}
	return strings.Join(steps, ".")
}

// grouped returns the first number with a comma, or with a point, of a column in which all of these may be separators of thousands.
func (c *cellPath) grouped(want string) (comma, point string) {
	t := countLeaves(c.leaves)
	switch {
	case want == "number", want == "" && t.kinds == cellComma:
		for _, n := range c.leaves {
			if n.cells.commas {
				return "", ""
			}
			if comma == "" {
				comma = n.cells.grouped
			}
		}
	case want == "" && t.kinds&cellNumber != 0 && t.rest > 0 && t.large == 0:
		for _, n := range c.leaves {
			first, all := n.groupedPoints()
			if !all {
				return "", ""
			}
			if point == "" {
				point = first
			}
		}
	}
	return comma, point
}

// groupedPoints says whether all points in the numbers of n may be separators of thousands, and returns the first of these.
func (n *node) groupedPoints() (first string, all bool) {
	for i, v := range n.floats.values {
		digits := n.cells.digits[i]
		if digits != asWritten && (digits != 3 || math.Abs(v) < 1 || math.Abs(v) >= 1000) {
			return "", false
		}
		if digits != asWritten && first == "" {
			first = strconv.FormatFloat(v, 'f', 3, 64)
		}
	}
	for i := range n.cells.written.slots {
		b := trimCell(n.cells.written.at(i))
		if numeralOf(b, '.') != fraction {
			continue
		}
		if !isGrouped(b, '.') {
			return "", false
		}
		if first == "" {
			first = string(b)
		}
	}
	return first, true
}

// shownBy says whether all files of a column whose numbers have commas have decimal ones, and names a column that shows it.
func (c *cellPath) shownBy(shown map[*table]string) (name string, all bool) {
	all = true
	for _, n := range c.leaves {
		by := shown[n.cells.table]
		all = all && (by != "" || n.cells.grouped == "")
		if name == "" {
			name = by
		}
	}
	return name, all
}

// decimalCommas names a column of each file that has decimal commas.
func (c *cellColumns) decimalCommas() map[*table]string {
	shown := map[*table]string{}
	for _, p := range c.all {
		some, not := map[*table]bool{}, map[*table]bool{}
		for _, n := range p.leaves {
			if t := n.cells.table; t.comma && shown[t] == "" {
				has, all := n.decimalCommas()
				some[t], not[t] = some[t] || has, not[t] || !all
			}
		}
		for t := range some {
			if some[t] && !not[t] {
				shown[t] = p.name()
			}
		}
	}
	return shown
}

// decimalCommas says whether there is a number in n whose comma can be nothing but that of the fraction, and whether all
// that n has are numbers which are written like that.
func (n *node) decimalCommas() (some, all bool) {
	some = n.cells.commas
	if n.dict == nil {
		return some, true
	}
	for code := range n.dict.len() {
		b := trimCell(n.dict.at(uint32(code)))
		left, _, comma := bytes.Cut(b, []byte{','})
		groups := bytes.Split(left, []byte{'.'})
		plain := b
		if len(groups) > 1 {
			for _, g := range groups[1:] {
				if len(g) != 3 {
					return false, false
				}
			}
			plain = bytes.Replace(b, []byte{'.'}, nil, len(groups)-1)
		}
		switch kind := numeralOf(plain, ','); {
		case spellings[string(b)] == cellNull:
		case kind == notNumber:
			return false, false
		case comma && (len(groups) > 1 || !isGrouped(b, ',')):
			some = true
		}
	}
	return some, true
}

// isGrouped says whether the sign in a number may be a separator of thousands.
func isGrouped(b []byte, sign byte) bool {
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		b = b[1:]
	}
	n := countDigits(b)
	return n >= 1 && n <= 3 && b[0] != '0' && len(b) == n+4 && b[n] == sign && countDigits(b[n+1:]) == 3
}
