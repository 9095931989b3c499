package exec

// Class says how much of the processors a batch has beside those of other classes:
// eight parts, three or one. The zero value is Normal.
type Class uint8

// The classes.
const (
	Normal Class = iota
	Interactive
	Bulk
)
