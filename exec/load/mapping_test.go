package load_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
)

// TestMapRule loads objects of so many different keys, of which each row has one
// or several, and sees what became of them.
func TestMapRule(t *testing.T) {
	number := func(k int) string { return fmt.Sprint(k) }
	mixed := func(k int) string { return []string{"1", `"x"`}[k%2] }
	like := func(k int) string { return fmt.Sprintf(`{"name":"n%d","size":%d}`, k, k) }
	unlike := func(k int) string { return fmt.Sprintf(`{"f%d":1}`, k) }
	for _, c := range []struct {
		name      string
		keys, row int // of all rows, and of each
		value     func(k int) string
		want      check.Kind
	}{
		{"16 keys, a quarter of them in a row", 16, 4, number, check.Map},
		{"15 keys", 15, 1, number, check.Object},
		{"more than a quarter in a row", 16, 5, number, check.Object},
		{"values of two types", 40, 1, mixed, check.Object},
		{"objects that are alike", 40, 2, like, check.Map},
		{"objects that are not", 40, 2, unlike, check.Object},
		{"all keys in each row", 500, 500, number, check.Object},
		{"10,000 keys in each row", 10_000, 10_000, number, check.Object},
		{"more than 10,000 keys in each row", 10_001, 10_001, mixed, check.Map},
		{"more keys than a chunk has fields", 5000, 1, like, check.Map},
	} {
		var b strings.Builder
		for first := 0; first < c.keys; first += c.row {
			var members []string
			for k := range c.row {
				key := (first + k) % c.keys
				members = append(members, fmt.Sprintf(`"k%d":%s`, key, c.value(key)))
			}
			fmt.Fprintf(&b, `{"n":%d,"o":{%s}}`+"\n", first, strings.Join(members, ","))
		}
		s, report := mustRead(t, []byte(b.String()), "ndjson", load.Options{})
		o := s.Schema.Field("o").Type
		if o.Kind != c.want {
			t.Errorf("%s: %s", c.name, o.Kind)
		}
		if c.want == check.Object && len(o.Fields) != c.keys || len(report.Misfits) > 0 {
			t.Errorf("%s: %d fields, misfits %v", c.name, len(o.Fields), report.Misfits)
		}
		if got := decoded(t, s, 0).(map[string]any)["o"].(map[string]any); len(got) != c.row {
			t.Errorf("%s: the first row has %d members", c.name, len(got))
		}
	}
}
