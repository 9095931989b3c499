package main

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/segq/segq/redisx/record"
)

// grouped gives a count with its digits in groups of three.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// share gives part of whole in per cent.
func share(part, whole int) string {
	if whole == 0 {
		return "-"
	}
	return strconv.FormatFloat(100*float64(part)/float64(whole), 'f', 2, 64) + " %"
}

// describeValues says in lines what values a query took.
func describeValues(v *record.Values) []string {
	lines := []string{fmt.Sprintf("with a value: %s", grouped(v.Present))}
	if v.Numeric && v.Present > 0 {
		what := ""
		if v.Sizes {
			what = "size "
		}
		lines = append(lines, fmt.Sprintf("%smin %s, average %s, max %s, sum %s",
			what, figure(v.Min), figure(v.Average), figure(v.Max), figure(v.Sum)))
	}
	for _, t := range v.Top {
		lines = append(lines, fmt.Sprintf("%s: %s", t.Value, grouped(t.Count)))
	}
	if rest := v.Distinct - len(v.Top); rest > 0 {
		lines = append(lines, fmt.Sprintf("and %s other values", grouped(rest)))
	}
	return append(lines, v.Examples...)
}

func figure(f record.Figure) string { return strconv.FormatFloat(float64(f), 'g', 10, 64) }

// printable makes a text from data or from an author safe for a terminal:
// line breaks and tabs become spaces; control characters, and those that
// reorder or hide text, become U+FFFD.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != '\u00ad':
			return unicode.ReplacementChar
		}
		return r
	}, s)
}
