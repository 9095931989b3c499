package show

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Count writes n with a comma after every three digits: 1,234,567.
func Count[N ~int | ~int64](n N) string {
	s := strconv.FormatInt(int64(n), 10)
	sign := ""
	if s[0] == '-' {
		sign, s = "-", s[1:]
	}
	var b strings.Builder
	for i, d := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return sign + b.String()
}

// Short writes n in about three digits: 950, 12.3k, 2.1M, 1.5G. It rounds down.
func Short(n float64) string {
	for _, u := range []struct {
		size float64
		mark string
	}{{1e9, "G"}, {1e6, "M"}, {1e3, "k"}} {
		if n >= u.size {
			x := math.Floor(n/u.size*10) / 10
			if x >= 100 {
				return strconv.FormatFloat(math.Floor(x), 'f', 0, 64) + u.mark
			}
			return strconv.FormatFloat(x, 'f', 1, 64) + u.mark
		}
	}
	return strconv.FormatFloat(math.Floor(n), 'f', 0, 64)
}

// Share writes part of whole in percent with two digits after the point. What
// is neither none nor all is never shown as 0.00 or 100.00.
func Share[N ~int | ~int64](part, whole N) string {
	if whole <= 0 {
		return "– %"
	}
	return Fraction(float64(part) / float64(whole))
}

// Fraction writes a part of 1 as Share does; – where there is none.
func Fraction(x float64) string {
	switch p := x * 100; {
	case x != x:
		return "– %"
	case x > 0 && p < 0.01:
		return "<0.01 %"
	case x < 1 && p > 99.99:
		return ">99.99 %"
	default:
		return strconv.FormatFloat(p, 'f', 2, 64) + " %"
	}
}

// Number writes a measured value with up to ten significant digits, and whole numbers and the whole
// part of others in full, with commas. What is very large or small has an exponent.
func Number(x float64) string {
	size := math.Abs(x)
	switch {
	case x == math.Trunc(x) && size < 1<<63:
		return Count(int64(x))
	case size >= 1e15 || size < 1e-4 || x != x:
		return strconv.FormatFloat(x, 'g', 10, 64)
	}
	before := len(strconv.FormatInt(int64(size), 10))
	text := strconv.FormatFloat(size, 'f', max(10-before, 0), 64)
	whole, decimals, _ := strings.Cut(text, ".")
	n, _ := strconv.ParseInt(whole, 10, 64)
	out := Count(n)
	if decimals = strings.TrimRight(decimals, "0"); decimals != "" {
		out += "." + decimals
	}
	if x < 0 {
		out = "-" + out
	}
	return out
}

// Took writes a duration for people: 41 ms, 3.2 s, 2 min 5 s.
func Took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", math.Floor(d.Seconds()*10)/10)
	}
	return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
}

// Left writes how long something will still take, in whole seconds.
func Left(d time.Duration) string {
	s := int(math.Ceil(d.Seconds()))
	if s < 60 {
		return fmt.Sprintf("%d s left", s)
	}
	return fmt.Sprintf("%d min %d s left", s/60, s%60)
}

// Plural writes n and the noun, with an s where n is not 1.
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + many
}

// Rounded writes x without the digits that lie below a tenth of its margin,
// since they would mean nothing.
func Rounded(x, margin float64) string {
	step := 1.0
	if margin >= 10 {
		step = math.Pow(10, math.Floor(math.Log10(margin))-1)
	}
	return Count(int64(math.Round(x/step) * step))
}
