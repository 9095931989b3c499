// Package samples holds example data for segq and the program that makes it.
//
// The tour: [Profile] is the shape, a small part of Adobe's Experience Data
// Model with its nested objects, lists, maps and events. [Generator] makes any
// number of profiles, each from the seed and its own number alone, so that they
// can be made in parallel and never drift. [Open] gives the embedded 2,000, and
// [Tour] queries to start from, each with the count that plain Go finds.
package samples

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
)

//go:generate go run ./internal/embed data/profiles.ndjson.gz

//go:embed data/profiles.ndjson.gz
var profiles []byte

// Embedded is the generator of the embedded profiles.
var Embedded = Generator{Seed: 1, Profiles: 2000, EventsPerProfile: 5}

// Open gives the embedded profiles as NDJSON. The caller closes it.
func Open() (io.ReadCloser, error) { return gzip.NewReader(bytes.NewReader(profiles)) }

// Tour is a file of queries over the embedded profiles, from easy to rich, each
// with a name. They were written for a now of [Reference].
//
//go:embed tour.pql
var Tour string
