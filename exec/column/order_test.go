package column_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/segq/segq/exec/column"
)

func TestFloatKeyOrdersAsFloatsDo(t *testing.T) {
	ordered := []float64{math.Inf(-1), -math.MaxFloat64, -1.5, -1, -math.SmallestNonzeroFloat64, 0,
		math.SmallestNonzeroFloat64, 1, 1.5, math.MaxFloat64, math.Inf(1), math.NaN()}
	for i := range len(ordered) - 1 {
		if a, b := column.FloatKey(ordered[i]), column.FloatKey(ordered[i+1]); a >= b {
			t.Errorf("the key of %v is %d, that of %v is %d", ordered[i], a, ordered[i+1], b)
		}
	}
	if a, b := column.FloatKey(0), column.FloatKey(math.Copysign(0, -1)); a != b {
		t.Errorf("the zeros have the keys %d and %d", a, b)
	}
	if column.FloatKey(math.Float64frombits(0xfff8000000000001)) != column.NaNKey {
		t.Error("a negative not-a-number has another key")
	}
}

func TestOrder(t *testing.T) {
	const n = 200_000
	rng := rand.New(rand.NewPCG(1, 2))
	shapes := map[string]func() float64{
		"few values":   func() float64 { return float64(rng.IntN(1000)) },
		"many values":  func() float64 { return rng.NormFloat64() * 1e6 },
		"one and more": func() float64 { return float64(max(0, rng.IntN(1_000_000)-900_000)) },
		"constant":     func() float64 { return 7 },
	}
	for name, value := range shapes {
		c := &column.Floats{V: make([]float64, n)}
		for i := range c.V {
			c.V[i] = value()
		}
		column.Index(c, 2)
		o := c.Order
		if o == nil || len(o.Codes) != n || !slices.IsSorted(o.Least) {
			t.Fatalf("%s: no order", name)
		}
		for i, code := range o.Codes {
			k := column.FloatKey(c.V[i])
			if b := o.Bucket(k); b != int(code) {
				t.Fatalf("%s: row %d, %v, has code %d and belongs in bucket %d", name, i, c.V[i], code, b)
			}
			if !o.Mixed.Get(int(code)) && o.Least[code] != k {
				t.Fatalf("%s: row %d, %v, is not the one value of its bucket", name, i, c.V[i])
			}
		}
		if name == "few values" && o.Mixed.Ones() > 0 {
			t.Errorf("a thousand values share buckets")
		}
	}
}

func TestIndexMarksTheEndsOfLists(t *testing.T) {
	l := &column.List{Offsets: []uint32{0, 0, 2, 3, 3, 66}, Elem: &column.Nulls{N: 66}}
	column.Index(&column.Struct{N: 5, Fields: []column.Column{l}}, 1)
	var ends []int
	for i := range 66 {
		if l.Ends.Get(i) {
			ends = append(ends, i)
		}
	}
	if !slices.Equal(ends, []int{1, 2, 65}) {
		t.Errorf("lists end at %v", ends)
	}
}
