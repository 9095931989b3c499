package exec

import (
	"encoding/json"
	"fmt"
	"math"
)

// plainValues is [Values] without its methods.
type plainValues Values

// jsonValues is [Values] as JSON. The figures shadow those of the embedded one.
type jsonValues struct {
	Present                int
	Numeric                bool
	Min, Average, Max, Sum jsonFloat
	*plainValues
}

// MarshalJSON writes the figures that JSON has no number for as texts, "Infinity",
// "-Infinity" and "NaN", as the JSON form of Protocol Buffers does.
func (v *Values) MarshalJSON() ([]byte, error) {
	return json.Marshal(jsonValues{
		v.Present, v.Numeric, jsonFloat(v.Min), jsonFloat(v.Average), jsonFloat(v.Max), jsonFloat(v.Sum), (*plainValues)(v),
	})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Values) UnmarshalJSON(data []byte) error {
	j := jsonValues{plainValues: (*plainValues)(v)}
	if err := json.Unmarshal(data, &j); err != nil {
		return err
	}
	v.Present, v.Numeric = j.Present, j.Numeric
	v.Min, v.Average, v.Max, v.Sum = float64(j.Min), float64(j.Average), float64(j.Max), float64(j.Sum)
	return nil
}

// jsonFloat is a number, or a text where JSON has none.
type jsonFloat float64

var namedFloats = map[string]float64{"Infinity": math.Inf(1), "-Infinity": math.Inf(-1), "NaN": math.NaN()}

func (f jsonFloat) MarshalJSON() ([]byte, error) {
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

func (f *jsonFloat) UnmarshalJSON(data []byte) error {
	var name string
	if json.Unmarshal(data, &name) != nil {
		return json.Unmarshal(data, (*float64)(f))
	}
	x, ok := namedFloats[name]
	if !ok {
		return fmt.Errorf("%q is no number", name)
	}
	*f = jsonFloat(x)
	return nil
}
