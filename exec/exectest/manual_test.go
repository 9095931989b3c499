package exectest_test

import (
	"context"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/exectest"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

var fence = regexp.MustCompile("(?ms)^```(json|pql)\n(.*?)^```$")

// TestManual runs the examples of the manual over the profiles at its top.
func TestManual(t *testing.T) {
	examples, data := manual(t)
	now := time.Date(2020, 1, 15, 12, 0, 0, 0, time.UTC)
	snap, _, err := load.Reader(context.Background(), strings.NewReader(data), "ndjson", "manual", load.Options{})
	if err != nil {
		t.Fatal(err)
	}
	catalog := column.Catalog{Snapshot: snap, Saved: map[string]*check.Query{}}
	adults, ds := lang.Compile("age >= 18", catalog, check.Options{})
	if ds.Failed() {
		t.Fatal(ds)
	}
	catalog.Saved["adults"] = adults
	options := check.Options{Params: map[string]any{
		"city": "London", "_xdm.context.additionalParameters": map[string]any{"channel": "web", "city": "London"},
	}}
	for _, e := range examples {
		text, want, ok := strings.Cut(strings.TrimSpace(e), "\n→ ")
		if !ok {
			t.Errorf("%s: no answer", e)
			continue
		}
		q, ds := lang.Compile(text, catalog, options)
		got := ""
		switch {
		case ds.Failed():
			got = "error " + ds[0].Code
		case strings.Contains(want, ": "):
			got = values(t, snap, q, now)
			want = sorted(want)
		default:
			got = matches(t, snap, q, now)
		}
		if got != want {
			t.Errorf("%s\n got %s\nwant %s", text, got, want)
		}
	}
}

// TestManualIsWhole sees that every function and operator has an example.
func TestManualIsWhole(t *testing.T) {
	examples, _ := manual(t)
	all := strings.Join(examples, "\n")
	for _, f := range check.Functions() {
		if !regexp.MustCompile(`\b` + f.Name + `\(`).MatchString(all) {
			t.Errorf("no example of %s", f.Name)
		}
	}
	for _, op := range []string{
		"and", "or", "not", "=", "!=", "<", "<=", ">", ">=", "like", "matches", "in", "notIn",
		"occurs", "+", "-", "*", "/", "%",
	} {
		if !strings.Contains(all, " "+op+" ") && !strings.Contains(all, op+" member") {
			t.Errorf("no example of %s", op)
		}
	}
}

// manual returns the examples of lang/README.md and its data.
func manual(t *testing.T) (examples []string, data string) {
	t.Helper()
	text, err := os.ReadFile("../../lang/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range fence.FindAllStringSubmatch(string(text), -1) {
		if m[1] == "json" {
			data = m[2]
		} else {
			examples = append(examples, m[2])
		}
	}
	return examples, data
}

func matches(t *testing.T, snap *column.Snapshot, q *check.Query, now time.Time) string {
	t.Helper()
	ids, err := exectest.Reference{}.Match(snap, q, now)
	if err != nil {
		t.Fatal(err)
	}
	if len(ids) == 0 {
		return "none"
	}
	return strings.Join(ids, ", ")
}

// values returns "id: value; id: value", nulls left out.
func values(t *testing.T, snap *column.Snapshot, q *check.Query, now time.Time) string {
	t.Helper()
	vs, err := exectest.Reference{}.Values(snap, q, now)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i, id := range []string{"ann", "bob", "cat", "dan"} {
		if vs[i] != "null" {
			out = append(out, id+": "+vs[i])
		}
	}
	return strings.Join(out, "; ")
}

// sorted puts the values of an example in the order of the profiles.
func sorted(answer string) string {
	parts := strings.Split(answer, "; ")
	slices.Sort(parts)
	return strings.Join(parts, "; ")
}
