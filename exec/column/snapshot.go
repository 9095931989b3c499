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
	// Partial says that some columns are [Unloaded], or that the [Table] has to know who reads
	// them: then columns are read between its Load and the release of what that gives.
	Partial bool
	// Epoch counts how often columns of its [Table] were replaced or evicted. What was
	// made of the columns of a snapshot is good for those of another of the same epoch.
	Epoch int
	// Part counts the parts of rows that a [Table] has one after another, where only a part is
	// resident at a time. What was made of the columns of a part is good for that one alone;
	// dictionaries are the same for as long as the epoch is.
	Part int
	// Cost is what is known of the events of a table whose events need not be resident: how
	// many the rows before some of them have, in the order of the rows, the last being all. It
	// decides the partitions; where it is nil, the offsets of EventsField do.
	Cost []CostPoint
	// Lost returns an error when the columns are not what they were when they were loaded, as
	// those in a file that is mapped into memory and that somebody has cut short or written to;
	// nil when they are. fault is what reading them has panicked with, nil for nothing. Who
	// reads them lets a fault of memory be a panic ([runtime/debug.SetPanicOnFault]), and asks
	// before an answer is given. Lost is nil for columns that nobody else can change.
	Lost func(fault any) error
}

// Rows is the number of profiles.
func (s *Snapshot) Rows() int { return s.Root.N }

// Covers says whether all that is read is resident.
func (s *Snapshot) Covers(r *check.Reads) bool { return !s.Partial || covers(s.Root, s.Schema, r) }

func covers(c Column, t *check.Type, r *check.Reads) bool {
	switch c := c.(type) {
	case *Unloaded:
		return false
	case *Struct:
		for i, f := range t.Fields {
			below := r.Fields[f.Name]
			if r.All {
				below = r
			}
			if below != nil && !covers(c.Fields[i], f.Type, below) {
				return false
			}
		}
	case *List:
		return coversElem(c.Elem, t, r)
	case *Map:
		return coversElem(c.Values, t, r)
	}
	return true
}

func coversElem(c Column, t *check.Type, r *check.Reads) bool {
	if r.All {
		return covers(c, t.Elem, r)
	}
	return r.Elem == nil || covers(c, t.Elem, r.Elem)
}
