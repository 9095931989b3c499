package dataset

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/segq/segq/exec/load"
)

// What is advised where a lookup is too large names its file, is enough, and is the same whatever was given before.
func TestLookupMemory(t *testing.T) {
	f := &lookupFlag{file: "big.csv"}
	advice := regexp.MustCompile(`^the lookup of big.csv is too large: .* give --memory (\d+MB) if`)
	told := ""
	for _, given := range []int64{40 << 20, 80 << 20, 120 << 20} {
		s := shareMemory(Size(given))
		full := &load.MemoryError{Needs: 20 << 20, Limit: s.columns / lookupShare, Columns: true}
		err := s.explain(fmt.Errorf("--lookup x: %w", f.outOfMemory(full)))
		found := advice.FindStringSubmatch(err.Error())
		if found == nil {
			t.Fatal(err)
		}
		if told != "" && found[1] != told {
			t.Errorf("of %d: %s, and before %s", given, found[1], told)
		}
		told = found[1]
		var advised Size
		if err := advised.Set(told); err != nil {
			t.Fatal(err)
		}
		if room := shareMemory(advised).columns / lookupShare; room < full.Needs {
			t.Errorf("%s leaves %d, less than %d", told, room, full.Needs)
		}
	}
}
