package exec_test

import (
	"cmp"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/check"
)

// members is a runner that knows who is in each audience: bit i of a profile's mask says whether it
// is in audience i. It tells that in pieces of any size, in any order, from several goroutines.
type members struct {
	masks []uint64
	r     *rand.Rand
}

func (m members) Run(_ context.Context, b exec.Batch) ([]exec.Result, error) {
	out := make([]exec.Result, len(b.Queries))
	var tell []func() error
	for i, q := range b.Queries {
		words := make([]uint64, (len(m.masks)+63)/64)
		for row, mask := range m.masks {
			words[row/64] |= mask >> i & 1 << (row % 64)
		}
		for at := 0; at < len(words); {
			n := min(1+m.r.IntN(40), len(words)-at)
			piece, start := words[at:at+n], 64*at
			tell = append(tell, func() error { return q.Matches(start, piece) })
			at += n
		}
		out[i] = exec.Result{ID: q.ID, Total: len(m.masks)}
	}
	m.r.Shuffle(len(tell), func(i, j int) { tell[i], tell[j] = tell[j], tell[i] })
	var all sync.WaitGroup
	errs := make([]error, 3)
	for k := range errs {
		all.Go(func() {
			for i := k; i < len(tell); i += len(errs) {
				errs[k] = cmp.Or(errs[k], tell[i]())
			}
		})
	}
	all.Wait()
	out[0].Err = errors.Join(errs...)
	return out, nil
}

func audiences(n int) []*check.Query {
	out := make([]*check.Query, n)
	for i := range out {
		out[i] = anyone
	}
	return out
}

// An overlap is what one finds by looking at one profile after another.
func TestOverlapOfAnyAudiences(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6))
	for _, n := range []int{1, 2, 3, 5, 31, 63, 64} {
		for _, rows := range []int{0, 1, 63, 64, 65, 1024, 5000, 20_000} {
			masks := make([]uint64, rows)
			for i := range masks {
				masks[i] = r.Uint64() & r.Uint64()
				if r.IntN(3) > 0 {
					masks[i] &= r.Uint64() & r.Uint64() & 0xf00000000000000f // so that some sets have many profiles
				}
				masks[i] &= 1<<n - 1
				if r.IntN(50) == 0 {
					masks[i] = 1<<n - 1
				}
			}
			o, err := exec.OverlapOf(t.Context(), members{masks, r}, exec.Operation{Now: time.Now()}, audiences(n))
			if err != nil {
				t.Fatal(err)
			}
			expectOverlap(t, o, masks, n)
		}
	}
}

func expectOverlap(t *testing.T, o *exec.Overlap, masks []uint64, n int) {
	t.Helper()
	indexes := func(mask uint64) (in []int) {
		for i := range n {
			if mask>>i&1 == 1 {
				in = append(in, i)
			}
		}
		return in
	}
	sets := map[uint64]int{}
	both, only := map[[2]int]int{}, map[int]int{}
	for _, mask := range masks {
		in := indexes(mask)
		for _, i := range in {
			for _, j := range in {
				both[[2]int{i, j}]++
			}
		}
		if len(in) == 1 {
			only[in[0]]++
		}
		if mask != 0 {
			sets[mask]++
		}
	}
	var want []exec.Intersection
	in := 0
	for mask, count := range sets {
		want = append(want, exec.Intersection{In: indexes(mask), Count: count})
		in += count
	}
	slices.SortFunc(want, func(a, b exec.Intersection) int { return cmp.Or(b.Count-a.Count, slices.Compare(a.In, b.In)) })
	same := func(a, b exec.Intersection) bool { return a.Count == b.Count && slices.Equal(a.In, b.In) }
	if !slices.EqualFunc(o.Exact, want[:min(len(want), exec.OverlapSets)], same) || o.Distinct != len(want) {
		t.Errorf("%d audiences of %d: %d sets of %d, not of %d", n, len(masks), len(o.Exact), o.Distinct, len(want))
	}
	if o.Any != in || o.All != sets[1<<n-1] || o.Total != len(masks) {
		t.Errorf("%d audiences of %d: %d in any and %d in all, not %d and %d", n, len(masks), o.Any, o.All, in, sets[1<<n-1])
	}
	for i := range n {
		if o.Only[i] != only[i] {
			t.Errorf("%d audiences of %d: %d are only in %d, not %d", n, len(masks), o.Only[i], i, only[i])
		}
		for j := range n {
			if o.Both[i][j] != both[[2]int{i, j}] {
				t.Errorf("%d audiences of %d: %d are in %d and %d, not %d", n, len(masks), o.Both[i][j], i, j, both[[2]int{i, j}])
			}
		}
	}
}

// There are audiences, and no more than a profile has bits for.
func TestOverlapOfTooMany(t *testing.T) {
	for _, n := range []int{0, 65} {
		if _, err := exec.OverlapOf(t.Context(), members{}, exec.Operation{Now: time.Now()}, audiences(n)); err == nil {
			t.Errorf("%d audiences are compared", n)
		}
	}
}

func BenchmarkOverlap(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	masks := make([]uint64, 1<<20)
	for i := range masks {
		masks[i] = r.Uint64() & r.Uint64() & r.Uint64() & 0x00ff00ff
	}
	m := members{masks, r}
	for b.Loop() {
		if _, err := exec.OverlapOf(b.Context(), m, exec.Operation{Now: time.Now()}, audiences(64)); err != nil {
			b.Fatal(err)
		}
	}
}
