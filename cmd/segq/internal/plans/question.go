package plans

import (
	"crypto/sha256"
	"encoding/json"
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
	// Again says that the plan was pending: one that was made meanwhile will do.
	Again bool `json:"again,omitempty"`
}

// Key is the same for questions that have the same answer over the same data.
func (q Question) Key() (string, error) {
	q.Snapshot, q.Again = "", false
	text, err := json.Marshal(q)
	sum := sha256.Sum256(text)
	return string(sum[:]), err
}

// Answer is how it runs: the query in its canonical form, and the plan. Pending says that it is on its way, since columns are loaded
// for it: it is worth asking again. Snapshot names the data of the worker that answers.
type Answer struct {
	Canonical string `json:"canonical,omitempty"`
	Plan      string `json:"plan,omitempty"`
	Pending   bool   `json:"pending,omitempty"`
	Snapshot  string `json:"snapshot"`
}
