package load

import (
	"math/big"
	"strconv"

	"github.com/segq/segq/exec/load/parquet"
)

// maxDigits is the most digits of a decimal: 32 bytes have 76.
const maxDigits = 76

// exactDigits bounds the digits of a decimal, taken as a whole number, for which
// a 64-bit float differs from that of any other: below 10^15.
const exactDigits = 1_000_000_000_000_000

// decimal says whether e has decimals, in a type that can hold them.
func (e *element) decimal() bool {
	return e.Logical == parquet.Decimal && e.Type != parquet.Boolean && e.Type != parquet.Float && e.Type != parquet.Double
}

// convertWholeDecimals reads decimals without digits after the point: whole
// numbers.
func convertWholeDecimals(f *leafPlan, v *parquet.Values) *scalars {
	if v.Ints != nil {
		return &scalars{ints: v.Ints}
	}
	out := &scalars{ints: make([]int64, len(v.Bytes))}
	for i, b := range v.Bytes {
		x, ok := int64Of(b)
		if !ok {
			out.setLarge(i, f.texts().add(bigOf(b).Append(nil, 10)))
		}
		out.ints[i] = x
	}
	return out
}

// convertDecimals reads decimals as the nearest 64-bit floats, as the language
// reads what is written in a query. Up to 15 digits no two of them are the same
// float; of those with more it counts which a float does not bring back.
func convertDecimals(f *leafPlan, v *parquet.Values) *scalars {
	n := max(len(v.Ints), len(v.Bytes))
	out := make([]float64, n)
	scale := int(f.element.Scale)
	for i := range out {
		x, ok := int64(0), true
		if v.Ints != nil {
			x = v.Ints[i]
		} else {
			x, ok = int64Of(v.Bytes[i])
		}
		var wide []byte
		if !ok {
			wide = v.Bytes[i]
		}
		exact := false
		if out[i], exact = nearestDecimal(x, ok, wide, scale); !exact {
			f.inexact++
		}
	}
	return &scalars{floats: out}
}

// nearestDecimal returns the nearest float of a decimal, whose digits are x if it is small, else
// the big-endian number b, and whether the float brings the digits back.
func nearestDecimal(x int64, small bool, b []byte, scale int) (v float64, exact bool) {
	if small && x > -exactDigits && x < exactDigits && scale < len(powers) {
		return float64(x) / powers[scale], true // two exact numbers: the quotient is rounded right
	}
	text := string(decimalText(x, small, b, scale))
	v, _ = strconv.ParseFloat(text, 64)
	return v, strconv.FormatFloat(v, 'f', scale, 64) == text
}

// decimalText returns the digits of a decimal, with so many after the point.
func decimalText(x int64, small bool, b []byte, scale int) []byte {
	if small {
		return []byte(withPoint(strconv.FormatInt(x, 10), scale))
	}
	return []byte(withPoint(bigOf(b).String(), scale))
}

// convertDecimalTexts reads decimals as their digits, with as many behind the
// point as the file says.
func convertDecimalTexts(f *leafPlan, v *parquet.Values) *scalars {
	d := f.texts()
	out := &scalars{codes: make([]uint32, max(len(v.Ints), len(v.Bytes)))}
	var text []byte
	for i := range out.codes {
		text = appendDecimal(text[:0], v, i, int(f.element.Scale))
		out.codes[i] = d.add(text)
	}
	return out
}

// int64Of reads a big-endian number in two's complement, if it fits.
func int64Of(b []byte) (x int64, ok bool) {
	if len(b) == 0 {
		return 0, true
	}
	sign := int64(int8(b[0])) >> 7 // 0 or -1
	for len(b) > 8 {
		if b[0] != byte(sign) {
			return 0, false
		}
		b = b[1:]
	}
	x = sign
	for _, c := range b {
		x = x<<8 | int64(c)
	}
	// The highest bit has to be that of the sign.
	return x, x>>63 == sign
}

func bigOf(b []byte) *big.Int {
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return n
}

// withPoint puts a point before the last digits of a whole number.
func withPoint(digits string, scale int) string {
	if scale == 0 {
		return digits
	}
	sign := ""
	if digits[0] == '-' {
		sign, digits = "-", digits[1:]
	}
	for len(digits) <= scale {
		digits = "0" + digits
	}
	return sign + digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
}
