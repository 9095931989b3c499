package dataset

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"strings"
	"sync"

	"github.com/segq/segq/exec/load"
	"github.com/segq/segq/lang/check"
	"github.com/segq/segq/redisx/record"
)

// skipped is what of the data is in no answer.
type skipped struct {
	rows int
	// values are those that were not of the type of their field, by field.
	values map[string]int
}

func skippedOf(r *load.Report) skipped {
	s := skipped{rows: r.Rejected, values: map[string]int{}}
	for _, m := range r.Misfits {
		s.values[m.Field] += m.Count
	}
	return s
}

// skip remembers what was skipped, by how often columns were loaded.
type skip struct {
	mu    sync.Mutex
	loads int
	known *skipped
}

// skipped returns what was skipped of the rows, and of the columns that were loaded so far.
func (d *Dataset) skipped() *skipped {
	s := &d.skip
	s.mu.Lock()
	defer s.mu.Unlock()
	if loads := d.table.Residency().Loads; s.known == nil || s.loads != loads {
		known := skippedOf(d.table.Report())
		s.loads, s.known = loads, &known
	}
	return s.known
}

// Identity is what the answers over the dataset depend on beside the queries: the snapshot;
// what was skipped, which an answer says; and, of files that were not read from their first
// byte to their last, a digest of that, which two that say the same of themselves differ
// in. It is "" as long as that is not known.
func (d *Dataset) Identity() string {
	digest := d.digest.Load()
	if digest != nil && *digest != d.Snapshot.Fingerprint {
		return d.Snapshot.Fingerprint + " " + *digest
	}
	s := d.skipped()
	switch {
	case digest == nil:
		return ""
	case s.rows == 0 && len(s.values) == 0:
		return d.Snapshot.Fingerprint
	}
	text, _ := json.Marshal(s.values) // numbers by name: it cannot fail
	return d.Snapshot.Fingerprint + " " + digestOf(strconv.Itoa(s.rows), string(text))
}

// Nonce is a text that no other dataset has, in this process or another.
func (d *Dataset) Nonce() string { return d.nonce }

// Digest finds out what is missing for the [Dataset.Identity], which may mean to read the
// files.
func (d *Dataset) Digest(ctx context.Context) error {
	digest, err := d.table.Digest(ctx)
	if err == nil {
		d.digest.Store(&digest)
	}
	return err
}

// NewRecord returns a record of an answer over the dataset.
func (d *Dataset) NewRecord() *record.Record {
	return &record.Record{Engine: d.engineName(), Snapshot: d.Snapshot.Fingerprint, RowsSkipped: &d.skipped().rows, Warnings: d.Warnings()}
}

// Describe makes a record say what its numbers are made of beside the data: what was
// skipped of the fields that its queries name, and of the fields at other paths; and which
// segments they ask about.
func (d *Dataset) Describe(r *record.Record, queries []*check.Query, paths ...string) {
	segments, skipped := map[string]string{}, d.skipped()
	for _, q := range queries {
		if len(skipped.values) > 0 {
			paths = append(paths, check.Fields(q.Root)...)
		}
		define(segments, q.Root)
	}
	for _, path := range paths {
		if n := skipped.values[path]; n > 0 {
			if r.ValuesSkipped == nil {
				r.ValuesSkipped = map[string]int{}
			}
			r.ValuesSkipped[path] = n
		}
	}
	if len(segments) > 0 {
		r.Segments = segments
	}
}

// define adds the digests of the segments below a node, by name.
func define(digests map[string]string, n check.Node) {
	if s, ok := n.(*check.Segment); ok {
		if _, known := digests[s.ID]; known {
			return
		}
		digests[s.ID] = digestOf(s.Query.Canonical)
	}
	for c := range check.Children(n) {
		define(digests, c)
	}
}

// digestOf names texts in 16 digits.
func digestOf(texts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(texts, "\x00\x00")))
	return hex.EncodeToString(sum[:8])
}
