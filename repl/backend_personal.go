package repl

// Personal is what a session needs to keep personal data off the screen. Answers, and what is said of fields, come without the
// values of personal fields: nothing in the session knows them, so that nothing shows, copies or keeps them.
type Personal interface {
	// ShowPersonal has what is asked from now on come with these values, or without.
	ShowPersonal(shown bool)
	// PersonalShown says whether it does. It answers at once.
	PersonalShown() bool
}
