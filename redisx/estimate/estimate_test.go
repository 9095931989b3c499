package estimate

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Points of Student's t from printed tables (97.5 %).
func TestStudentT(t *testing.T) {
	for nu, want := range map[float64]float64{7: 2.365, 10: 2.228, 20: 2.086, 30: 2.042, 120: 1.980} {
		if got := studentT(nu); math.Abs(got-want) > 0.002 {
			t.Errorf("%v degrees: %.4f, want %.3f", nu, got, want)
		}
	}
}

// Eight of sixteen partitions of 100 rows are seen: 1 and 9 matches in turn.
// By hand: p = 40/800, Σd² = 8·16, n̄ = 100, f = 1/2, so v = 0.5/(8·100²)·128/7,
// and half the interval is 2.365·1600·√v = 40.45. With 5 matches in each, v is
// 0.5·q(1-q)/800 with q = 42/804, and half the interval 21.04.
func TestProjectByHand(t *testing.T) {
	ps := make([]Partition, 16)
	for i := range ps {
		ps[i].Total = 100
		if i < 8 {
			ps[i].Rows, ps[i].Matched = 100, int64(1+8*(i%2))
		}
	}
	p, ok := Project(ps)
	if !ok || p.Count != 80 || math.Abs(p.Margin()-40.45) > 0.02 {
		t.Errorf("%v ± %v, %v; want 80 ± 40.45", p.Count, p.Margin(), ok)
	}
	for i := range 8 {
		ps[i].Matched = 5
	}
	if p, ok := Project(ps); !ok || p.Count != 80 || math.Abs(p.Margin()-21.04) > 0.02 {
		t.Errorf("%v ± %v, %v; want 80 ± 21.04", p.Count, p.Margin(), ok)
	}
	ps[7].Rows = 0
	if _, ok := Project(ps); ok {
		t.Error("projected from seven partitions")
	}
	ps[7].Total = 0
	if _, ok := Project(ps); ok {
		t.Error("projected an unknown total")
	}
}

// The interval holds the truth about 19 times in 20 when the partitions come in
// random order, whatever the spread between them.
func TestProjectCovers(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	const runs = 2000
	held := 0
	for range runs {
		ps := make([]Partition, 64)
		var truth float64
		for i := range ps {
			ps[i].Total = 500 + r.Int64N(1000)
			share := 0.1 + 0.2*r.Float64()
			for range ps[i].Total {
				if r.Float64() < share {
					ps[i].Matched++
				}
			}
			truth += float64(ps[i].Matched)
			ps[i].Rows = ps[i].Total
		}
		for _, i := range r.Perm(64)[:40] {
			ps[i].Rows, ps[i].Matched = 0, 0
		}
		p, _ := Project(ps)
		if p.Low <= truth && truth <= p.High {
			held++
		}
	}
	if share := float64(held) / runs; share < 0.93 || share > 0.97 {
		t.Errorf("the interval held the truth in %.1f %% of the runs", share*100)
	}
}

func TestProjectStaysPossible(t *testing.T) {
	ps := make([]Partition, 10)
	for i := range ps {
		ps[i] = Partition{Total: 1000, Rows: 999, Matched: int64(i % 2 * 999)}
	}
	p, ok := Project(ps)
	if !ok || p.Low < 4995 || p.High > 5005 {
		t.Errorf("between %v and %v, %v; 4995 have matched and 10 rows are left", p.Low, p.High, ok)
	}
}

// What was not met in a thousand rows may be there all the same: the interval reaches to about three in a thousand, and
// as far down where all have matched.
func TestProjectOfNoneAndAll(t *testing.T) {
	ps := make([]Partition, 10)
	for i := range ps {
		ps[i] = Partition{Total: 10_000, Rows: 100}
	}
	p, ok := Project(ps)
	if !ok || p.Count != 0 || p.Low != 0 || p.Margin() < 270 || p.Margin() > 340 {
		t.Errorf("none of 1,000 rows of 100,000: %v ± %v, %v", p.Count, p.Margin(), ok)
	}
	for i := range ps {
		ps[i].Matched = 100
	}
	if p, ok = Project(ps); !ok || p.Count != 100_000 || p.High != 100_000 || p.Margin() < 270 || p.Margin() > 340 {
		t.Errorf("all of 1,000 rows of 100,000: %v ± %v, %v", p.Count, p.Margin(), ok)
	}
}
