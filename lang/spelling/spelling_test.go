package spelling

import "testing"

func TestNearest(t *testing.T) {
	names := []string{"schema", "segments", "submit", "status", "pack"}
	for name, want := range map[string]string{
		"shcema": "schema", "SCHEMA": "schema", "submti": "submit", "statu": "status", "pakc": "pack", "xyz": "", "ma": "", "": "", "profiles.parquet": "",
	} {
		if got := Nearest(name, names); got != want {
			t.Errorf("%q is taken for %q, not for %q", name, got, want)
		}
	}
}

func TestNearestWithoutAccents(t *testing.T) {
	names := []string{"größe", "straße", "prénom", "Åland", "größter"}
	for name, want := range map[string]string{"groesse": "größe", "grosse": "größe", "GRÖSSE": "größe", "strasse": "straße", "prenom": "prénom", "aland": "Åland", "größter": "größter", "grosster": "größter"} {
		if got := Nearest(name, names); got != want {
			t.Errorf("%q is taken for %q, not for %q", name, got, want)
		}
	}
}

func TestNearestOfShortNames(t *testing.T) {
	for name, want := range map[string]string{"any": "", "some": "", "age": "", "sume": "sum", "naem": "name", "nam": "name", "lik": "like", "size": ""} {
		if got := Nearest(name, []string{"in", "sum", "name", "like"}); got != want {
			t.Errorf("%q is taken for %q, not for %q", name, got, want)
		}
	}
}

func TestChoices(t *testing.T) {
	formats := []string{"csv", "tsv", "json"}
	for name, want := range map[string]string{
		"cvs": "did you mean csv? Choose one of csv, tsv, json", "xlsx": "choose one of csv, tsv, json",
	} {
		if got := Choices(name, formats); got != want {
			t.Errorf("%q: %s", name, got)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b        string
		limit, want int
	}{
		{"abc", "abc", 3, 0}, {"abc", "acb", 3, 1}, {"abc", "ab", 3, 1}, {"abc", "xbc", 3, 1}, {"kitten", "sitting", 5, 3}, {"kitten", "sitting", 2, 3}, {"", "abc", 2, 3},
	} {
		if got := Distance(test.a, test.b, test.limit); got != test.want {
			t.Errorf("from %q to %q it is %d, not %d", test.a, test.b, got, test.want)
		}
	}
}
