package personal

import (
	"net/netip"
	"regexp"
	"strings"
	"unicode"

	"github.com/segq/segq/exec/column"
)

// Fewest is how many profiles have to have a value that is told, where the table has more than
// SmallTable: a value that fewer have tells of them.
const Fewest = 5

// SmallTable is of how many profiles a table is one that somebody has made up, in which nobody is hidden
// anyway.
const SmallTable = 100

// Few says whether so many profiles of a table are too few for what they have to be told.
func Few(n, profiles int) bool { return profiles > SmallTable && n < Fewest }

// fewToJudge is of how many values nobody can say whether they tell profiles apart.
const fewToJudge = 10

// Tellable returns those of the values of a field that may be told to who has not written them, in a
// table of so many profiles: none of a field that says who somebody is, by its name or as it tells most
// profiles apart; and no value that looks as if it did, or that few have. values are all that there are.
func (r *Rules) Tellable(path string, values []column.ValueCount, profiles int) []column.ValueCount {
	if r.Personal(path) {
		return nil
	}
	all := int64(0)
	for _, v := range values {
		all += v.Count
	}
	unique := 2*int64(len(values)) > all
	if unique && all >= fewToJudge {
		return nil
	}
	var out []column.ValueCount
	for _, v := range values {
		if !Few(int(v.Count), profiles) && !identifies(v.Text) && !(unique && v.Count == 1 && severalWords(v.Text)) {
			out = append(out, v)
		}
	}
	return out
}

var (
	emailText = regexp.MustCompile(`\S@\S+\.\S`)
	phoneText = regexp.MustCompile(`^(\+|00|\(?0)[0-9() ./-]{6,}[0-9]$|^[0-9]{2,4}[ -][0-9 -]{4,}[0-9]$`)
	// fractionText is of a number, which begins as a phone number may.
	fractionText = regexp.MustCompile(`^0\.[0-9]+$`)
	dateText     = regexp.MustCompile(`^[0-9]{4}[-/.][0-9]{1,2}([-/.][0-9]{1,2})?$|^[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}$`)
)

// identifies says whether a text looks like an address by which somebody is reached.
func identifies(text string) bool {
	if emailText.MatchString(text) || phoneText.MatchString(text) && !dateText.MatchString(text) && !fractionText.MatchString(text) {
		return true
	}
	_, err := netip.ParseAddr(text)
	return err == nil
}

// severalWords says whether a text is of several words of letters, as names and remarks are.
func severalWords(text string) bool {
	n := 0
	for _, word := range strings.Fields(text) {
		if strings.ContainsFunc(word, unicode.IsLetter) {
			n++
		}
	}
	return n > 1
}
