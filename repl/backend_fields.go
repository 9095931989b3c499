package repl

import "context"

// Fields is what a backend says of the values of fields.
type Fields interface {
	// Survey says what is in memory by now of the fields with these paths, in their order: nothing is loaded for it. Where
	// the data is elsewhere, those who have it are asked.
	Survey(ctx context.Context, paths []string) ([]Survey, error)
}

// Survey is what is known of the values of a field.
type Survey struct {
	// Loaded says that its column is in memory: of others no more is known than the schema says.
	Loaded bool
	// Of Places so many are Filled: of the profiles, or of the elements of the list that it is in. Distinct is how many different
	// values there are, below zero where that is not known.
	Places, Filled, Distinct int
	// Top are the most frequent of texts; Masked says that they are not for the screen.
	Top    []string
	Masked bool
}
