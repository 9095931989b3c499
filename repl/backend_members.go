package repl

// Gathering says whether this session can have the ids of profiles kept, and compared.
type Gathering interface {
	// Gathers says why there can be no members, nil where there can; Opens says the same of other data that is compared. They
	// answer at once.
	Gathers() error
	Opens() error
}
