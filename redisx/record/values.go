package record

import (
	"encoding/json"
	"fmt"
	"math"
)

// Values describes the values that a query that is no condition takes over the profiles
// that match.
type Values struct {
	// Present is the number of these profiles.
	Present int `json:"present"`
	// Numeric says that there are numbers, of which Min, Average, Max and Sum are figures; Sizes that they
	// are the sizes of lists or maps.
	Numeric bool `json:"numeric"`
	Sizes   bool `json:"sizes"`
	// Times says that the values are times: Min, Average, Max, Quantiles and Bins are in milliseconds since
	// 1970. (They have a sum as little as Numeric, which those knew first who do not know Times.)
	Times bool `json:"times,omitempty"`
	// Infinite is how many of the numbers are infinite. Figures, quantiles and bins are of the
	// others: where all are infinite, there are none.
	Infinite int    `json:"infinite,omitempty"`
	Min      Figure `json:"min"`
	Average  Figure `json:"average"`
	Max      Figure `json:"max"`
	Sum      Figure `json:"sum"`
	// Quantiles are those of the same figures, and Bins their distribution, both in ascending order.
	Quantiles []Quantile `json:"quantiles,omitempty"`
	Bins      []Bin      `json:"bins,omitempty"`
	// Top holds the most frequent values, most frequent first, and Distinct is how many
	// different ones there are; numbers, lists and objects have neither.
	Top      []ValueCount `json:"top"`
	Distinct int          `json:"distinct"`
	// Examples holds a few values of lists and objects, as JSON.
	Examples []string `json:"examples"`
}

// Figures says whether Min, Average and Max are figures.
func (v *Values) Figures() bool { return (v.Numeric || v.Times) && v.Present > v.Infinite }

// MarshalJSON writes no figure that is none.
func (v Values) MarshalJSON() ([]byte, error) {
	out := struct {
		Present   int          `json:"present"`
		Numeric   bool         `json:"numeric"`
		Sizes     bool         `json:"sizes"`
		Times     bool         `json:"times,omitempty"`
		Infinite  int          `json:"infinite,omitempty"`
		Min       *Figure      `json:"min,omitempty"`
		Average   *Figure      `json:"average,omitempty"`
		Max       *Figure      `json:"max,omitempty"`
		Sum       *Figure      `json:"sum,omitempty"`
		Quantiles []Quantile   `json:"quantiles,omitempty"`
		Bins      []Bin        `json:"bins,omitempty"`
		Top       []ValueCount `json:"top"`
		Distinct  *int         `json:"distinct,omitempty"`
		Examples  []string     `json:"examples"`
	}{
		Present: v.Present, Numeric: v.Numeric, Sizes: v.Sizes, Times: v.Times, Infinite: v.Infinite,
		Quantiles: v.Quantiles, Bins: v.Bins, Top: v.Top, Examples: v.Examples,
	}
	if v.Figures() {
		out.Min, out.Average, out.Max = &v.Min, &v.Average, &v.Max
		if v.Numeric {
			out.Sum = &v.Sum
		}
	}
	if v.Distinct > 0 || v.Present == 0 && !v.Numeric {
		out.Distinct = &v.Distinct
	}
	return json.Marshal(out)
}

// ValueCount is a value and the number of profiles that have it.
type ValueCount struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// Quantile is the value below which so much of all values lies, 0.5 for the median: linear between the two
// neighbours, as median() and percentile() of PQL have it (definition 7 of Hyndman and Fan, 1996).
type Quantile struct {
	At    float64 `json:"at"`
	Value Figure  `json:"value"`
}

// Bin is how many values are at least Low and below High; in the last bin, also those at High.
type Bin struct {
	Low   Figure `json:"low"`
	High  Figure `json:"high"`
	Count int    `json:"count"`
}

// Figure is a number. Where JSON has none for it, it is a text: "Infinity", "-Infinity" or
// "NaN", as in the JSON form of Protocol Buffers.
type Figure float64

var named = map[string]float64{"Infinity": math.Inf(1), "-Infinity": math.Inf(-1), "NaN": math.NaN()}

// MarshalJSON writes the figure.
func (f Figure) MarshalJSON() ([]byte, error) {
	switch x := float64(f); {
	case math.IsInf(x, 1):
		return []byte(`"Infinity"`), nil
	case math.IsInf(x, -1):
		return []byte(`"-Infinity"`), nil
	case math.IsNaN(x):
		return []byte(`"NaN"`), nil
	}
	return json.Marshal(float64(f))
}

// UnmarshalJSON reads what MarshalJSON writes.
func (f *Figure) UnmarshalJSON(data []byte) error {
	var name string
	if json.Unmarshal(data, &name) != nil {
		return json.Unmarshal(data, (*float64)(f))
	}
	x, ok := named[name]
	if !ok {
		return fmt.Errorf("%q is not a number", name)
	}
	*f = Figure(x)
	return nil
}
