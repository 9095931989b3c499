package exec

import "math"

// hypergeometric is how many of size profiles, drawn at random without replacement of all, have a
// value that with of all have.
type hypergeometric struct{ size, with, all int }

// bounds returns the least and the greatest possible number.
func (h hypergeometric) bounds() (least, most int) {
	return max(0, h.size+h.with-h.all), min(h.size, h.with)
}

// log is the logarithm of the probability of k: of three binomial probabilities as Loader computes
// them (Fast and Accurate Computation of Binomial Probabilities, 2000), whose errors do not grow with
// the number of profiles.
func (h hypergeometric) log(k int) float64 {
	p := float64(h.size) / float64(h.all)
	q := float64(h.all-h.size) / float64(h.all)
	return logBinomial(k, h.with, p, q) + logBinomial(h.size-k, h.all-h.with, p, q) - logBinomial(h.size, h.all, p, q)
}

// ratio is the probability of k+1 divided by that of k.
func (h hypergeometric) ratio(k int) float64 {
	return float64(h.with-k) * float64(h.size-k) / (float64(k+1) * float64(h.all-h.with-h.size+k+1))
}

// tail is the probability of the numbers from one to the last, by steps of 1 or -1 away from the
// mode.
func (h hypergeometric) tail(from, last, step int) float64 {
	if (last-from)*step < 0 {
		return 0
	}
	term := math.Exp(h.log(from))
	sum := term
	for k := from; k != last && term > sum*1e-17; k += step {
		if step > 0 {
			term *= h.ratio(k)
		} else {
			term /= h.ratio(k - 1)
		}
		sum += term
	}
	return sum
}

// logBinomial is the logarithm of the probability of k of n, where one has p and not having it q.
func logBinomial(k, n int, p, q float64) float64 {
	switch x, all := float64(k), float64(n); {
	case n == 0:
		return 0
	case k == 0:
		return all * logOf(q, p)
	case k == n:
		return all * logOf(p, q)
	default:
		rest := all - x
		return stirlingError(n) - stirlingError(k) - stirlingError(n-k) - deviance(x, all*p) - deviance(rest, all*q) +
			0.5*math.Log(all/(2*math.Pi*x*rest))
	}
}

// logOf is the logarithm of p, which is 1-q.
func logOf(p, q float64) float64 {
	if p < 0.5 {
		return math.Log(p)
	}
	return math.Log1p(-q)
}

// deviance is x log(x/m) + m - x, without the cancellation where x is near m.
func deviance(x, m float64) float64 {
	if math.Abs(x-m) >= 0.1*(x+m) {
		return x*math.Log(x/m) + m - x
	}
	v := (x - m) / (x + m)
	sum, power := (x-m)*v, 2*x*v
	for j := 3.0; ; j += 2 {
		power *= v * v
		next := sum + power/j
		if next == sum {
			return sum
		}
		sum = next
	}
}

// stirlingErrors are those of the integers for which the series does not converge fast enough.
var stirlingErrors = func() (all [16]float64) {
	for n := 1; n < len(all); n++ {
		factorial, _ := math.Lgamma(float64(n + 1))
		x := float64(n)
		all[n] = factorial - (x+0.5)*math.Log(x) + x - 0.5*math.Log(2*math.Pi)
	}
	return all
}()

// stirlingError is the logarithm of n! divided by Stirling's formula for it.
func stirlingError(n int) float64 {
	if n < len(stirlingErrors) {
		return stirlingErrors[n]
	}
	x := float64(n)
	y := 1 / (x * x)
	return (1.0/12 - y*(1.0/360-y*(1.0/1260-y*(1.0/1680-y*(1.0/1188))))) / x
}
