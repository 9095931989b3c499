package show

import (
	"testing"

	"github.com/segq/segq/redisx/estimate"
)

// TestEstimatedOfAlmostNothing: where the margin reaches down to none, an estimate is what the size is below.
func TestEstimatedOfAlmostNothing(t *testing.T) {
	for want, p := range map[string]estimate.Projection{
		"< 20,000 (< 0.40 %)":        {Count: 0, Low: 0, High: 19_900, Total: 5e6},
		"< 700 (< 0.01 %)":           {Count: 200, Low: 3, High: 600, Total: 5e7},
		"≈ 178,600 ± 5,200 (3.57 %)": {Count: 178_612, Low: 173_400, High: 183_812, Total: 5e6},
	} {
		if got := Estimated(p) + " (" + EstimatedShare(p) + ")"; got != want {
			t.Errorf("%+v: %s, want %s", p, got, want)
		}
	}
}
