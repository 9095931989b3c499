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
	// Lost returns an error when the columns are not what they were when they were loaded, as
	// those in a file that is mapped into memory and that somebody has cut short or written to;
	// nil when they are. fault is what reading them has panicked with, nil for nothing. Who
	// reads them lets a fault of memory be a panic ([runtime/debug.SetPanicOnFault]), and asks
	// before an answer is given. Lost is nil for columns that nobody else can change.
	Lost func(fault any) error
}

// Rows is the number of profiles.
func (s *Snapshot) Rows() int { return s.Root.N }
