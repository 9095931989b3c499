package exec_test

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"

	"github.com/segq/segq/exec"
)

// TestValuesAsJSON sees that figures survive JSON, those too that it has no number for.
func TestValuesAsJSON(t *testing.T) {
	v := &exec.Values{
		Present: 3, Numeric: true, Min: math.Inf(-1), Average: 1.5, Max: math.Inf(1), Sum: 1e308,
		Top: []exec.ValueCount{{Value: "x", Count: 2}}, Distinct: 1, Examples: []string{"[]"},
	}
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"Present":3,"Numeric":true,"Min":"-Infinity","Average":1.5,"Max":"Infinity","Sum":1e+308,` +
		`"Top":[{"Value":"x","Count":2}],"Distinct":1,"Sizes":false,"Examples":["[]"]}`
	if string(data) != want {
		t.Errorf("got %s\nwant %s", data, want)
	}
	var back exec.Values
	if err := json.Unmarshal(data, &back); err != nil || !reflect.DeepEqual(&back, v) {
		t.Errorf("came back as %+v, %v", back, err)
	}
	var sum exec.Values
	data, err = json.Marshal(&exec.Values{Sum: math.NaN()})
	if err != nil || json.Unmarshal(data, &sum) != nil || !math.IsNaN(sum.Sum) {
		t.Errorf("not a number: %s, %v, %v", data, err, sum.Sum)
	}
}
