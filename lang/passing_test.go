package lang_test

import (
	"testing"

	"github.com/segq/segq/lang"
	"github.com/segq/segq/lang/check"
)

// TestMayPass: of an error at the end of a query, whether more text there can mend it.
func TestMayPass(t *testing.T) {
	for query, want := range map[string]bool{
		`coun`: true, `age > 3 and coun`: true, `age > 3 and address.ci`: true, `country.starts`: true, `age > 3 and no`: true, `joined.getY`: true,
		`age > 3 and zzz`: false, `zzz > 3 and age`: false, `Coun`: false, `address.zip`: false, `country.zzz`: false, `coun = "CA"`: false,
		`age > country`: true, `age = joined`: true, `member > age`: true, `age > events.items`: true, `age > country and member`: false,
		`age > "x"`: false, `age in ["x"]`: false, `events[age > country]`: false, `(age > country)`: false,
		`age = @nam`: true, `age = @nam and member`: false, `inSegment("lo`: false,
	} {
		_, ds := lang.Compile(query, newShop(0), check.Options{})
		if !ds.Failed() {
			t.Errorf("%s is right", query)
			continue
		}
		if got := lang.MayPass(ds[0], query, newShop(0)); got != want {
			t.Errorf("%s: %s, %v", query, ds[0].Code, got)
		}
	}
}
