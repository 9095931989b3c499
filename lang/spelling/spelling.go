// Package spelling finds the name that somebody may have meant who wrote another.
package spelling

import "strings"

// Nearest returns the one of names that is most like name, "" when none is near:
// a third of its letters may differ, capitals and accents do not count.
func Nearest(name string, names []string) string {
	best, least := "", len(name)/3+1
	switch {
	case len(name) < 3:
		least = 1
	case len(name) < 5: // any would be in, and age name
		least = 2
	}
	short := len(name) < 5
	plain, spelt := Fold(name)
	for _, n := range names {
		if strings.EqualFold(n, name) {
			return n
		}
		d := Distance(plain, strings.ToLower(n), least)
		if !ascii(name) || !ascii(n) {
			p, s := Fold(n)
			d = min(Distance(plain, p, least), Distance(spelt, s, least))
		}
		if d < least || d == least && best == "" && least < len(name) && !short {
			best, least = n, d
		}
	}
	return best
}

// Choices says which of some values may be chosen in place of one that is none of them: first the one
// that may have been meant.
func Choices(name string, among []string) string {
	all := "hoose one of " + strings.Join(among, ", ")
	if near := Nearest(name, among); near != "" {
		return "did you mean " + near + "? C" + all
	}
	return "c" + all
}

// Distance is the optimal string alignment distance of a and b: insertions,
// deletions, replacements and swaps of neighbours. Past limit it is limit + 1.
func Distance(a, b string, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(b)], limit+1)
}
