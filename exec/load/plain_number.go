package load

import "math"

// plain is a number without exponent whose digits follow from its value: a whole one, or a
// fraction with so many digits after the point.
type plain struct {
	whole    int64
	fraction float64
	decimals int // -1 for a whole one
	end      int // of its text
}

// plainNumber reads the number that begins at a place, with an optional minus, without
// needless zeros in front, and with digits on both sides of a point. Any other, or what is
// none, is not ok, nor is minus zero unless it is a fraction.
func plainNumber(text []byte, from int) (p plain, ok bool) {
	i := from
	negative := text[i] == '-'
	if negative {
		i++
	}
	first, mantissa := i, uint64(0)
	for ; i < len(text) && text[i]-'0' <= 9; i++ {
		mantissa = mantissa*10 + uint64(text[i]-'0')
	}
	digits := i - first
	if digits == 0 || digits > 1 && text[first] == '0' {
		return p, false
	}
	if i == len(text) || text[i] != '.' {
		p.whole, p.decimals, p.end = int64(mantissa), -1, i
		if negative {
			p.whole = -p.whole
		}
		const most = 18 // digits that an int64 has room for
		return p, digits <= most && (mantissa > 0 || !negative) && (i == len(text) || text[i]|0x20 != 'e')
	}
	i++
	point := i
	for ; i+8 <= len(text); i += 8 {
		d := load64(text[i:])
		if !eightDigits(d) {
			break
		}
		mantissa = mantissa*100_000_000 + eightValue(d)
	}
	for ; i < len(text) && text[i]-'0' <= 9; i++ {
		mantissa = mantissa*10 + uint64(text[i]-'0')
	}
	p.decimals, p.end = i-point, i
	if p.decimals == 0 || digits+p.decimals > mostDigits || i < len(text) && text[i]|0x20 == 'e' {
		return p, false
	}
	if p.fraction, ok = plainFraction(mantissa, p.decimals); negative {
		p.fraction = math.Copysign(p.fraction, -1)
	}
	return p, ok
}

// plainFraction returns mantissa / 10^decimals, if its digits follow from that. With 15
// digits they always do.
func plainFraction(mantissa uint64, decimals int) (f float64, ok bool) {
	if mantissa < 1e15 {
		return float64(mantissa) / powers[decimals], true
	}
	f, ok = decimalFloat(mantissa, decimals)
	return f, ok && sameDigits(f, mantissa, decimals)
}

// addPlain adds a number to its lane.
func (n *node) addPlain(slot uint32, p plain) {
	if p.decimals < 0 {
		n.seen |= kindInt
		n.ints.add(slot, p.whole)
		return
	}
	n.seen |= kindFloat
	n.floats.add(slot, p.fraction)
	n.digits = append(n.digits, byte(p.decimals))
}

// shortInt is plainNumber for whole numbers, of which most are short.
func shortInt(text []byte, i int) (v int64, end int, ok bool) {
	negative := text[i] == '-'
	if negative {
		i++
	}
	first := i
	for i < len(text) && text[i]-'0' <= 9 {
		v = v*10 + int64(text[i]-'0')
		i++
	}
	n := i - first
	if n == 0 || n > 18 || i == len(text) || text[i] == '.' || text[i]|0x20 == 'e' || text[first] == '0' && (n > 1 || negative) {
		return 0, 0, false
	}
	if negative {
		v = -v
	}
	return v, i, true
}
