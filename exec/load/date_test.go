package load

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/segq/segq/lang/check"
)

// TestDates compares dates of each form, and such with one character that is another,
// with what the language reads, and the texts that are made of them with what they were.
func TestDates(t *testing.T) {
	layouts := []string{
		"2006-01-02", "2006-01-02T15:04", "2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02T15:04:05Z", "2006-01-02T15:04:05.0Z07:00",
		"2006-01-02T15:04:05.00", "2006-01-02 15:04:05.000Z07:00", "2006-01-02T15:04:05.000000Z", "2006-01-02T15:04:05-07:00", "2006-01-02T15:04-07:00",
		"2006-01-02T15:04:05-0700", "2006-01-02T15:04:05-07", "2006-01-02t15:04:05z", "2006-01-02T15:04:05,000",
	}
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	read := 0
	for range 300_000 {
		zone := time.FixedZone("", (random.IntN(2*24*60-1)-24*60+1)*60)
		at := time.Date(random.IntN(10_000), 1, 1+random.IntN(366), random.IntN(24), random.IntN(60), random.IntN(60), random.IntN(1e9), zone)
		if at.Year() > 9999 {
			continue
		}
		s := []byte(at.Format(layouts[random.IntN(len(layouts))]))
		if random.IntN(3) == 0 {
			s[random.IntN(len(s))] = "0123456789-:TZ +.x"[random.IntN(18)]
		}
		want, is := check.ParseTimestamp(string(s))
		ms, form, ok := parseDate(s)
		if ok && (!is || ms != want) {
			t.Fatalf("%s is %d, want %d %t", s, ms, want, is)
		}
		if !ok {
			continue
		}
		read++
		if again := appendDate(nil, ms, form); string(again) != string(s) {
			t.Fatalf("%s is written as %s", s, again)
		}
	}
	if read < 100_000 {
		t.Errorf("only %d were read", read)
	}
	for _, s := range []string{"2024-02-29", "2000-02-29T00:00:00Z", "0000-01-01", "0000-02-29 23:59", "9999-12-31T23:59:59.999-23:59", "1900-02-28T01:00+05:30"} {
		want, _ := check.ParseTimestamp(s)
		if ms, form, ok := parseDate([]byte(s)); !ok || ms != want || string(appendDate(nil, ms, form)) != s {
			t.Errorf("%s is %d %v %t, want %d", s, ms, form, ok, want)
		}
	}
	for _, s := range []string{"1900-02-29", "2023-02-29", "2024-04-31", "2024-00-10", "2024-13-10", "2024-01-00", "2024-01-32", "2024-01-01T24:00", "2024-01-01T10:00-00:00"} {
		if _, _, ok := parseDate([]byte(s)); ok {
			t.Errorf("%s is a date", s)
		}
	}
}
