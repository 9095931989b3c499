package exec

// Class says how much of the processors a batch has beside those of other classes:
// eight parts, three, one, or only what all others leave. The zero value is Normal.
type Class uint8

// The classes.
const (
	Normal Class = iota
	Interactive
	Bulk
	// Idle is for what nobody has asked for: it has a turn only when no batch of another class
	// has one to take, and reports no progress. It loads nothing and keeps nothing from others:
	// where columns are not resident, or somebody else needs the memory in which they lie, the
	// batch ends with [ErrGaveWay].
	Idle
)
