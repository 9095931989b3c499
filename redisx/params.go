package redisx

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Params are the parameters of a command, by name. From JSON, numbers are [json.Number]: a
// float has not the digits of every whole number.
type Params map[string]any

// UnmarshalJSON reads an object. A number beyond what a float can be is an error.
func (p *Params) UnmarshalJSON(text []byte) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var values map[string]any
	if err := d.Decode(&values); err != nil {
		return err
	}
	for name, v := range values {
		if n, ok := tooLarge(v); ok {
			return fmt.Errorf("the number %.40s in the parameter %.40q is too large", n, name)
		}
	}
	*p = values
	return nil
}

// tooLarge returns a number in v that is beyond any float.
func tooLarge(v any) (json.Number, bool) {
	switch v := v.(type) {
	case json.Number:
		_, err := v.Float64()
		return v, err != nil
	case map[string]any:
		for _, below := range v {
			if n, ok := tooLarge(below); ok {
				return n, true
			}
		}
	case []any:
		for _, below := range v {
			if n, ok := tooLarge(below); ok {
				return n, true
			}
		}
	}
	return "", false
}
