// Package samples holds example data for segq and the program that makes it.
//
// The tour: [Profile] is the shape, a small part of Adobe's Experience Data
// Model with its nested objects, lists, maps and events. [Generator] makes any
// number of profiles, each from the seed and its own number alone, so that they
// can be made in parallel and never drift. [Open] returns the embedded 2,000, and
// [Tour] queries to start from, each with the count that plain Go finds.
package samples

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"strconv"
	"strings"
)

//go:generate go run ../cmd/segq gen --profiles 2000 --events 5 --seed 1 -o data/profiles.ndjson.gz

//go:embed data/profiles.ndjson.gz
var profiles []byte

// Embedded is the generator of the embedded profiles.
var Embedded = Generator{Seed: 1, Profiles: 2000, EventsPerProfile: 5}

// Open returns the embedded profiles as NDJSON. The caller closes it.
func Open() (io.ReadCloser, error) { return gzip.NewReader(bytes.NewReader(profiles)) }

// Tour is a file of queries over the embedded profiles, from easy to rich, each
// with a name. They were written for a now of [Reference].
//
//go:embed tour.pql
var Tour string

//go:embed tour.counts
var tourCounts string

// TourCounts gives, for each query of the [Tour], the number of embedded profiles
// that meet it. The numbers come from plain Go, not from segq.
func TourCounts() map[string]int {
	counts := map[string]int{}
	for line := range strings.Lines(tourCounts) {
		name, n, _ := strings.Cut(strings.TrimSpace(line), "\t")
		counts[name], _ = strconv.Atoi(n)
	}
	return counts
}
