package load

import (
	"math"
	"slices"
	"strconv"
	"unsafe"

	"github.com/segq/segq/exec/column"
)

// odd holds what few numbers of a node need: those that no lane can hold, and
// how those are spelled whose spelling does not follow from their value. Both are
// codes of the dictionary of the node.
type odd struct {
	large   lane[uint32] // whole numbers beyond int64, and numbers beyond float64
	spelled lane[uint32] // of numbers that are in their lanes
}

// asSpelled, of a fraction, says that its spelling is in odd, or is the one of
// [column.AppendJSONFloat] where it is not there. Any other byte of digits is the
// number of digits after the point.
const asSpelled = 0xff

// addNumber adds a number as JSON writes it. How it is spelled is kept, as it may
// turn out to be among texts: for most numbers that costs a byte, or nothing.
func (n *node) addNumber(slot uint32, b []byte, whole bool) {
	if p, ok := plainNumber(b, 0); ok && p.end == len(b) {
		n.addPlain(slot, p)
		return
	}
	s := unsafe.String(unsafe.SliceData(b), len(b))
	if whole {
		if i, ok := parseInt(s); ok {
			n.seen |= kindInt
			n.ints.add(slot, i)
			if i == 0 && s[0] == '-' {
				n.oddities().spelled.add(slot, n.code(b))
			}
			return
		}
	}
	f, digits, ok := simpleFloat(s)
	if !ok {
		var err error
		if f, err = strconv.ParseFloat(s, 64); err != nil || whole {
			n.seen |= kindLarge
			n.oddities().large.add(slot, n.code(b))
			return
		}
	}
	if digits == asSpelled {
		if digits, ok = plainDigits(s, f); !ok {
			n.oddities().spelled.add(slot, n.code(b))
		}
	}
	n.seen |= kindFloat
	n.floats.add(slot, f)
	n.digits = append(n.digits, digits)
}

// withoutZeros returns a number without the zeros in front that it does not need, and
// anything else as it is. b keeps its bytes.
func withoutZeros(b []byte) []byte {
	sign := 0
	if len(b) > 0 && (b[0] == '-' || b[0] == '+') {
		sign = 1
	}
	i := sign
	for i+1 < len(b) && b[i] == '0' && b[i+1] >= '0' && b[i+1] <= '9' {
		i++
	}
	if i == sign {
		return b
	}
	return append(slices.Clone(b[:sign]), b[i:]...)
}

func (n *node) oddities() *odd {
	if n.odd == nil {
		n.odd = &odd{}
	}
	return n.odd
}

func parseInt(s string) (int64, bool) {
	if len(s) > 18 {
		i, err := strconv.ParseInt(s, 10, 64)
		return i, err == nil
	}
	digits, negative := s, s[0] == '-'
	if negative {
		digits = s[1:]
	}
	i := int64(0)
	for k := range len(digits) {
		i = i*10 + int64(digits[k]-'0')
	}
	if negative {
		i = -i
	}
	return i, true
}

// simpleFloat reads a number without exponent whose digits are an integer below
// 2^53 and whose fraction has at most 22 of them: then one division of exact
// numbers rounds right (Clinger, How to Read Floating Point Numbers Accurately).
// fraction is the number of digits after the point, if the integer is below
// 10^15: then rounding to as many gives the digits back. Else it is asSpelled.
func simpleFloat(s string) (f float64, fraction byte, ok bool) {
	mantissa, point := uint64(0), false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if mantissa >= 1<<53/10 || fraction > 21 {
				return 0, asSpelled, false
			}
			mantissa = mantissa*10 + uint64(c-'0')
			if point {
				fraction++
			}
		case c == '.':
			point = true
		case c != '-':
			return 0, asSpelled, false
		}
	}
	f = float64(mantissa) / powers[fraction]
	if s[0] == '-' {
		f = math.Copysign(f, -1)
	}
	if mantissa >= 1e15 {
		fraction = asSpelled
	}
	return f, fraction, true
}

var powers = [...]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

// plainDigits returns the number of digits after the point of s where f, written
// with that many, is s again; else asSpelled.
func plainDigits(s string, f float64) (byte, bool) {
	const most = 40
	point := len(s)
	for i := range len(s) {
		switch s[i] {
		case '.':
			point = i + 1
		case 'e', 'E':
			return asSpelled, false
		}
	}
	fraction := len(s) - point
	if len(s) > most {
		return asSpelled, false
	}
	var buf [2 * most]byte
	if string(strconv.AppendFloat(buf[:0], f, 'f', fraction, 64)) != s {
		return asSpelled, false
	}
	return byte(fraction), true
}

// exact says whether f has all the digits of s, the number that it was read from:
// written with as many, it is the same again.
func exact(s string, f float64) bool {
	want := significant(s)
	got := significant(strconv.FormatFloat(f, 'e', max(len(want)-1, 0), 64))
	return want == got
}

// significant returns the digits of a number without its sign, point and exponent,
// and without the zeros at both ends.
func significant(s string) string {
	digits := make([]byte, 0, len(s))
	for _, c := range []byte(s) {
		if c|0x20 == 'e' {
			break
		}
		if c >= '1' && c <= '9' || c == '0' && len(digits) > 0 {
			digits = append(digits, c)
		}
	}
	for len(digits) > 0 && digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return string(digits)
}

// appendFloat appends a fraction as it was spelled, by its byte of digits.
func appendFloat(dst []byte, f float64, digits byte) []byte {
	if digits == asSpelled {
		return column.AppendJSONFloat(dst, f)
	}
	return strconv.AppendFloat(dst, f, 'f', int(digits), 64)
}
