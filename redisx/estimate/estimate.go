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
	// Error is the standard error of Count, and Total the number of all rows.
	Error, Total float64
}

// Share is Count as a part of all rows, from 0 to 1.
func (p Projection) Share() float64 { return p.Count / p.Total }

// Margin is how far the interval reaches from Count, on the side where it reaches further.
func (p Projection) Margin() float64 { return max(p.High-p.Count, p.Count-p.Low) }

// Sum returns the sums over partitions. total is 0 when it is not known of all of them.
func Sum(parts []Partition) (rows, matched, total int64) {
	known := len(parts) > 0
	for _, p := range parts {
		rows += p.Rows
		matched += p.Matched
		total += p.Total
		known = known && p.Total > 0
	}
	if !known {
		total = 0
	}
	return rows, matched, total
}

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
// By chance the partitions may be more alike than so many rows drawn one by one would
// be, above all where few have matched, or none: v is at least what these would give,
//
//	v ≥ (1 - f) · q (1 - q) / Σn,   q = (Σk + 2) / (Σn + 4)
//
// with two more of each kind (Agresti and Coull, The American Statistician 52, 1998), so
// that of something rare that was not met yet nobody hears ± 0.
//
// It takes the rows seen for a fair sample. Where like profiles lie together,
// and few partitions have begun, the truth can lie outside more often than one
// time in twenty; the screen therefore calls it an estimate. Whether it may be relied on, a [Trail] says.
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
	v := (1 - rows/total) * max(squares/(m*mean*mean*(m-1)), apart(matched, rows))
	e := total * math.Sqrt(v)
	half := studentT(m-1) * e
	t := ratio * total
	return Projection{
		Count: t,
		Low:   max(t-half, matched),
		High:  min(t+half, matched+total-rows),
		Error: e,
		Total: total,
	}, true
}

// apart is the variance of the share of rows that match, of rows drawn one by one.
func apart(matched, rows float64) float64 {
	q := (matched + 2) / (rows + 4)
	return q * (1 - q) / rows
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
