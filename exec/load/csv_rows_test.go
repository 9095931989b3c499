package load_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/segq/segq/exec/load"
)

// TestCellRows: a text is cut as a file of it is read, and the rows together are the text.
func TestCellRows(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		text, want string
		delimiter  byte
	}{
		"a mark and quotes": {"\ufeff\"_id\",\"v\"\n\"u1\",\"x\"\n", `["_id" "v"] ["u1" "x"]`, 0},
		"quotes in a cell":  {"a;b\nx \"y\" z;1\n\"x \"y\" z\";2\n\"x \"\"y\"\"\";3", `["a" "b"] ["x \"y\" z" "1"] ["x \"y\" z" "2"] ["x \"y\"" "3"]`, 0},
		"lines in a cell":   {"a,b\r\n\"1\r\n2\",3\r\n\r\n4,5\r\n", `["a" "b"] ["1\r\n2" "3"] [] ["4" "5"]`, 0},
		"sep":               {"sep=|\na|b\n1|2\n", `["a" "b"] ["1" "2"]`, 0},
		"a nameless column": {"a,b\n1,2,3\n", `["" "a" "b"] ["1" "2" "3"]`, 0},
		"tabs":              {"a\tb\n1,5\t2\n", `["a" "b"] ["1,5" "2"]`, '\t'},
		"an open quote":     {"a,b\n1,\"x\n2,y\n", `["a" "b"] open["1,\"x\n"] ["2" "y"]`, 0},
		"old Macs":          {"a,b\r1,2\r", `["a" "b"] ["1" "2"]`, 0},
		"nothing":           {"", ``, 0},
	} {
		var got []string
		end := 0
		for row := range load.CellRows([]byte(test.text), test.delimiter) {
			if row.Start != end {
				t.Errorf("%s: a row begins at %d, and the one before ends at %d", name, row.Start, end)
			}
			end = row.End
			said := fmt.Sprintf("%q", row.Cells)
			if row.Open {
				said = "open" + said
			}
			got = append(got, said)
		}
		if end != len(test.text) {
			t.Errorf("%s: the rows end at %d of %d", name, end, len(test.text))
		}
		if got := strings.Join(got, " "); got != test.want {
			t.Errorf("%s: %s, not %s", name, got, test.want)
		}
	}
}
