// Package estimate says what the counters of a job tell about the size of an audience
// before its scan has finished. The session and the preview API share it, so that they
// show the same numbers.
package estimate

import "math"

// minClusters is the number of partitions that must have reported before a
// projection is shown: with fewer, the spread between them says too little.
const minClusters = 8

// Partition is how far a scan is in one partition: of Total rows, Rows were seen and
// Matched of those matched.
type Partition struct {
	Total, Rows, Matched int64
}

// Projection is an estimate of the final count with its 95 % interval.
type Projection struct {
	Count, Low, High float64
	// Error is the standard error of Count.
	Error float64
}

// Margin is half the width of the interval.
func (p Projection) Margin() float64 { return (p.High - p.Low) / 2 }

// Project estimates the final count from what the partitions have reported,
// and says whether there is enough to do so.
//
// It is the ratio estimate for a sample of clusters of unequal size (Cochran,
// Sampling Techniques, 3rd ed. 1977, chapters 6 and 9A). The m partitions with
// reports are the clusters; k[i] of the n[i] rows seen in partition i matched:
//
//	p  = Σk / Σn                                  share of rows that match
//	T  = p N                                      projected count of N rows
//	v  = (1 - f) / (m n̄²) · Σ(k[i] - p n[i])² / (m - 1)
//	T ± t(m-1) N √v                               95 % interval
//
// n̄ is the mean of n[i] and f = Σn / N the share of rows seen: the finite
// population correction, which closes the interval as the scan reaches its
// end. The interval never promises less than was matched already, nor more than
// that and all the rows not seen yet.
//
// It takes the rows seen for a fair sample. Where like profiles lie together,
// and few partitions have begun, the truth can lie outside more often than one
// time in twenty; the screen therefore calls it an estimate.
func Project(parts []Partition) (Projection, bool) {
	var rows, matched, total, m float64
	for _, p := range parts {
		if p.Total <= 0 {
			return Projection{}, false
		}
		total += float64(p.Total)
		if p.Rows > 0 {
			m++
			rows += float64(p.Rows)
			matched += float64(p.Matched)
		}
	}
	if m < minClusters || rows >= total {
		return Projection{}, false
	}
	ratio := matched / rows
	var squares float64
	for _, p := range parts {
		if p.Rows > 0 {
			d := float64(p.Matched) - ratio*float64(p.Rows)
			squares += d * d
		}
	}
	mean := rows / m
	v := (1 - rows/total) / (m * mean * mean) * squares / (m - 1)
	e := total * math.Sqrt(v)
	half := studentT(m-1) * e
	t := ratio * total
	return Projection{
		Count: t,
		Low:   max(t-half, matched),
		High:  min(t+half, matched+total-rows),
		Error: e,
	}, true
}

// studentT is the 97.5 % point of Student's distribution with nu degrees of
// freedom, by the expansion around the normal point (Abramowitz and Stegun,
// 26.7.5). Its error is below 0.002 from 7 degrees on.
func studentT(nu float64) float64 {
	const z = 1.959964
	z3, z5, z7 := z*z*z, z*z*z*z*z, z*z*z*z*z*z*z
	return z + (z3+z)/(4*nu) + (5*z5+16*z3+3*z)/(96*nu*nu) +
		(3*z7+19*z5+17*z3-15*z)/(384*nu*nu*nu)
}
