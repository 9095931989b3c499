package show

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/segq/segq/redisx/record"
)

// TestLiftOfManyValues: a field of many values leaves room for others in the outline of a lift; where it is the only one it has all.
func TestLiftOfManyValues(t *testing.T) {
	values := func(field string, n int, low float64) (out []record.Lift) {
		for i := range n {
			out = append(out, record.Lift{Field: field, Value: fmt.Sprint(i), Count: 10, Index: low + 1, Low: low - float64(i)/100, High: low + 2})
		}
		return out
	}
	fields := func(lift []record.Lift) string {
		count := 1000
		shown, _ := outline(&record.Record{Count: &count, Lift: lift}, Look{})
		var out []string
		for _, x := range shown {
			out = append(out, x.Field)
		}
		slices.Sort(out)
		return strings.Join(out, " ")
	}
	if got := fields(slices.Concat(values("score", 60, 160), values("tier", 2, 150), values("city", 6, 140))); got != "city city city city score score score score tier tier" {
		t.Errorf("of three fields: %s", got)
	}
	if got := strings.Count(fields(values("score", 60, 160)), "score"); got != outlineMore {
		t.Errorf("of one field: %d", got)
	}
}

// TestHiddenValuesOfOneEach: a table of values that all are hidden, and of one profile each, says nothing but how many they are.
func TestHiddenValuesOfOneEach(t *testing.T) {
	count := 5
	r := &record.Record{Count: &count, Masked: []string{"email"}, Breakdown: &record.Breakdown{By: "email", Distinct: 4, Without: 1}}
	for range 3 {
		r.Breakdown.Values = append(r.Breakdown.Values, record.ValueCount{Value: Masked, Count: 1})
	}
	parts := breakdownParts(r, Look{})
	if len(parts) != 1 || len(parts[0].Rows) != 0 || strings.Join(parts[0].Below, "\n") != "email: 4 different values, each of one profile\n(null) 1" {
		t.Errorf("%+v", parts)
	}
	r.Breakdown.Values[0].Count = 2
	if parts = breakdownParts(r, Look{}); len(parts[0].Rows) != 4 {
		t.Errorf("%+v", parts)
	}
}
