package column

import (
	"maps"
	"slices"

	"github.com/segq/segq/lang/check"
)

// Catalog tells the checker of a resident dataset and of the segments that were
// saved over it. It implements [check.Catalog]. It is safe for concurrent use
// as long as nobody writes to Saved.
type Catalog struct {
	Snapshot *Snapshot
	// Saved holds the definitions of segments by id and by name; nil for none. A name
	// without a definition is suggested, and no segment.
	Saved map[string]*check.Query
}

var (
	_ check.Catalog = Catalog{}
	_ check.Loaded  = Catalog{}
)

// Profile is the schema of the snapshot.
func (c Catalog) Profile() *check.Type { return c.Snapshot.Schema }

// Events is the name of the field that xEvent stands for, or "".
func (c Catalog) Events() string {
	if c.Snapshot.EventsField == nil {
		return ""
	}
	return c.Snapshot.EventsField.Name
}

// Segment returns the definition of a saved segment.
func (c Catalog) Segment(id string) (*check.Query, bool) {
	q := c.Saved[id]
	return q, q != nil
}

// Segments lists the ids and names of the saved segments, sorted.
func (c Catalog) Segments() []string { return slices.Sorted(maps.Keys(c.Saved)) }

// Mixture tells of a field of texts whose values were of several types.
func (c Catalog) Mixture(f *check.Field) check.Mixture { return c.Snapshot.Mixtures[f] }
