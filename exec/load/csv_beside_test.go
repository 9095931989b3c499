package load_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/segq/segq/exec/column"
	"github.com/segq/segq/exec/load"
)

// Where a field is a text by what files of other formats have, the cells of CSV are as
// they were written; where it is not, what spells null is null.
func TestCellsBesideOtherFormats(t *testing.T) {
	const numbers = "a\nNA\n1\n+5\n 7 \n\"\"\n-0\n1e2\n"
	const spelled = `{"a":"NA"} {"a":"1"} {"a":"+5"} {"a":" 7 "} {"a":""} {"a":"-0"} {"a":"1e2"}`
	const listed = `{"a":["NA"]} {"a":["1"]} {"a":["+5"]} {"a":[" 7 "]} {"a":[""]} {"a":["-0"]} {"a":["1e2"]}`
	const numeric = `{} {"a":1} {"a":5} {"a":7} {} {"a":0} {"a":100}`
	for name, test := range map[string]struct {
		csv, json string
		want      string // the rows of the CSV
	}{
		"text":             {numbers, `{"a":"x"}`, spelled},
		"boolean":          {numbers, `{"a":true}`, spelled},
		"date":             {numbers, `{"a":"2024-01-01"}`, spelled},
		"digits":           {numbers, `{"a":"3"}`, spelled},
		"texts in lists":   {numbers, `{"a":["x","y"]}`, listed},
		"lists in lists":   {numbers, `{"a":[["x"],["y"]]}`, strings.NewReplacer("[", "[[", "]", "]]").Replace(listed)},
		"number":           {numbers, `{"a":2}`, numeric},
		"null":             {numbers, `{"a":null}`, numeric},
		"numbers in lists": {numbers, `{"a":[2,3]}`, `{} {"a":[1]} {"a":[5]} {"a":[7]} {} {"a":[0]} {"a":[100]}`},
		"booleans":         {"a\nTrue\nNA\n FALSE \n", `{"a":"x"}`, `{"a":"True"} {"a":"NA"} {"a":" FALSE "}`},
		"dates":            {"a\n 2024-01-02 \nNA\n", `{"a":"x"}`, `{"a":" 2024-01-02 "} {"a":"NA"}`},
		"dates by dates":   {"a\n 2024-01-02 \nNA\n", `{"a":"2024-01-01"}`, `{"a":"2024-01-02T00:00:00Z"} {}`},
		"instants":         {"a\n1704067200000\nNA\n", `{"a":"2024-01-01"}`, `{"a":"2024-01-01T00:00:00Z"} {}`},
		"commas":           {"a;b\n1,5;1\n+2,50;2\nNA;3\n", `{"a":"x"}`, `{"a":"1,5","b":1} {"a":"+2,50","b":2} {"a":"NA","b":3}`},
		"an object":        {"a.b\n+5\nNA\n", `{"a":{"b":"x"}}`, `{"a":{"b":"+5"}} {"a":{"b":"NA"}}`},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			cells := writeFile(t, dir, "n.csv", []byte(test.csv))
			other := writeFile(t, dir, "x.ndjson", []byte(test.json+"\n"))
			for first, files := range [][]string{{cells, other}, {other, cells}} {
				s, _, err := load.Open(t.Context(), files, load.Options{})
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for i := first; i < s.Rows()-1+first; i++ {
					got = append(got, string(column.AppendJSON(nil, s.Root, i, s.Schema)))
				}
				if diff := cmp.Diff(strings.Split(test.want, " {"), strings.Split(strings.Join(got, " "), " {")); diff != "" {
					t.Errorf("%v (-want +got)\n%s", files, diff)
				}
			}
		})
	}
}
