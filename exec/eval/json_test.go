package eval_test

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/segq/segq/exec/eval"
	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// TestProfileReadsBack writes whole profiles as JSON and compares them with the
// lines that they were loaded from.
func TestProfileReadsBack(t *testing.T) {
	lines := []string{
		`{"_id":"a","n":1,"big":9007199254740993,"f":0.1,"ok":true,"at":"2020-02-29T23:59:59.5Z","tags":["x",null,"\"\\\n\u0001é日😀"]}`,
		`{"_id":"b","n":-129,"f":-2.5e-9,"ok":false,"at":"1969-12-31T23:59:59Z","tags":[],"o":{"x":{"y":[{"z":1},{}]}}}`,
		`{"_id":"c","o":{},"optInOut":{"email":"in","a b":"out"},"nested":[[1,2],[],[3]]}`,
		`{"_id":"d","identityMap":{"ECID":[{"id":"1","primary":true}]},"nested":[]}`,
	}
	snap, _, err := load.Reader(context.Background(), strings.NewReader(strings.Join(lines, "\n")), "ndjson", "lines", load.Options{Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	whole := slot(snap.Schema, 0)
	e := eval.New(&check.Query{Root: whole, Cond: whole, Slots: 1}, snap, noon).Evaluator()
	for row, line := range lines {
		v, err := e.Value(row)
		if err != nil {
			t.Fatal(err)
		}
		var got, want any
		text := v.AppendJSON(nil)
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if err := json.Unmarshal([]byte(line), &want); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %s\nwant %s", text, line)
		}
	}
}
