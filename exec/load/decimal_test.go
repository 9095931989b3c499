package load

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"
)

// TestDecimals compares random numbers of up to 19 digits with what strconv reads, and
// with what it writes of them. Some are just beside the middle between two floats.
func TestDecimals(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 1))
	count := 3_000_000
	if testing.Short() {
		count = 100_000
	}
	read := 0
	for range count {
		s := randomDecimal(random)
		p, ok := plainNumber([]byte(s), 0)
		if !ok || p.decimals < 0 {
			if v, err := strconv.ParseInt(s, 10, 64); ok && (err != nil || v != p.whole || strconv.FormatInt(v, 10) != s) {
				t.Fatalf("%s is %d", s, p.whole)
			}
			continue
		}
		read++
		f, decimals := p.fraction, p.decimals
		if p.end != len(s) {
			t.Fatalf("%s ends at %d", s, p.end)
		}
		if want, err := strconv.ParseFloat(s, 64); err != nil || math.Float64bits(f) != math.Float64bits(want) {
			t.Fatalf("seed %d: %s is %v, want %v", seed, s, f, want)
		}
		if again := strconv.FormatFloat(f, 'f', decimals, 64); again != s {
			t.Fatalf("seed %d: %s is written as %s", seed, s, again)
		}
	}
	if read < count/4 {
		t.Errorf("only %d of %d were read", read, count)
	}
}

func randomDecimal(random *rand.Rand) string {
	var s string
	switch random.IntN(4) {
	case 0: // as other programs write floats
		s = strconv.FormatFloat(math.Ldexp(random.Float64(), random.IntN(60)-20), 'f', -1, 64)
	case 1: // between two floats, as far as there are digits
		f := math.Ldexp(random.Float64(), random.IntN(40))
		s = strconv.FormatFloat((f+math.Nextafter(f, math.Inf(1)))/2, 'f', random.IntN(18)+1, 64)
	case 2:
		s = strconv.FormatUint(random.Uint64()>>random.IntN(64), 10)
	default:
		s = strconv.FormatUint(random.Uint64N(1e6), 10) + "." + strconv.FormatUint(random.Uint64N(1e13), 10)
	}
	if at := random.IntN(len(s)); s[0] != '0' && at > 0 && random.IntN(2) == 0 {
		if digits, err := strconv.ParseUint(s, 10, 64); err == nil && digits > 0 {
			s = s[:at] + "." + s[at:]
		}
	}
	if random.IntN(3) == 0 {
		s = "-" + s
	}
	return s
}

// TestDecimalFloat compares quotients that do not have to be written again.
func TestDecimalFloat(t *testing.T) {
	random := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 2))
	failed := 0
	const count = 1_000_000
	for range count {
		mantissa, decimals := random.Uint64()>>random.IntN(12)|1, random.IntN(20)
		if random.IntN(2) == 0 { // just beside the middle between two floats
			mantissa = mantissa>>11<<11 | 1<<10 + uint64(random.IntN(3)) - 1
		}
		f, ok := decimalFloat(mantissa, decimals)
		if !ok {
			failed++
			continue
		}
		s := strconv.FormatUint(mantissa, 10) + "e-" + strconv.Itoa(decimals)
		if want, _ := strconv.ParseFloat(s, 64); f != want {
			t.Fatalf("%s is %v, want %v", s, f, want)
		}
	}
	if failed > count/50 { // those that an integer is the result of

		t.Errorf("%d of %d were not read", failed, count)
	}
}
