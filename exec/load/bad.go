package load

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// BadRows says how many rows may be left out because they cannot be read. The
// zero value lets pass 1 % of all rows, and always fewer than ten.
type BadRows struct {
	// Given says that Most, a number of rows, or else Percent is the limit; Most is
	// negative then.
	Given   bool
	Most    int
	Percent float64
}

// ParseBadRows reads a number of rows, or a share of them such as 2%.
func ParseBadRows(s string) (BadRows, error) {
	if share, ok := strings.CutSuffix(s, "%"); ok {
		p, err := strconv.ParseFloat(share, 64)
		if err == nil && p >= 0 && p <= 100 {
			return BadRows{Given: true, Percent: p, Most: -1}, nil
		}
	} else if n, err := strconv.Atoi(s); err == nil && n >= 0 {
		return BadRows{Given: true, Most: n}, nil
	}
	return BadRows{}, fmt.Errorf("%q is neither a number of rows nor a share such as 2%%", s)
}

// String returns what [ParseBadRows] reads.
func (b BadRows) String() string {
	switch {
	case !b.Given:
		return "1%"
	case b.Most < 0:
		return strconv.FormatFloat(b.Percent, 'f', -1, 64) + "%"
	}
	return strconv.Itoa(b.Most)
}

// pass says whether so many bad rows of so many may be left out.
func (b BadRows) pass(bad, rows int) bool {
	switch {
	case !b.Given:
		return bad < 10 || bad*100 <= rows
	case b.Most < 0:
		return float64(bad)*100 <= b.Percent*float64(rows)
	}
	return bad <= b.Most
}

// tooManyBad is an error where more rows could not be read than may be left out.
func (l *loader) tooManyBad() error {
	r := &l.report
	rows := r.Rows + r.Rejected
	if l.options.BadRows.pass(r.Rejected, rows) && (!l.titled || l.options.BadRows.Given) {
		return nil
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s of %s rows could not be read, which is more than %s", thousands(r.Rejected), thousands(rows), l.options.BadRows)
	for _, reject := range r.Rejects[:min(len(r.Rejects), 5)] {
		fmt.Fprintf(&b, "\n  %s: %s", reject.Where(), reject.Message)
	}
	if more := r.Rejected - min(len(r.Rejects), 5); more > 0 {
		fmt.Fprintf(&b, "\n  and %s more", thousands(more))
	}
	them := "them"
	if r.Rejected == 1 {
		them = "it"
	}
	share := math.Ceil(float64(r.Rejected) * 100 / float64(rows))
	fmt.Fprintf(&b, "\n--bad-rows %d or --bad-rows %.0f%% leaves %s out", r.Rejected, share, them)
	b.WriteString(l.advised())
	return fmt.Errorf("%s", b.String())
}

// advised returns the advice, each on a line.
func (l *loader) advised() string {
	if len(l.advice) == 0 {
		return ""
	}
	return "\n" + strings.Join(l.advice, "\n")
}
