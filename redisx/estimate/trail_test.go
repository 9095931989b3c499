package estimate

import (
	"math/rand/v2"
	"testing"
)

// scan sees 40 partitions side by side, a hundred rows of each at a time, and stops at a margin of so much of the
// estimate; row says whether one matches. It gives the estimate, the truth, and whether it has stopped before the end.
func scan(margin float64, row func(partition, at int) bool) (p Projection, truth float64, stopped bool) {
	const partitions, rows, block = 40, 5000, 100
	var matches [partitions][rows]bool
	parts := make([]Partition, partitions)
	for i := range matches {
		parts[i].Total = rows
		for at := range matches[i] {
			if matches[i][at] = row(i, at); matches[i][at] {
				truth++
			}
		}
	}
	var t Trail
	for from := 0; from < rows; from += block {
		for i := range parts {
			for _, m := range matches[i][from : from+block] {
				if m {
					parts[i].Matched++
				}
			}
			parts[i].Rows += block
		}
		t.Add(parts)
		if p, ok := Project(parts); ok && p.Count > 0 && p.Margin() <= margin*p.Count && t.Sure(parts) {
			return p, truth, true
		}
	}
	return p, truth, false
}

// Who stops as soon as the margin is small enough gets what was promised about 19 times in 20, where the order of the
// rows means nothing, be the partitions alike or not.
func TestStoppingEarlyKeepsThePromise(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for name, share := range map[string]func(int) float64{
		"alike":  func(int) float64 { return 0.2 },
		"unlike": func(i int) float64 { return 0.1 + 0.2*float64(i)/40 },
		"rare":   func(int) float64 { return 0.02 },
	} {
		const runs = 300
		held, stopped := 0, 0
		for range runs {
			p, truth, early := scan(0.1, func(i, _ int) bool { return r.Float64() < share(i) })
			if early {
				stopped++
				if p.Low <= truth && truth <= p.High {
					held++
				}
			}
		}
		if stopped < runs*9/10 || float64(held) < 0.92*float64(stopped) {
			t.Errorf("%s: the interval held the truth in %d of %d runs that stopped early, of %d", name, held, stopped, runs)
		}
	}
}

// Where what is counted comes more and more often, in each partition, no estimate from its beginning is good: none is
// stopped at that is far from the truth.
func TestOrderIsNotStoppedAt(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for name, share := range map[string]func(at int) float64{
		"growing": func(at int) float64 { return 0.4 * float64(at) / 5000 },
		"falling": func(at int) float64 { return 0.4 * (1 - float64(at)/5000) },
		"late":    func(at int) float64 { return 0.3 * float64(at/2500) },
	} {
		far := 0
		for range 100 {
			if p, truth, early := scan(0.05, func(_, at int) bool { return r.Float64() < share(at) }); early && (p.Count < 0.8*truth || p.Count > 1.25*truth) {
				far++
			}
		}
		if far > 5 {
			t.Errorf("%s: stopped far from the truth in %d runs of 100", name, far)
		}
	}
}
