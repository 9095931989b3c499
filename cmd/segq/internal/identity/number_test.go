package identity_test

import (
	"slices"
	"testing"

	"github.com/segq/segq/cmd/segq/internal/identity"
)

// TestSpellings: ids that are numbers of one value are one id, and those beyond the precision of floats are not.
func TestSpellings(t *testing.T) {
	t.Parallel()
	for id, want := range map[string][]string{
		"p-7": {"p-7"}, "007": {"007", "7"}, "2020-01-01": {"2020-01-01", "2020-01-01T00:00:00Z"}, "2020-01-01T01:00:00+01:00": {"2020-01-01T01:00:00+01:00", "2020-01-01T00:00:00Z", "2020-01-01"},
		"2020-01-01T00:00:01.000Z": {"2020-01-01T00:00:01.000Z", "2020-01-01T00:00:01Z"}, "inf": {"inf", "Infinity", "+Inf"}, "-Infinity": {"-Infinity", "-Inf"},
		"7": {"7"}, "7.0": {"7.0", "7"}, "1234567": {"1234567", "1.234567e+06"}, "1e5": {"1e5", "100000"}, "1e21": {"1e21", "1e+21"},
		"-0": {"-0", "0"}, "9007199254740993": {"9007199254740993"}, "123456789012345680": {"123456789012345680", "1.2345678901234568e+17"},
	} {
		if got := identity.Spellings(id); !slices.Equal(got, want) {
			t.Errorf("%s: %q", id, got)
		}
	}
}

// TestSpelled: a number has one spelling, whichever version has written it; what is no number, or has zeros before it, stays
// as it is.
func TestSpelled(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"1.234567e+06": "1234567", "1234567": "1234567", "-0": "0", "0": "0", "1e+21": "1e+21", "1e21": "1e+21", "1.2345678901234568e+17": "123456789012345680",
		"9007199254740993": "9007199254740993", "0.5": "0.5", "1e-07": "1e-07", "+Inf": "Infinity", "-Infinity": "-Infinity",
	} {
		if got, ok := identity.Spelled(id); got != want || !ok {
			t.Errorf("%s: %s, %v", id, got, ok)
		}
	}
	for _, id := range []string{"p-7", "007", "", "NaN", "1_000", "0x10"} {
		if got, ok := identity.Spelled(id); ok || got != id {
			t.Errorf("%s: %s, %v", id, got, ok)
		}
	}
}

// TestRespelled: members whose kind nobody has kept are numbers where the others are, or there is an error that names both.
func TestRespelled(t *testing.T) {
	t.Parallel()
	kept, floats, texts := identity.IDs{Of: "the members of gold"}, identity.IDs{Of: "new.csv", Field: "_id", Kind: "float"}, identity.IDs{Of: "old.csv", Field: "_id", Kind: "string"}
	respell := identity.Respell(kept, floats)
	if got, err := respell("1e+06"); got != "1000000" || err != nil {
		t.Error(got, err)
	}
	want := "the ids cannot be compared: _id is string in the members of gold, and float in new.csv"
	if _, err := respell("x"); err == nil || err.Error() != want {
		t.Error(err)
	}
	if identity.Respell(kept, texts) != nil || identity.Respell(floats, floats) != nil {
		t.Error("nothing is to be spelled anew")
	}
	if err := identity.Apart(texts, floats); err == nil || err.Error() != "the ids cannot be compared: _id is string in old.csv, and float in new.csv" {
		t.Error(err)
	}
	if err := identity.Apart(identity.IDs{Kind: "int"}, floats); err != nil {
		t.Error(err)
	}
	if err := identity.Apart(identity.IDs{Field: "id", Kind: "int"}, floats); err != nil {
		t.Errorf("which field of data has the ids, who opens it says: %v", err)
	}
}
