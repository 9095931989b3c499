package column

import "github.com/segq/segq/lang/check"

// Snapshot is a loaded dataset. It never changes; a reload makes a new one.
type Snapshot struct {
	// Fingerprint names the contents: equal contents read by the same schema
	// have equal fingerprints.
	Fingerprint string
	// Schema is the type of a profile, an Object, and Root its column.
	Schema *check.Type
	Root   *Struct
	// ID is the field that identifies a profile, nil when there is none: then a
	// profile is known by the number of its row.
	ID *check.Field
	// Mixtures tells of the fields of texts whose values were of several types. Nil for
	// nothing.
	Mixtures map[*check.Field]check.Mixture
	// EventsField is the field that xEvent stands for, nil when there is none.
	EventsField *check.Field
	// Cost is what is known of the events of a table whose events need not be resident: how
	// many the rows before some of them have, in the order of the rows, the last being all. It
	// decides the partitions; where it is nil, the offsets of EventsField do.
	Cost []CostPoint
}

// Rows is the number of profiles.
func (s *Snapshot) Rows() int { return s.Root.N }
