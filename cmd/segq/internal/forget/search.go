// Package forget finds the id of a person in what is kept of data: in texts ([Mentions]), in records that are lines
// ([Search.JSON], [Search.Cells]), and in columns ([Search.Column]).
package forget

// Search is what is looked for: an id, and the field that has the ids of rows, "" for what it is usually called.
type Search struct{ ID, Field string }
