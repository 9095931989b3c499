package resident_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/lang/check"
)

// valuesOf describes the values of a column.
func valuesOf(t *testing.T, kind *check.Type, c column.Column) *exec.Values {
	t.Helper()
	snap := &column.Snapshot{Schema: check.ObjectOf(&check.Field{Name: "v", Type: kind}), Root: &column.Struct{N: c.Len(), Fields: []column.Column{c}}}
	root := &check.Member{Info: check.Info{T: kind}, X: slot(0, snap.Schema), F: snap.Schema.Fields[0]}
	results, err := open(t, snap, 1).Run(t.Context(), exec.Batch{Now: now, Queries: []exec.Query{{Typed: query(root), Values: true}}})
	if err != nil || results[0].Err != nil {
		t.Fatal(err, results[0].Err)
	}
	return results[0].Values
}

func binsText(v *exec.Values) string {
	var all []string
	for _, b := range v.Bins {
		if v.Times {
			low, high := time.UnixMilli(int64(b.Low)).UTC(), time.UnixMilli(int64(b.High)).UTC()
			all = append(all, fmt.Sprintf("%s to %s: %d", low.Format("2006-01-02T15:04"), high.Format("2006-01-02T15:04"), b.Count))
			continue
		}
		all = append(all, fmt.Sprintf("%g to %g: %d", b.Low, b.High, b.Count))
	}
	return strings.Join(all, ", ")
}

// Bins are as a reader would draw them: whole numbers have whole borders, few values few bins, and values
// that are far away have a bin of their own.
func TestBins(t *testing.T) {
	thousand := make([]float64, 0, 1000)
	for i := range 1000 {
		thousand = append(slices.Clip(thousand), float64(i%10))
	}
	for _, c := range []struct {
		values []float64
		want   string
	}{
		{[]float64{1, 2}, "1 to 2: 1, 2 to 3: 1"},
		{[]float64{1, 2, 2, 5}, "1 to 2: 1, 2 to 3: 2, 3 to 4: 0, 4 to 5: 0, 5 to 6: 1"},
		{[]float64{1.5, 2.5}, "1.5 to 2: 1, 2 to 2.5: 1"},
		{[]float64{1, 1000}, "0 to 500: 1, 500 to 1000: 0, 1000 to 1500: 1"},
		{[]float64{7, 7}, "7 to 7: 2"},
		{append(slices.Clip(thousand), 1e9), "0 to 1: 100, 1 to 2: 100, 2 to 3: 100, 3 to 4: 100, 4 to 5: 100, 5 to 6: 100, 6 to 7: 100, 7 to 8: 100, 8 to 9: 100, 9 to 10: 100, 10 to 1e+09: 1"},
		{append(slices.Clip(thousand), slices.Repeat([]float64{1e9}, 30)...), "0 to 1: 100, 1 to 2: 100, 2 to 3: 100, 3 to 4: 100, 4 to 5: 100, 5 to 6: 100, 6 to 7: 100, 7 to 8: 100, 8 to 9: 100, 9 to 10: 100, 10 to 1e+09: 30"},
		{append(slices.Clip(thousand), -1e9), "-1e+09 to 0: 1, 0 to 1: 100, 1 to 2: 100, 2 to 3: 100, 3 to 4: 100, 4 to 5: 100, 5 to 6: 100, 6 to 7: 100, 7 to 8: 100, 8 to 9: 100, 9 to 10: 100"},
	} {
		if got := binsText(valuesOf(t, check.FloatType, &column.Floats{V: c.values})); got != c.want {
			t.Errorf("%g: %s\nnot %s", c.values[max(0, len(c.values)-5):], got, c.want)
		}
	}
	got := binsText(valuesOf(t, check.IntType, column.NewInts([]int64{3, 4, 4, 6}, nil)))
	if want := "3 to 4: 1, 4 to 5: 2, 5 to 6: 0, 6 to 7: 1"; got != want {
		t.Errorf("integers: %s\nnot %s", got, want)
	}
}

// TestBinsHaveTheBulk: of the distances that are small beside all, the widest is cut into bins, and few are left beyond it.
func TestBinsHaveTheBulk(t *testing.T) {
	values := slices.Repeat([]float64{1e9}, 30)
	for i := range 1000 {
		if i%4 == 0 {
			values = append(values, float64(i%11))
		} else {
			values = append(values, 5+float64(i%2)/100)
		}
	}
	v := valuesOf(t, check.FloatType, &column.Floats{V: values})
	if ends := v.Bins[0].Count + v.Bins[len(v.Bins)-1].Count; ends > 103 {
		t.Errorf("%d of %d are in the bins at the ends: %s", ends, len(values), binsText(v))
	}
}

// Times have figures that are times, and bins of the units in which people count them.
func TestTimesAreDescribed(t *testing.T) {
	at := func(texts ...string) *column.Timestamps {
		c := &column.Timestamps{}
		for _, text := range texts {
			when, err := time.Parse("2006-01-02T15:04", text)
			if err != nil {
				t.Fatal(err)
			}
			c.V = append(c.V, when.UnixMilli())
		}
		return c
	}
	hours := at("2024-01-01T00:00")
	for i := range 48 {
		hours.V = append(hours.V, hours.V[0]+int64(i)*3600_000)
	}
	for _, c := range []struct {
		values *column.Timestamps
		want   string
	}{
		{at("2024-01-31T23:59", "2024-02-01T00:00", "2024-03-15T12:00"), "2024-01-01T00:00 to 2024-02-01T00:00: 1, 2024-02-01T00:00 to 2024-03-01T00:00: 1, 2024-03-01T00:00 to 2024-04-01T00:00: 1"},
		{at("1969-12-30T23:59", "1970-01-01T00:00", "1970-01-02T00:00"), "1969-12-30T12:00 to 1969-12-31T00:00: 1, 1969-12-31T00:00 to 1969-12-31T12:00: 0, 1969-12-31T12:00 to 1970-01-01T00:00: 0, 1970-01-01T00:00 to 1970-01-01T12:00: 1, 1970-01-01T12:00 to 1970-01-02T00:00: 0, 1970-01-02T00:00 to 1970-01-02T12:00: 1"},
		{at("2024-05-06T00:00", "2024-05-12T23:59", "2024-05-13T00:00", "2024-05-26T00:00"), "2024-05-06T00:00 to 2024-05-13T00:00: 2, 2024-05-13T00:00 to 2024-05-20T00:00: 1, 2024-05-20T00:00 to 2024-05-27T00:00: 1"},
		{at("1965-03-01T00:00", "2024-05-12T23:59"), "1960-01-01T00:00 to 1980-01-01T00:00: 1, 1980-01-01T00:00 to 2000-01-01T00:00: 0, 2000-01-01T00:00 to 2020-01-01T00:00: 0, 2020-01-01T00:00 to 2040-01-01T00:00: 1"},
		{hours, "2024-01-01T00:00 to 2024-01-01T03:00: 4, 2024-01-01T03:00 to 2024-01-01T06:00: 3, 2024-01-01T06:00 to 2024-01-01T09:00: 3"},
	} {
		v := valuesOf(t, check.TimestampType, c.values)
		if got := binsText(v); !strings.HasPrefix(got, c.want) || !v.Times || v.Numeric || v.Sum != 0 {
			t.Errorf("%s\nnot %s", got, c.want)
		}
	}
	// numpy.percentile([t0, t1, t2], [25, 50]) of their milliseconds.
	v := valuesOf(t, check.TimestampType, at("2024-01-01T00:00", "2024-01-02T00:00", "2024-01-04T00:00"))
	if q := v.Quantiles; q[3].Value != 1704110400000 || q[4].Value != 1704153600000 || v.Min != 1704067200000 || v.Max != 1704326400000 || v.Average != 1704182400000 || v.Distinct != 3 {
		t.Errorf("%+v", v)
	}
}

// Quantiles are those of numpy.percentile, and of quantile_cont of DuckDB.
func TestQuantilesAreLinear(t *testing.T) {
	v := valuesOf(t, check.IntType, column.NewInts([]int64{100, 10, 20, 70, 50, 1}, nil))
	var got []float64
	for _, q := range v.Quantiles {
		got = append(got, q.Value)
	}
	if want := []float64{1, 1.45, 3.25, 12.5, 35, 65, 92.5, 98.5, 100}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%v, not %v", got, want)
	}
}
