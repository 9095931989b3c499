package rules

import (
	"testing"

	"github.com/segq/segq/lang"
)

func TestAsksNow(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		`loyalty.tier = "now"`:                              false,
		`birthDate occurs < 30 days before now`:             true,
		`birthDate occurs today`:                            true,
		`birthDate occurs this month`:                       true,
		`xEvent[timestamp occurs last week].exists()`:       true,
		`birthYear < currentYear() - 18`:                    true,
		`xEvent[timestamp occurs after date("2020-01-01")]`: false,
	} {
		x, ds := lang.Query(text)
		if ds.Failed() {
			t.Errorf("%s: %v", text, ds)
			continue
		}
		if got := AsksNow(x); got != want {
			t.Errorf("%s asks what now is: %t", text, got)
		}
	}
}
