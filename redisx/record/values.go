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
	// Numeric says that Min, Average, Max and Sum hold; Sizes that they are those of the
	// sizes of lists or maps.
	Numeric bool   `json:"numeric"`
	Sizes   bool   `json:"sizes"`
	Min     Figure `json:"min"`
	Average Figure `json:"average"`
	Max     Figure `json:"max"`
	Sum     Figure `json:"sum"`
	// Quantiles are those of the same figures, and Bins their distribution, both in ascending order.
	Quantiles []Quantile `json:"quantiles,omitempty"`
	Bins      []Bin      `json:"bins,omitempty"`
	// Top holds the most frequent values, most frequent first, and Distinct is how many
	// different ones there are.
	Top      []ValueCount `json:"top"`
	Distinct int          `json:"distinct"`
	// Examples holds a few values of lists and objects, as JSON.
	Examples []string `json:"examples"`
}

// ValueCount is a value and the number of profiles that have it.
type ValueCount struct {
	Value string `json:"value"`
	Count int    `json:"count"`
}

// Quantile is the least value that is not below so much of all values, 0.5 for the median.
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
