package check

// Catalog is what the checker knows of a dataset. It must answer in time that
// does not grow with the number of columns.
type Catalog interface {
	// Profile is the type of a profile: an Object.
	Profile() *Type
	// Events is the name of the profile field that xEvent refers to, or "".
	Events() string
	// Segment returns the definition of a saved segment by id or name.
	Segment(id string) (*Query, bool)
	// Segments lists the ids and names that Segment knows, for suggestions.
	Segments() []string
}
