package plans

import (
	"time"

	"github.com/segq/segq/redisx"
)

// Op is the name of the request for how a query runs.
const Op = "plan"

// Question asks a worker how a query runs over its data.
type Question struct {
	Text   string        `json:"text"`
	Params redisx.Params `json:"params,omitempty"`
	// Now is what now means; zero for the time of asking.
	Now time.Time `json:"now,omitzero"`
	// Segments are the queries that it asks about, and those that these do, by their names.
	Segments map[string]string `json:"segments,omitempty"`
	// Snapshot names the data that is asked about, "" for any: a worker that has other data says but that.
	Snapshot string `json:"snapshot,omitempty"`
}

// Answer is how it runs: the query in its canonical form, and the plan. Snapshot names the data of the worker that answers.
type Answer struct {
	Canonical string `json:"canonical,omitempty"`
	Plan      string `json:"plan,omitempty"`
	Snapshot  string `json:"snapshot"`
}
