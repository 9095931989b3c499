package dataset

import (
	"fmt"
	"strconv"
	"strings"
)

// Size is a flag of an amount of memory: a number of bytes, or of KB, MB, GB in powers
// of 1024.
type Size int64

var sizeUnits = []struct {
	name  string
	shift uint
}{{"GB", 30}, {"MB", 20}, {"KB", 10}, {"B", 0}}

// Set reads a size. GiB and G are other names of GB, as are those of the smaller units.
func (s *Size) Set(text string) error {
	number, shift := strings.ToUpper(strings.TrimSpace(text)), uint(0)
	if of, ok := strings.CutSuffix(number, "IB"); ok {
		number = of + "B"
	} else if n := len(number); n > 0 && strings.IndexByte("KMG", number[n-1]) >= 0 {
		number += "B" // as many other programs write it
	}
	for _, u := range sizeUnits {
		if rest, ok := strings.CutSuffix(number, u.name); ok {
			number, shift = strings.TrimSpace(rest), u.shift
			break
		}
	}
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || n <= 0 || n > 1<<50 {
		return fmt.Errorf("%q is not a size: write it like 512MB or 2GB", text)
	}
	*s = Size(n * float64(int64(1)<<shift))
	return nil
}

// String returns the size in the largest unit that divides it.
func (s *Size) String() string {
	if *s == 0 {
		return ""
	}
	for _, u := range sizeUnits {
		if int64(*s)&(1<<u.shift-1) == 0 {
			return strconv.FormatInt(int64(*s)>>u.shift, 10) + u.name
		}
	}
	return ""
}

// Type names the flag's value in the help.
func (s *Size) Type() string { return "SIZE" }
