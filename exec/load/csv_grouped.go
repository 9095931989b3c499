package load

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// grouping are the signs that may stand between groups of three digits: those of German, French and Swiss spreadsheets among them.
const grouping = ".,' \u00a0\u202f\u2019"

// ungrouped reads a number whose whole part has groups of three digits: it gives the number without them, with a decimal
// point, and the decimal sign that the number shows: 0 where it may be either.
func ungrouped(b []byte) (number []byte, decimal byte, ok bool) {
	rest := b
	if len(rest) > 0 && (rest[0] == '-' || rest[0] == '+') {
		rest = rest[1:]
	}
	n := countDigits(rest)
	if n == 0 || n > 3 || n == len(rest) || rest[0] == '0' {
		return nil, 0, false
	}
	between, size := utf8.DecodeRune(rest[n:])
	if !strings.ContainsRune(grouping, between) {
		return nil, 0, false
	}
	sign := rest[n : n+size]
	number = append(number, b[:len(b)-len(rest)+n]...)
	rest = rest[n:]
	groups := 0
	for ; bytes.HasPrefix(rest, sign); groups++ {
		if rest = rest[size:]; countDigits(rest) != 3 {
			return nil, 0, false
		}
		number, rest = append(number, rest[:3]...), rest[3:]
	}
	if between == '.' || between == ',' {
		decimal = '.' + ',' - byte(between)
	}
	if len(rest) == 0 {
		return number, decimal, true
	}
	if rest[0] == sign[0] || rest[0] != '.' && rest[0] != ',' || len(rest) == 1 || countDigits(rest[1:]) != len(rest)-1 {
		return nil, 0, false
	}
	decimal = rest[0]
	return append(append(number, '.'), rest[1:]...), decimal, true
}

// decimals says whether the numbers of the file may have that decimal sign; 0 is any.
func (t *table) decimals(sign byte) bool {
	return sign == 0 || sign == ',' && t.comma || sign == '.' && t.point
}

// groupedNumber takes a number with groups of digits, where numbers are wanted.
func (f *cellFiller) groupedNumber(row int, b []byte) bool {
	number, decimal, ok := ungrouped(b)
	if !ok || !f.table.decimals(decimal) {
		return false
	}
	if bytes.IndexByte(number, '.') < 0 {
		i, err := strconv.ParseInt(string(number), 10, 64)
		if err != nil {
			return false
		}
		f.node.ints.add(uint32(row), i)
	} else {
		v, err := strconv.ParseFloat(string(number), 64)
		if err != nil {
			return false
		}
		f.node.floats.add(uint32(row), v)
		f.cells.digits = append(f.cells.digits, asWritten)
	}
	f.cells.commas = f.cells.commas || decimal == ','
	f.cells.points = f.cells.points || decimal == '.'
	return true
}

// eitherComma is a number like 1,234, which is among the floats as 1.234 and may be a thousand times that.
type eitherComma struct{ at, line, row int }

// shownSigns are the decimal signs that the numbers of a column show in a file: 1,5 and 1.234.567 a comma.
type shownSigns struct{ comma, point bool }

// shown returns what the leaves of a column show, by file.
func shown(leaves []*node) map[*table]shownSigns {
	all := map[*table]shownSigns{}
	for _, n := range leaves {
		_, grouped := n.groupedPoints()
		s := all[n.cells.table]
		all[n.cells.table] = shownSigns{s.comma || n.cells.commas, s.point || n.cells.points || !grouped}
	}
	return all
}

// settleGroups decides in a column of which numbers are wanted what 1.234 and 1,234 are, by what its other numbers in that file
// show. Where they show nothing, or both, the sign is that of the fraction, and a comma only where numbers may have it.
func settleGroups(leaves []*node) {
	by := shown(leaves)
	for _, n := range leaves {
		s, t := by[n.cells.table], n.cells.table
		switch {
		case t.said:
		case s.comma && !s.point:
			n.thousandPoints()
		case s.point && !s.comma:
			for _, e := range n.cells.either {
				n.floats.values[e.at] = math.Round(n.floats.values[e.at] * 1000)
			}
		case !t.comma:
			n.dropCommas()
		}
	}
}

// thousandPoints makes 1.234 a whole number.
func (n *node) thousandPoints() {
	w, next, i := &n.cells.written, 0, 0
	for slot, v := range n.floats.all() {
		for next < len(w.slots) && w.slots[next] < slot {
			next++
		}
		digits := n.cells.digits[i]
		kept := digits == asWritten && next < len(w.slots) && w.slots[next] == slot
		if digits == 3 && math.Abs(v) >= 1 && math.Abs(v) < 1000 || kept && isGrouped(trimCell(w.at(next)), '.') {
			n.floats.values[i] = math.Round(v * 1000)
		}
		i++
	}
}

// dropCommas makes null what nobody can tell: 1,234 in a file in which commas are between cells.
func (n *node) dropCommas() {
	either, kept, i := n.cells.either, lane[float64]{}, 0
	for slot, v := range n.floats.all() {
		if len(either) > 0 && either[0].at == i {
			n.misfit("a number whose comma may be of the fraction or of thousands (--decimal says which)", either[0].line, either[0].row)
			either = either[1:]
		} else {
			kept.add(slot, v)
		}
		i++
	}
	if len(n.cells.either) > 0 {
		kept.seal(n.cells.rows)
		n.floats = kept
	}
}
