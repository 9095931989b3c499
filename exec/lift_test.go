package exec_test

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
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
//	p = stats.fisher_exact([[k, n-k], [K-k, N-n-K+k]]).pvalue
//	x = numpy.arange(max(0, n+K-N), min(n, K)+1)
//	w = lambda t: scipy.special.softmax(-(gammaln(x+1)+gammaln(K-x+1)+gammaln(n-x+1)+gammaln(N-K-n+x+1))+t*x)
//	low = 100*N/K/n*(w(optimize.brentq(lambda t: log(w(t)[x >= k].sum()/0.025), -60, 60, xtol=1e-13))*x).sum()
//	high = 100*N/K/n*(w(optimize.brentq(lambda t: log(w(t)[x <= k].sum()/0.025), -60, 60, xtol=1e-13))*x).sum()
//
// and for the least and the greatest possible k the share itself; w(t) agrees with
// stats.nchypergeom_fisher(N, K, n, exp(t)), which takes no such numbers. Where all have the value, there
// is nothing to compare.
func TestLiftIsThatOfSciPy(t *testing.T) {
	for _, c := range []struct {
		k, n, K, N   int
		p, low, high float64
	}{
		{30, 100, 200, 1000, 0.0118703940445, 108.388370625, 196.120924289},
		{20, 100, 200, 1000, 1, 64.4902283489, 142.986435273},
		{0, 100, 200, 1000, 7.34778442492e-11, 0, 17.910129814},
		{100, 100, 200, 1000, 1.41813294717e-81, 482.218899652, 500},
		{262, 1000, 2620, 1000000, 0, 9004.71076892, 11040.6244056},
		{3, 40, 5, 10000, 5.89690609056e-07, 3722.91626936, 23667.7773418},
		{0, 40, 5, 10000, 1, 0, 12878.2434341},
		{1, 1, 1, 10, 0.1, 25, 1000},
		{1, 50, 1, 1000, 0.05, 50, 2000},
		{4, 50, 30, 5000000, 2.42310583165e-16, 382675.557272, 2962372.19512},
		{700, 7000, 6000, 10000000, 0, 15569.5731313, 17807.6186915},
		{9, 7000, 6000, 10000000, 0.0427979479273, 98.0440197296, 406.273189974},
		{50000, 300000, 900000, 5000000, 3.95447322734e-87, 91.8735952819, 93.314765492},
		{54100, 300000, 900000, 5000000, 0.624025244959, 99.4447760529, 100.928614204},
		{999, 1000, 9990, 10000, 1, 99.6550517444, 100.097569022},
		{99, 100, 990, 1000, 1, 96.5571221269, 100.984563033},
		{2, 3, 4, 6, 1, 51.2535411049, 148.746458895},
		{10, 10, 20, 20, 1, 100, 100},
		{8, 998, 10, 1000, 9.00900900901e-05, 80.1603206413, 96.9102441399},
		{150, 300, 480, 1000, 0.408361937764, 93.9796921033, 114.342925959},
		{40, 287, 100, 3201, 1.0645885561e-17, 342.542607461, 555.091285234},
		{80, 900, 100, 1000, 0.00126781096344, 79.8992335384, 96.5638875175},
		{2, 1000, 2, 2000, 0.499749874937, 31.6452085522, 200},
	} {
		name := fmt.Sprintf("%d of %d, %d of %d", c.k, c.n, c.K, c.N)
		lifts := liftOf(t, c.n, c.N, map[string]int{"v": c.k}, map[string]int{"v": c.K})
		l := lifts.Values[0]
		if !near(l.P, c.p, 1e-6) || !near(l.Low, c.low, 1e-7) || !near(l.High, c.high, 1e-7) || l.Corrected != l.P {
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

// A random audience has 100 in at least 95 of 100 intervals, for values of any number of profiles and
// audiences of any size: 2.5 % at most are above it,
// and 2.5 % below. Neither end is beyond what is possible.
func TestLiftIntervalsCover(t *testing.T) {
	const all = 1000
	for _, with := range []int{1, 2, 5, 50, 500, 990} {
		for _, size := range []int{10, 30, 200, 500, 900, 999} {
			choices := new(big.Float).SetInt(new(big.Int).Binomial(all, int64(size)))
			above, below := 0.0, 0.0
			for in := max(0, size+with-all); in <= min(size, with); in++ {
				l := liftOf(t, size, all, map[string]int{"v": in}, map[string]int{"v": with}).Values[0]
				ways := new(big.Int).Mul(new(big.Int).Binomial(int64(with), int64(in)), new(big.Int).Binomial(int64(all-with), int64(size-in)))
				p, _ := new(big.Float).Quo(new(big.Float).SetInt(ways), choices).Float64()
				if l.Low > 100+1e-7 {
					above += p
				}
				if l.High < 100-1e-7 {
					below += p
				}
				most := 100 * min(1, float64(with)/float64(size)) * all / float64(with)
				if least := 100 * max(0, float64(with+size-all)/float64(size)) * all / float64(with); l.Low < least-1e-7 || l.High > most+1e-7 {
					t.Errorf("%d of %d, %d of %d: from %g to %g, where %g to %g is possible", in, size, with, all, l.Low, l.High, least, most)
				}
			}
			if above > 0.025+1e-9 || below > 0.025+1e-9 {
				t.Errorf("%d of %d have the value, %d are in the audience: %g are above, %g below", with, all, size, above, below)
			}
		}
	}
}

// P is corrected as multipletests(p, method="holm") of statsmodels 0.15.0 does, for the values that
// some have and others have not.
func TestLiftIsCorrected(t *testing.T) {
	with := map[string]int{"a": 100, "b": 100, "c": 100, "d": 100, "all": 1000}
	in := map[string]int{"a": 10, "b": 13, "c": 5, "d": 21, "all": 100}
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
	if want := []string{"often", "once", "as all", "never either", "never"}; !slices.Equal(order, want) {
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

// The statistics of 1,400 values over 5M profiles.
func BenchmarkLift(b *testing.B) {
	const size, all = 700_000, 5_000_000
	inside, everyone := exec.Result{Count: size, Total: all}, exec.Result{Count: all, Total: all}
	for i := range 1400 {
		with := 1 + 2*i*i
		inside.Groups = append(inside.Groups, exec.ValueCount{Value: strconv.Itoa(i), Count: with * (10 + i%7) / 100})
		everyone.Groups = append(everyone.Groups, exec.ValueCount{Value: strconv.Itoa(i), Count: with})
	}
	for b.Loop() {
		if _, err := exec.LiftOf(b.Context(), answers{{Count: size, Total: all}, inside, everyone}, exec.Operation{Now: time.Now()}, anyone, [][]string{{"f"}}); err != nil {
			b.Fatal(err)
		}
	}
}
