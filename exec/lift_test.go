package exec_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/segq/segq/exec"
	"github.com/segq/segq/lang/check"
)

// answers is a runner that knows the answers to the queries of a batch, in their order.
type answers []exec.Result

func (a answers) Run(_ context.Context, b exec.Batch) ([]exec.Result, error) {
	out := slices.Clone(a)
	for i := range b.Queries {
		out[i].ID = b.Queries[i].ID
	}
	return out, nil
}

var anyone = &check.Query{Cond: &check.Const{Info: check.Info{T: check.BoolType}, V: true}, Slots: 1}

// liftOf compares an audience of size of all, of which so many have values.
func liftOf(t *testing.T, size, all int, in, with map[string]int) *exec.Lifts {
	t.Helper()
	groups := func(counts map[string]int) (out []exec.ValueCount) {
		for v, n := range counts {
			out = append(out, exec.ValueCount{Value: v, Count: n})
		}
		slices.SortFunc(out, func(a, b exec.ValueCount) int { return strings.Compare(a.Value, b.Value) })
		return out
	}
	r := answers{{Count: size, Total: all}, {Count: size, Total: all, Groups: groups(in)}, {Count: all, Total: all, Groups: groups(with)}}
	lifts, err := exec.LiftOf(t.Context(), r, exec.Operation{Now: time.Now()}, anyone, [][]string{{"f"}})
	if err != nil {
		t.Fatal(err)
	}
	return lifts
}

// What SciPy 1.17.1 says of k of the n profiles of an audience that have a value, of K of N:
//
//	z, f = stats.norm.ppf(0.975), (N-n)/(N-1)
//	g = lambda p: (k/n-p)**2 - z*z*p*(1-p)/n*f
//	low = 100*N/K*optimize.brentq(g, 0, min(k/n, 1-1e-12), xtol=1e-15, rtol=8.9e-16)   # 0 for k = 0
//	high = 100*N/K*optimize.brentq(g, max(k/n, 1e-12), 1, xtol=1e-15, rtol=8.9e-16)    # 1 for k = n
//	h = stats.hypergeom(N, K, n)
//	p = 2*stats.norm.sf(abs(k-h.mean())/h.std())
//
// and where min(n, N-n)*min(K, N-K)/N < 5:
//
//	p = stats.fisher_exact([[k, n-k], [K-k, N-n-K+k]]).pvalue
//
// Where all have the value, there is nothing to compare.
func TestLiftIsThatOfSciPy(t *testing.T) {
	for _, c := range []struct {
		k, n, K, N   int
		p, low, high float64
	}{
		{30, 100, 200, 1000, 0.00844070037506, 111.305510098, 195.38451084},
		{20, 100, 200, 1000, 1, 68.0962528386, 141.938778569},
		{0, 100, 200, 1000, 1.38048202865e-07, 0, 16.7250523467},
		{100, 100, 200, 1000, 1.45848141868e-98, 483.274947653, 500},
		{262, 1000, 2620, 1000000, 0, 8996.43460226, 11073.0205229},
		{3, 40, 5, 10000, 5.89690609056e-07, 5177.1818859, 39665.4639854},
		{0, 40, 5, 10000, 1, 0, 17461.9363191},
		{1, 1, 1, 10, 0.1, 206.549314377, 1000},
		{4, 50, 30, 5000000, 2.42310583165e-16, 525827.505141, 3139696.45891},
		{700, 7000, 6000, 10000000, 0, 15532.0645654, 17874.3481235},
		{9, 7000, 6000, 10000000, 0.0427979479273, 112.788064875, 406.89766034},
		{50000, 300000, 900000, 5000000, 1.37032595272e-85, 91.8765111552, 93.3131319665},
		{54100, 300000, 900000, 5000000, 0.624025190246, 99.4462945167, 100.928351015},
		{999, 1000, 9990, 10000, 1, 99.5746749877, 100.081095482},
		{99, 100, 990, 1000, 1, 95.8705562977, 100.818221218},
		{2, 3, 4, 6, 1, 41.2798491316, 136.996027629},
		{10, 10, 20, 20, 1, 100, 100},
		{8, 998, 10, 1000, 9.00900900901e-05, 77.7225420656, 82.6739234014},
		{150, 300, 480, 1000, 0.407485078063, 94.3436955199, 113.989637813},
	} {
		name := fmt.Sprintf("%d of %d, %d of %d", c.k, c.n, c.K, c.N)
		lifts := liftOf(t, c.n, c.N, map[string]int{"v": c.k}, map[string]int{"v": c.K})
		l := lifts.Values[0]
		if !near(l.P, c.p, 1e-6) || !near(l.Low, c.low, 1e-9) || !near(l.High, c.high, 1e-9) || l.Corrected != l.P {
			t.Errorf("%s: P is %.12g, not %.12g, the index from %.12g to %.12g, not from %.12g to %.12g", name, l.P, c.p, l.Low, l.High, c.low, c.high)
		}
		if expected := float64(c.n) * float64(c.K) / float64(c.N); l.Small != (expected < 5) {
			t.Errorf("%s: %g are expected, small is %t", name, expected, l.Small)
		}
		if index := 100 * float64(c.k) * float64(c.N) / (float64(c.n) * float64(c.K)); !near(l.Index, index, 1e-12) || l.Low > l.Index+1e-9 || l.High < l.Index-1e-9 {
			t.Errorf("%s: the index is %g, not %g", name, l.Index, index)
		}
	}
}

func near(a, b, relative float64) bool {
	return a == b || math.Abs(a-b) <= relative*math.Max(math.Abs(a), math.Abs(b)) || math.Max(a, b) < 1e-300
}

// P is corrected as multipletests(p, method="holm") of statsmodels 0.15.0 does, for the values that
// some have and others have not.
func TestLiftIsCorrected(t *testing.T) {
	with := map[string]int{"a": 100, "b": 100, "c": 100, "d": 100, "all": 1000}
	in := map[string]int{"a": 10, "b": 13, "c": 5, "d": 21, "all": 100}
	// stats.norm: [1.0, 0.3136..., 0.0789..., 0.00011...]: what Holm makes of them is in the order of P.
	lifts := liftOf(t, 100, 1000, in, with)
	if lifts.Compared != 4 {
		t.Errorf("%d were compared", lifts.Compared)
	}
	p := map[string]exec.Lift{}
	for _, l := range lifts.Values {
		p[l.Value] = l
	}
	for value, want := range map[string]float64{"d": 4 * p["d"].P, "c": 3 * p["c"].P, "b": 2 * p["b"].P, "a": 1, "all": 1} {
		if !near(p[value].Corrected, want, 1e-12) {
			t.Errorf("%s: %g was corrected to %g, not %g", value, p[value].P, p[value].Corrected, want)
		}
	}
}

// The values that are certainly more frequent come first, those that are certainly rarer last.
func TestLiftIsRanked(t *testing.T) {
	lifts := liftOf(t, 1000, 100_000,
		map[string]int{"often": 600, "once": 1, "never": 0, "never either": 0, "as all": 200},
		map[string]int{"often": 30_000, "once": 2, "never": 30_000, "never either": 20, "as all": 20_000})
	var order []string
	for _, l := range lifts.Values {
		order = append(order, l.Value)
	}
	if want := []string{"once", "often", "as all", "never either", "never"}; !slices.Equal(order, want) {
		t.Errorf("%q, not %q", order, want)
	}
}

// The profiles without a value are compared as well; a field with too many values is left out, and
// of an empty audience, and of one that is everybody, there is nothing to say.
func TestLiftAtTheEdges(t *testing.T) {
	r := answers{
		{Count: 10, Total: 100}, {Count: 10, Total: 100, Without: 9, Groups: []exec.ValueCount{{Value: "x", Count: 1}}},
		{Count: 100, Total: 100, Without: 50, Groups: []exec.ValueCount{{Value: "x", Count: 50}}},
		{Count: 10, Total: 100, Without: 10}, {Count: 100, Total: 100, ManyValues: true},
	}
	lifts, err := exec.LiftOf(t.Context(), r, exec.Operation{Now: time.Now()}, anyone, [][]string{{"a"}, {"b", "c"}})
	if err != nil {
		t.Fatal(err)
	}
	if l := lifts.Values[0]; !l.Null || l.Value != "" || l.Count != 9 || l.All != 50 || l.Field[0] != "a" || len(lifts.Values) != 2 {
		t.Errorf("%+v", lifts.Values)
	}
	if len(lifts.LeftOut) != 1 || lifts.LeftOut[0][1] != "c" || lifts.Count != 10 || lifts.Total != 100 {
		t.Errorf("%+v", lifts)
	}
	nobody := liftOf(t, 0, 100, nil, map[string]int{"v": 30}).Values[0]
	if nobody.Share != 0 || nobody.Index != 0 || nobody.P != 1 || nobody.Low != 0 || !near(nobody.High, 100/0.3, 1e-12) {
		t.Errorf("%+v", nobody)
	}
	everybody := liftOf(t, 100, 100, map[string]int{"v": 30}, map[string]int{"v": 30}).Values[0]
	if everybody.Index != 100 || everybody.Low != 100 || everybody.High != 100 || everybody.P != 1 {
		t.Errorf("%+v", everybody)
	}
}

// Audiences are compared by all fields with one value, at any depth of objects, but by the id.
func TestLiftFields(t *testing.T) {
	inner := check.ObjectOf(&check.Field{Name: "city", Type: check.StringType}, &check.Field{Name: "primary", Type: check.BoolType})
	id := &check.Field{Name: "_id", Type: check.StringType}
	profile := check.ObjectOf(
		id, &check.Field{Name: "at", Type: check.TimestampType}, &check.Field{Name: "home", Type: check.ObjectOf(&check.Field{Name: "address", Type: inner})},
		&check.Field{Name: "events", Type: check.ListOf(inner)}, &check.Field{Name: "map", Type: check.MapOf(check.IntType)},
		&check.Field{Name: "points", Type: check.IntType}, &check.Field{Name: "none", Type: check.AnyType}, &check.Field{Name: "score", Type: check.FloatType},
	)
	var got []string
	for _, path := range exec.LiftFields(profile, id) {
		got = append(got, strings.Join(path, "."))
	}
	if want := []string{"at", "home.address.city", "home.address.primary", "points", "score"}; !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
}
