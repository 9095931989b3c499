// Package forget finds the id of a person in what is kept of data: in texts ([Mentions]), in records that are lines
// ([Search.JSON], [Search.Cells]), in columns ([Search.Column]), in queries ([Search.Query]) and in what was typed
// ([Search.Input]), and in commands and answers of the queue ([Search.Command], [Search.Answer]).
package forget

// Search is what is looked for: an id, and the field that has the ids of rows, "" for what it is usually called.
type Search struct {
	ID, Field string
	cells     cells
}

// Name says whether the name of something is that of the id, or has it in it.
func (s Search) Name(name string) bool { return s.inText(name) }
