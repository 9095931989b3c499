package repl

// Reading is what a session may say of how data is read.
type Reading interface {
	// ReadingFlags lists the flags that Reopen takes among its words; none where the data is elsewhere. It is asked while the
	// screen waits.
	ReadingFlags() []ReadingFlag
}

// ReadingFlag is a flag that says how data is read.
type ReadingFlag struct {
	// Name is the flag as it is written: --type.
	Name string
	// Value says what its value is, FIELD=TYPE; "" where it takes none.
	Value string
	// Doc is a line about it.
	Doc string
	// Words are what can be its value, or what stands behind the = in that; nil for any.
	Words []string
}
